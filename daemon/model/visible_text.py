"""Text from a document, made fit to be shown: nothing in it can hide, reorder or overprint what stands around it."""

from __future__ import annotations

import unicodedata

from daemon.model.remembered import remembered

# Unicode 15, DerivedCoreProperties: Default_Ignorable_Code_Point outside of category Cf, and blanks that look like nothing.
_INVISIBLE = frozenset(
    [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)]
)
# UAX #9, "explicit formatting characters" and the implicit marks: these reorder what follows them.
_BIDI = frozenset([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
# Vietnamese, Hebrew and Thai stack at most three; more only serves to draw over the neighbouring lines.
_MAX_MARKS = 4


def visible_text(untrusted_text: str) -> str:
    """The text as it may be shown on a page, in Word or in a terminal.

    Line breaks and tabs become spaces; bidi controls are shown as `⟨U+202E⟩`; other control, invisible, private and
    unassigned characters are left out; at most four combining marks stay on one letter. Everything that is left is
    legal in XML 1.0 (section 2.2). Applying it twice changes nothing more.
    """
    if untrusted_text.isascii() and untrusted_text.isprintable():
        return untrusted_text  # nearly all there is
    shown: list[str] = []
    marks = 0
    for char in untrusted_text:
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks <= _MAX_MARKS:
            shown.append(_visible(char))
    return "".join(shown)


def plain_name(untrusted_text: str) -> str:
    """The same for a name: bidi controls are left out instead of shown, and each run of white space is one space."""
    return " ".join(visible_text("".join(char for char in untrusted_text if ord(char) not in _BIDI)).split())


@remembered(4096)
def _visible(char: str) -> str:
    if ord(char) in _BIDI:
        return f"⟨U+{ord(char):04X}⟩"
    category = unicodedata.category(char)
    if category in {"Zs", "Zl", "Zp"} or char in "\t\n\v\f\r\x85":
        return " "
    return "" if ord(char) in _INVISIBLE or category[0] == "C" or 0xE0100 <= ord(char) <= 0xE01EF else char
