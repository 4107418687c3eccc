"""What was said and then taken back."""
