"""Arguments of the command line, without the library by which Typer checks them: loading it takes a tenth of a second.

Typer (0.29) builds a validator of pydantic for each argument, even for one that is not given. What is not given, and a path on
which Typer would check no more than that it may be read, is dealt with here; whatever else is given goes Typer's way.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

_Parameter = TyperArgument | TyperOption


class QuickCommand(TyperCommand):
    """A command whose arguments are read quickly."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters and that of `--help`."""
        return _quickened(super().get_params(ctx))


class QuickGroup(TyperGroup):
    """The same for the options before a command."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Its parameters and that of `--help`."""
        return _quickened(super().get_params(ctx))


def _quickened(parameters: Iterable[Any]) -> list[Any]:
    found = list(parameters)
    for one in found:
        if isinstance(one, _Parameter) and one.nargs == 1 and not one.multiple and "process_value" not in vars(one):
            vars(one)["process_value"] = _quick(one, one.process_value)
    return found


def _quick(parameter: _Parameter, slow: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """How one parameter makes of what was given what the command gets."""
    plain = _is_plain_path(parameter)

    def process(context: Any, value: Any) -> Any:
        if value is None and not parameter.required:
            return None if parameter.callback is None else parameter.callback(context, parameter, None)
        return Path(value) if plain and isinstance(value, str) and _may_be_read(value) else slow(context, value)

    return process


def _is_plain_path(parameter: _Parameter) -> bool:
    """Whether it is one path of which nothing has to be checked but that it may be read."""
    told = parameter.type_descriptor
    info = told.parameter_info
    checks = (info.exists, info.resolve_path, info.allow_dash, info.writable, info.parser, info.path_type)
    return (
        told.annotation is Path and info.file_okay and info.dir_okay and not any(checks) and parameter.callback is None
    )


def _may_be_read(path: str) -> bool:
    """Whether it can be read, or is not there, which a command says in its own words."""
    return os.access(path, os.R_OK) or not os.access(path, os.F_OK)
