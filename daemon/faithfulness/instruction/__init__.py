"""Text that speaks to the software."""
