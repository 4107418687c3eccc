"""A draft as one self-contained page: to check line by line in a browser, and to print."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from daemon.adapters.rendering import draft_words as words
from daemon.adapters.rendering.draft_blocks import handout_groups, has_own_title, is_filled_handout, labelled, reference
from daemon.adapters.rendering.draft_pieces import is_gap
from daemon.adapters.rendering.draft_view import (
    ENCLOSURE_KEYS,
    HEADED,
    IDENTITY_KEYS,
    RECIPIENT_KEYS,
    SUBJECT_KEYS,
    Label,
    draft_view,
)
from daemon.adapters.rendering.summary_room import column_letters, fitting_type, parted, split_columns
from daemon.model.draft import UNREVIEWED, Draft
from daemon.model.letterhead import Letterhead
from daemon.model.visible_text import visible_text

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
# What the forms' templates call: the same rules as Word's.
_HELPERS: Mapping[str, object] = {
    "keys": {
        "recipient": RECIPIENT_KEYS, "identity": IDENTITY_KEYS, "subject": SUBJECT_KEYS, "enclosures": ENCLOSURE_KEYS,
    },
    "headed": HEADED,
    "reference": reference,
    "labelled": labelled,
    "handout_groups": handout_groups,
    "is_filled_handout": is_filled_handout,
    "has_own_title": has_own_title,
    "parted": parted,
    "is_gap": is_gap,
    "split_columns": split_columns,
    "fitting_type": fitting_type,
    "column_letters": column_letters,
    "unsure_of": words.unsure_of,
    "unsure_words": words.UNSURE_WORDS,
    "ticks": words.TICKS,
    "nothing_found": words.NOTHING_FOUND,
    "hint": words.HINT,
}  # fmt: skip


def draft_html(draft: Draft, label: Label, letterhead: Letterhead | None = None) -> bytes:
    """The page, UTF-8. It has no script and loads nothing; its policy allows the one style sheet inside it, by hash.

    Every value passes through `visible_text` and is then escaped: text from a document cannot become markup, nor hide
    or reorder the mark. The same draft and label give the same bytes.
    """
    view = draft_view(draft, label, letterhead)
    return render_page("draft.html.j2", view=view, mark=UNREVIEWED, **_HELPERS)


def render_page(template: str, sheet: str = "page.css", /, **values: object) -> bytes:
    """Fill one of the templates, with one of the style sheets; they share an escaping and a content policy."""
    style, style_hash = _inlined(sheet)
    text = _environment().get_template(template).render(style=style, style_hash=style_hash, **values)
    return text.encode()


def page_script(name: str) -> Mapping[str, object]:
    """One of our scripts for a template that takes one: `script`, and `script_hash` for its policy."""
    script, script_hash = _inlined(name)
    return {"script": script, "script_hash": script_hash}


@lru_cache(maxsize=1)
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _finalize(value: object) -> object:
    """Runs on every expression of every template, so no author of one can forget it. Markup (our macros) passes."""
    from markupsafe import Markup

    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return visible_text(value)


@lru_cache(maxsize=3)
def _inlined(file: str) -> tuple[object, str]:
    """A style sheet or script as it stands between its tags, and its hash for the policy (CSP Level 3, 2.3.1)."""
    from markupsafe import Markup

    text = (_TEMPLATES / file).read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return Markup(text), f"sha256-{digest}"  # noqa: S704 -- the package's own file, not data
