"""The report of a bench as one self-contained page: no script, nothing loaded. For the screen, in light and dark, and for print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from daemon.benching.advice import FITS, gigabytes
from daemon.benching.charts import WIDTH, charts
from daemon.benching.compare import changes
from daemon.benching.table import machine_line, rows
from daemon.model.visible_text import visible_text

_TEMPLATES = Path(__file__).parent / "templates"


def as_page(data: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> bytes:
    """The page, UTF-8. `data` is a bench's JSON document, `before` an earlier one to compare it with."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: visible_text(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_TEMPLATES / "bench.css").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    text = environment.get_template("bench.html.j2").render(
        data=data,
        before=before,
        changes=changes(before, data) if before else [],
        charts=charts(data),
        width=WIDTH,
        rows=rows(data),
        machine=machine_line(data),
        gigabytes=gigabytes,
        fits=FITS,
        style=Markup(style),  # noqa: S704 -- the package's own file, not data
        style_hash=f"sha256-{digest}",
    )
    return text.encode()
