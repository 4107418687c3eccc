"""What a text affirms, denies or doubts, and how that is compared."""
