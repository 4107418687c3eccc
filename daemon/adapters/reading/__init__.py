"""Reading sources in a child process, and texts in this one; nothing that comes back is believed unchecked."""
