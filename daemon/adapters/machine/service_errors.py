"""What the system itself said when it refused, for the person at the terminal: it knows no patients."""

from __future__ import annotations

from daemon.model.errors import PermanentError


class ServiceError(PermanentError):
    """The service could not be installed, started or removed; `details` are lines for the person at the terminal."""

    def __init__(self, code: str, *details: str) -> None:
        super().__init__(code)
        self.details = details

    def __str__(self) -> str:
        return "\n  ".join([super().__str__(), *self.details])
