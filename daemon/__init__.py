"""Chartdraft: drafts for a clinician's review, made on one machine from voice memos and scanned forms."""

__version__ = "0.1.0"
