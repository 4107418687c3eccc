"""The outbox as a folder: drafts, notes and the status page, published whole and once."""
