"""The one place where the child that reads hostile files is shut in: no network, no keys, nothing to write to.

This package's modules `enter`, `landlock`, `system_calls` and `witness` run in processes of their own: they import no other
part of the product, so that they start at once.
"""
