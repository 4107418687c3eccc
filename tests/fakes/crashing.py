"""A process that dies at a certain call: wrapped around ports, all of which share one count."""

from __future__ import annotations

from typing import Any


class Died(BaseException):
    """Not an error that anything may catch: the process is gone."""


class Fuse:
    """Burns down with each call through `wrap`; the last one dies, before it does anything or right after."""

    def __init__(self, calls: int, *, after: bool) -> None:
        self.left, self._after = calls, after

    def wrap(self, port: Any) -> Any:
        """The same port, on this fuse."""
        return _Fused(port, self)

    def call(self, method: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self.left -= 1
        if self.left == 0 and not self._after:
            raise Died
        result = method(*args, **kwargs)
        if self.left == 0:
            raise Died
        return result


class _Fused:
    def __init__(self, port: Any, fuse: Fuse) -> None:
        self._port, self._fuse = port, fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        return (lambda *args, **kwargs: self._fuse.call(method, args, kwargs)) if callable(method) else method


class Refusing:
    """A port one of whose methods raises, as long as `error` is set."""

    def __init__(self, port: Any, method: str, error: BaseException | None) -> None:
        self._port, self._method, self.error = port, method, error

    def __getattr__(self, name: str) -> Any:
        if name == self._method and self.error is not None:
            return self._raise
        return getattr(self._port, name)

    def _raise(self, *_: Any, **__: Any) -> Any:
        if self.error is not None:
            raise self.error
