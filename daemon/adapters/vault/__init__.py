"""The vault as a folder of age files: what is sealed to which key, and how that key ends or is changed."""
