"""What can be drafted: one TOML file per document, and what code knows of printed forms and of dictation."""
