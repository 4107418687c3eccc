"""What the installed models cost on this machine: `chartdraft bench`. Nothing of a home is touched, and nothing is sent."""
