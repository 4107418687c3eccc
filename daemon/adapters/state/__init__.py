"""The SQLite files and small records of the state folder: ids, states and codes."""
