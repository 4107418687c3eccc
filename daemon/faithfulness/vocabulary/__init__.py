"""Words of medicine that mean the same, and how much they matter: terms, diagnoses, orders."""
