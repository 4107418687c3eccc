"""The inbox as a folder: what lies there, what is settled, what is nobody's."""
