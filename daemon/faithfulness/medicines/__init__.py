"""Drugs in a text: their names, doses, what is done with them, what they sound like, and what is not tolerated."""
