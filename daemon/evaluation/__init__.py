"""How well the rules do, measured on public data: corpora, injected errors, figures, tables and plots."""
