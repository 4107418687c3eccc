"""Where what was said contradicts itself."""
