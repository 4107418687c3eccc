"""One draft held beside what a person wrote of the same conversation: numbers alone, no word of either."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from daemon.evaluation.draft_content import Content, content_of
from daemon.evaluation.draft_rows import DraftCorpus, GoldRow, document_for, part_of, written_sections
from daemon.evaluation.rouge import rouge
from daemon.faithfulness.rates import rates
from daemon.faithfulness.reading.transcript import read_transcript
from daemon.faithfulness.texts import Texts
from daemon.model.document import Document
from daemon.model.draft import Draft, Section, Statement
from daemon.model.errors import ChartdraftError
from daemon.model.passage import Reading
from daemon.ports import Drafter

Numbers = dict[str, Any]
"""What was measured of one row: counts, shares and codes, ready for JSON."""
Kind = Literal["model", "rules", "baseline", "bound"]


class Peak(Protocol):
    """The most memory that children took so far; 0 without any."""

    peak_bytes: int


class Way(Protocol):
    """The way of every draft, from text to a draft with findings."""

    def watched(self) -> AbstractContextManager[Peak]:
        """Inside of it the memory of children is watched."""

    def read(self, dialogue: str) -> Reading:
        """The passages of a text, as the reader of texts makes them."""

    def draft(self, document: Document, reading: Reading, drafter: Drafter) -> Draft:
        """Drafted and verified."""


def _nothing() -> None:
    """There is nothing to let go."""


@dataclass(frozen=True, slots=True)
class Entrant:
    """One way of drafting that is measured.

    `drafter` may look at the row and its corpus: a bound knows what a person wrote. `placed`: it puts what it drafts into sections, so
    that these can be compared. `copies`: its text is the dialogue as it stands, whatever its passages are. `default`: what
    `drafter = "auto"` takes. `close` lets a model go when its turn is over.
    """

    name: str
    manner: str
    kind: Kind
    drafter: Callable[[GoldRow, DraftCorpus], Drafter]
    placed: bool = True
    copies: bool = False
    default: bool = False
    model_sha256: str = ""
    adapter_sha256: str = ""
    size_bytes: int = 0
    close: Callable[[], None] = _nothing

    @property
    def key(self) -> str:
        """What it is known by among the rows that were kept."""
        return "|".join((self.name, self.manner, self.model_sha256, self.adapter_sha256))


@dataclass(frozen=True, slots=True)
class Measurement:
    """A row's numbers, and the draft they are of: None where there was none."""

    numbers: Numbers
    draft: Draft | None = field(default=None)


def measure_row(entrant: Entrant, row: GoldRow, corpus: DraftCorpus, way: Way, soap: Document) -> Measurement:
    """Draft a row and measure the draft. An error is a failure of the row, told by its code: nothing was drafted."""
    document, begun = document_for(row, soap), time.perf_counter()
    try:
        reading = way.read(row.dialogue)
        drafter = entrant.drafter(row, corpus)
        begun = time.perf_counter()
        with way.watched() as peak:
            draft = way.draft(document, reading, drafter)
    except ChartdraftError as error:
        seconds = time.perf_counter() - begun
        nothing = _of_texts(row, [], "", _parts(row, []) if entrant.placed else {})
        failed: Numbers = {
            "omissions": None,
            "failures": 1,
            "error": error.code,
            "seconds": seconds,
            "usage": {},
            "peak": None,
        }
        return Measurement(nothing | failed)
    seconds = time.perf_counter() - begun
    known = {passage.id for passage in reading.passages}
    sections = [
        section for section in draft.sections if section.key in {spec.key for spec in written_sections(document)}
    ]
    usage = {name: value for name, value in getattr(drafter, "last_usage", {}).items() if isinstance(value, int)}
    numbers = _of_texts(
        row, sections, row.dialogue if entrant.copies else "", _parts(row, sections) if entrant.placed else {}
    )
    numbers |= {
        "omissions": len(draft.omissions),
        "failures": _failures(sections, document, known),
        "error": "",
        "seconds": round(seconds, 4),
        "usage": usage,
        "peak": peak.peak_bytes or None,
    }
    return Measurement(numbers, draft)


def _of_texts(row: GoldRow, sections: Sequence[Section], instead: str, parts: Mapping[str, str]) -> Numbers:
    text = instead if sections and instead else text_of(sections)
    mine, gold, source = content_of(text, apart=text is not instead), content_of(row.gold), content_of(row.dialogue)
    statements = [one for section in sections for one in section.statements]
    high = [any(finding.severity == "high" for finding in one.findings) for one in statements]
    written = [one.manner == "written" for one in statements]
    doubts = rates(Texts(_titled(sections)), read_transcript(row.dialogue))
    return {
        "row": row.id,
        "rouge": _rounded(rouge(row.gold, text)),
        "rouge_unstemmed": _rounded(rouge(row.gold, text, stemmed=False, by_lines=False)[:3]),
        "words": len(text.split()),
        "gold_words": len(row.gold.split()),
        "statements": len(statements),
        "written": sum(written),
        "high": sum(high),
        "any": sum(bool(one.findings) for one in statements),
        "high_written": sum(a and b for a, b in zip(high, written, strict=True)),
        "in_gold": mine.held_in(gold),
        "of_gold": gold.held_in(mine),
        "in_source": _in_source(statements, source) if text is not instead else mine.held_in(source),
        "unsupported_terms": round(doubts.unsupported, 4),
        "omitted": round(doubts.omitted, 4),
        "parts": {name: _part(gold_text, parts.get(name)) for name, gold_text in row.parts.items()} if parts else {},
    }


def _in_source(statements: Sequence[Statement], source: Content) -> dict[str, tuple[int, int]]:
    """Of each kind: how many stand in the source, of how many. What is quoted is the source's own words, and stands there."""
    written, quoted = (
        content_of("\n".join(one.text for one in statements if (one.manner == "written") == is_written), apart=True)
        for is_written in (True, False)
    )
    held = written.held_in(source)
    own = quoted.held_in(quoted)
    return {kind: (held[kind][0] + own[kind][1], held[kind][1] + own[kind][1]) for kind in held}


def text_of(sections: Sequence[Section]) -> str:
    """What the sections say, a statement a line, without their headings."""
    return "\n".join(one.text for section in sections for one in section.statements)


def _titled(sections: Sequence[Section]) -> dict[str, str]:
    """Each statement after its heading: under "Allergies", "Penicillin" says more than a drug's name."""
    lines = (f"{section.title}: {one.text}" for section in sections for one in section.statements)
    return {f"s{number}": line for number, line in enumerate(lines, 1)}


def _parts(row: GoldRow, sections: Sequence[Section]) -> dict[str, str]:
    found = dict.fromkeys(row.parts, "")
    for section in sections:
        if (part := part_of(row, section.key)) in found:
            found[part] = f"{found[part]}\n{text_of([section])}".strip()
    return found


def _part(gold: str, draft: str | None) -> Numbers:
    text = draft or ""
    found = _rounded(rouge(gold, text, by_lines=False)[:3]) if gold and text else [0.0] * 3
    return {"rouge": found, "gold": bool(gold), "draft": bool(text)}


def _failures(sections: Sequence[Section], document: Document, known: set[str]) -> int:
    """Statements without words, or that cite nothing or what does not exist; and sections that are not there."""
    wrong = sum(
        not one.text.strip() or not one.evidence or not known.issuperset(one.evidence)
        for section in sections
        for one in section.statements
    )
    return wrong + (len(sections) != len(list(written_sections(document))))


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 6) for value in values]
