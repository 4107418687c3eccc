"""A draft as pages: Word and HTML."""
