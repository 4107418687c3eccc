"""What was dictated, as it was meant: spoken punctuation and commands, spelled names, numbers, dates. What was heard is kept beside it."""

from daemon.dictation.spoken_form import spoken_form

__all__ = ["spoken_form"]
