"""A document's own headings, as they are said: "Reason for referral, chest pain", "Subject colon …", "Question."

A pure rule beside `spoken_headings`, which knows the headings of every note. A section's title and its `headings` begin it for
its document alone. Inside a passage a heading counts only behind a mark, and a single word behind a comma never does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from daemon.adapters.drafting.spoken_headings import LEAD_IN, heading_names
from daemon.model.document import Document

_END = r"(?:\s*(?:[:.;,]|\s[–—-]\s|\b(?:colon|period|comma|new line)\b)+\s*|\s*$)+"
_JOINT = re.compile(r"[,.;:]\s+")
_GOES_ON = re.compile(r"(?:and|or|is|was|are|were|will|of|about)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a passage, verbatim and without its heading. `section`: that of the heading before it, "" without one."""

    text: str
    section: str = ""


class DocumentHeadings:
    """The headings of one document. Those that the section classifier understands are left to it."""

    def __init__(self, document: Document) -> None:
        known = set(heading_names())
        self._sections: dict[str, str] = {}
        for spec in document.sections:
            for name in () if spec.computed else (spec.title.lower(), *spec.headings):
                if name not in known or not spec.labels:
                    self._sections.setdefault(" ".join(name.split()), spec.key)
        names = sorted(self._sections, key=len, reverse=True)
        spelled = "|".join(re.escape(name).replace(r"\ ", r"[\s-]+") for name in names)
        self._pattern = re.compile(rf"{LEAD_IN}(?P<name>{spelled})(?P<after>{_END})", re.IGNORECASE) if names else None

    def parts(self, text: str) -> list[Part]:
        """The text cut at its headings; a heading that says nothing more is a part without text."""
        plain = " ".join(text.split())
        cuts = list(self._cuts(plain))
        if not cuts:
            return [Part(plain)]
        before = plain[: cuts[0][0]].rstrip(" ,;:–—-")
        parts = [Part(before)] if before else []
        for number, (_, end, section) in enumerate(cuts):
            last = number + 1 == len(cuts)
            stop = len(plain) if last else cuts[number + 1][0]
            body = plain[end:stop]
            parts.append(Part(body if last else body.rstrip(" ,;:–—-"), section))
        return parts

    def _cuts(self, text: str) -> list[tuple[int, int, str]]:
        """Where each heading begins and ends, and its section, from left to right."""
        if self._pattern is None:
            return []
        found: list[tuple[int, int, str]] = []
        for start in [0, *(joint.end() for joint in _JOINT.finditer(text))]:
            heading = self._pattern.match(text, start)
            if heading is None or (found and start < found[-1][1]) or not _counts(text, start, heading):
                continue
            name = re.sub(r"[\s-]+", " ", heading["name"].lower())
            section = self._sections.get(name) or self._sections.get(" ".join(heading["name"].lower().split()))
            if section is not None:
                found.append((start, heading.end(), section))
        return found


def _counts(text: str, start: int, heading: re.Match[str]) -> bool:
    if not start:
        return True
    strong = ":" in heading["after"] or "colon" in heading["after"].lower()
    after_comma = text[:start].rstrip()[-1] == ","
    one_word = len(heading["name"].split()) == 1
    follows = text[heading.end() :]
    return bool(follows) and (strong or not (after_comma and one_word)) and _GOES_ON.match(follows) is None
