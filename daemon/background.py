"""Chartdraft as a background service of the machine: installed, removed, asked how it is."""
