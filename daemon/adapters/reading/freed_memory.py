"""Memory that a child frees is overwritten at once: what one patient's draft was made of is not left for the next."""

from __future__ import annotations

from typing import Final

OVERWRITE_WHAT_IS_FREED: Final = {
    # Python's own allocator keeps what is freed, as it was; the system's can be told to overwrite it.
    "PYTHONMALLOC": "malloc",
    # Linux: https://sourceware.org/glibc/manual/latest/html_node/Memory-Allocation-Tunables.html. Blocks in a thread's cache
    # would never be overwritten (`_int_free` of glibc 2.36), so there is no such cache.
    "GLIBC_TUNABLES": "glibc.malloc.perturb=85:glibc.malloc.tcache_count=0",
    # macOS: malloc(3). Each system ignores what the other knows.
    "MallocScribble": "1",
}
"""Variables for the environment of a child that works for one patient after another."""
