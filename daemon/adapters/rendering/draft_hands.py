"""What was written by hand or could not be read, as it is shown: words that send a person to the page, and a picture of the place."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Final

from daemon.model.passage import Passage

HANDWRITTEN: Final = "handwritten, read it yourself"
NOT_READ: Final = "not readable, look at it yourself"
PNG: Final = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, slots=True)
class HandView:
    """`words` say what to do; `picture` is a PNG, empty where there is none, and `alt` what stands in its place."""

    words: str
    picture: bytes
    alt: str

    @property
    def sign(self) -> str:
        """The words in short, where room is dear: "handwritten"."""
        return self.words.partition(",")[0]

    @property
    def source(self) -> str:
        """The picture as an address that holds it whole (RFC 2397); nothing is loaded from anywhere."""
        return f"data:image/png;base64,{base64.b64encode(self.picture).decode()}"


def hand_view(passage: Passage, place: str) -> HandView | None:
    """How it is shown; None for what was printed and read."""
    if not passage.hand and not passage.cutout:
        return None
    return HandView(
        HANDWRITTEN if passage.hand else NOT_READ, _picture(passage.cutout), f"The place, cut out of {place}"
    )


def _picture(cutout: str) -> bytes:
    """Only what is a PNG by its first bytes: a draft may have been sealed by a version that checked less."""
    try:
        data = base64.b64decode(cutout, validate=True)
    except binascii.Error:
        return b""
    return data if data.startswith(PNG) else b""
