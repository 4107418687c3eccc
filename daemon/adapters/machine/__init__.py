"""What belongs to the machine: its services, its notices, its sleep, its commands. Thin, and each call exact."""
