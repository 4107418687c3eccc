"""The parts of the running daemon: what it claims, whom it tells, what it looks after; `daemon/service.py` is its loop."""
