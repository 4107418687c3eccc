"""Quantities in a text: numbers said or written, units, dates, how often, and what they are said of."""
