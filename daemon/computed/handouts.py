"""A practice's handout, its slots filled from the memo; outside of the slots its words stay as they are.

How a filled handout is carried: one section whose columns are `HANDOUT_COLUMNS`, and whose statements are its blocks in order.
1. `cells[0]` is the kind of block: "title", "heading", "subheading", "paragraph", "bullet", "numbered" (its number is in the text),
   or "run": it goes on in the block of the statement before it, on the same line.
2. `cells[1:]` is the text in runs, by turns plain and bold, beginning with a plain one, which may be empty; `text` is all of them joined.
3. Manner "printed", without evidence: the handout's own words, also those that it prints where nothing was said. "quoted" or
   "written", with evidence: what fills a slot.

A slot is filled by the section of its name that `feeds` the handout. What a model wrote and names a diagnosis that the source
does not name is left out. What goes into no slot is not lost: `unplaced` lists it for the office.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from daemon.computed.handout_choice import choose
from daemon.computed.material import Computed, Material
from daemon.documents.cues import find_cue
from daemon.documents.handout_text import Block, Slot, Words, blocks
from daemon.faithfulness.readability import readability
from daemon.faithfulness.vocabulary.diagnoses import (
    Diagnosis,
    Named,
    find_diagnoses,
    is_named,
    named_in,
    unnamed_diagnoses,
)
from daemon.model.document import SectionSpec
from daemon.model.draft import Statement
from daemon.model.finding import Caution
from daemon.model.handout import HANDOUT_COLUMNS, Handout

NOTHING_SAID = "Ask us about this."
HARDEST_GRADE = 8.0
"""Above it a handout is marked: patients are to be written to at a sixth to eighth grade's level (AMA and NIH guidance)."""
LONGEST_OPENING_WORDS = 15
FIRST_PASSAGES = 4  # "Okay." "This is Dr. Chen." "Handout for the patient, Lily Park."
_SHOWN_SENTENCES = 2
_HEADINGS = frozenset({"title", "heading", "subheading"})

Fills = Mapping[str, tuple[Statement, ...]]


@dataclass(frozen=True, slots=True)
class Sorted:
    """What was drafted for a handout, sorted: what fills each slot, what goes into none, and what is left out and why."""

    fills: Fills
    rest: tuple[Statement, ...]
    cautions: tuple[Caution, ...]


def handout(material: Material, spec: SectionSpec) -> Computed:
    """The filled handout, block by block, with its reading level. Nothing at all without a handout to fill."""
    choice = choose(material.handouts, material.passages)
    drafted = sort_drafted(material, spec.key, choice.handout)
    if choice.handout is None:
        missing = Caution(
            "handout-none", "medium", "There is no handout to fill: what was said is listed for the office."
        )
        return Computed(cautions=(*choice.cautions, missing, *drafted.cautions))
    filled = tuple(fill(choice.handout, drafted.fills))
    level, hard = _reading_level(filled)
    return Computed(
        filled,
        HANDOUT_COLUMNS,
        (*choice.cautions, *drafted.cautions, *_empty_slots(material, choice.handout, drafted.fills), *hard),
        (("Handout", choice.handout.title), *level),
    )


def unplaced(material: Material, spec: SectionSpec) -> Computed:
    """What was said and stands in no slot of the handout, in the order of the sources."""
    chosen = choose(material.handouts, material.passages).handout
    key = next((each.key for each in material.document.sections if each.computed == "handout"), "")
    order = {passage.id: number for number, passage in enumerate(material.passages)}
    rest = sort_drafted(material, key, chosen).rest
    return Computed(
        tuple(sorted(rest, key=lambda each: min((order.get(name, 0) for name in each.evidence), default=0)))
    )


def sort_drafted(material: Material, key: str, chosen: Handout | None) -> Sorted:
    """Sort what was drafted in the sections that feed the section `key`, for the slots of the chosen handout."""
    fed = [spec.key for spec in material.document.sections if spec.feeds == key]
    slots = {slot.name for block in blocks(chosen.text) for slot in block.slots} if chosen is not None else set()
    named = named_in(passage.text for passage in material.passages)
    fills: dict[str, tuple[Statement, ...]] = {}
    rest: list[Statement] = []
    cautions: list[Caution] = []
    for section in fed:
        kept: list[Statement] = []
        for statement in material.written.get(section, ()):
            unnamed = unnamed_diagnoses(statement.text, named) if statement.manner == "written" else ()
            if unnamed:
                cautions.append(_left_out(statement, unnamed))
            elif section not in slots or _is_opening(material, statement):
                rest.append(statement)
            else:
                kept.append(statement)
                cautions += _in_doubt(statement, named)
        fills[section] = tuple(kept)
    return Sorted(fills, tuple(rest), tuple(cautions))


def fill(chosen: Handout, fills: Fills) -> Iterator[Statement]:
    """The statements of a handout, its slots filled."""
    for block in blocks(chosen.text):
        alone = len(block.parts) == 1 and isinstance(block.parts[0], Slot) and block.kind not in _HEADINGS
        yield from _filled_list(block, block.slots[0], fills) if alone else _filled_line(block, fills)


def _filled_list(block: Block, slot: Slot, fills: Fills) -> Iterator[Statement]:
    """A slot that has a block to itself becomes a list, an item for each thing said."""
    said = fills.get(slot.name, ())
    for statement in said:
        yield replace(statement, cells=_cells("bullet", statement.text, bold=slot.bold))
    if not said and _default(slot):
        yield _printed(block.kind, Words(_default(slot), slot.bold))


def _filled_line(block: Block, fills: Fills) -> Iterator[Statement]:
    """A block of words, perhaps with slots in its midst: printed and filled by turns."""
    kind: str = block.kind
    own: list[Words] = []
    for part in block.parts:
        if isinstance(part, Words):
            own.append(part)
            continue
        said = fills.get(part.name, ())
        if not said:
            own.append(Words(_default(part), part.bold))
            continue
        if own:
            yield _printed(kind, *own)
            kind, own = "run", []
        for number, statement in enumerate(said):
            text = f" {statement.text}" if number else statement.text
            yield replace(statement, text=text, cells=_cells(kind, text, bold=part.bold))
            kind = "run"
    if any(words.text for words in own):
        yield _printed(kind, *own)


def _default(slot: Slot) -> str:
    return NOTHING_SAID if slot.default is None else slot.default


def _printed(kind: str, *words: Words) -> Statement:
    runs = [""]
    for each in words:
        if each.bold == (len(runs) % 2 == 0):
            runs[-1] += each.text
        else:
            runs.append(each.text)
    return Statement("".join(runs), (), "printed", cells=(kind, *runs))


def _cells(kind: str, text: str, *, bold: bool) -> tuple[str, ...]:
    return (kind, "", text) if bold else (kind, text)


def _is_opening(material: Material, statement: Statement) -> bool:
    """Whether a statement only says what the memo is to become: "Patient education handout for Mrs. Alvarez." """
    first = {passage.id for passage in material.passages[:FIRST_PASSAGES]}
    short = len(statement.text.split()) <= LONGEST_OPENING_WORDS and not any(map(str.isdigit, statement.text))
    cued = find_cue([cue.lower() for cue in material.document.spoken_cues], statement.text) is not None
    return short and cued and not first.isdisjoint(statement.evidence)


def _left_out(statement: Statement, unnamed: tuple[Diagnosis, ...]) -> Caution:
    listed = ", ".join(dict.fromkeys(f"“{each.text}”" for each in unnamed))
    text = f"A sentence was left out of the handout: the model wrote {listed}, and the source does not say that the patient has it."
    return Caution("diagnosis-unnamed", "high", text, statement.evidence)


def _in_doubt(statement: Statement, named: Named) -> Iterator[Caution]:
    """Dictated words that only doubt or look for a diagnosis ("to rule out pneumonia") may frighten who reads them at home."""
    found = [each for each in find_diagnoses(statement.text) if each.status == "uncertain"]
    if open_ones := list(
        dict.fromkeys(f"“{each.text}”" for each in found if not is_named(each.concept, named.affirmed))
    ):
        text = f"The handout speaks of {', '.join(open_ones)}, which the source leaves open: “{statement.text}”"
        yield Caution("diagnosis-in-doubt", "medium", text, statement.evidence)


def _empty_slots(material: Material, chosen: Handout, fills: Fills) -> Iterator[Caution]:
    titles = {spec.key: spec.title for spec in material.document.sections}
    slots = [slot.name for block in blocks(chosen.text) for slot in block.slots]
    empty = [titles.get(name, name) for name in dict.fromkeys(slots) if not fills.get(name)]
    if empty:
        text = f"Nothing was said for: {', '.join(empty)}. The handout prints its own words there."
        yield Caution("handout-slot-empty", "low", text)


def _reading_level(filled: tuple[Statement, ...]) -> tuple[tuple[tuple[str, str], ...], tuple[Caution, ...]]:
    """The measures of the text without its headings, and a caution with the hardest sentences where it is too hard.

    What fills the slots is measured by itself too: a few hard sentences would not show among many easy ones.
    """
    lines: list[list[str]] = []
    for each in filled:
        if each.cells[0] != "run":
            lines.append([each.cells[0]])
        lines[-1].append(each.text)
    texts = {
        "Reading level": ["".join(line) for kind, *line in lines if kind not in _HEADINGS],
        "Reading level of what was filled in": [each.text for each in filled if each.evidence],
    }
    measured = {name: level for name, text in texts.items() if (level := readability(text)) is not None}
    measures = tuple((name, f"grade {level.grade:.1f} (Flesch-Kincaid)") for name, level in measured.items())
    hard = max(measured.values(), key=lambda level: level.grade, default=None)
    if hard is None or hard.grade <= HARDEST_GRADE:
        return measures, ()
    hardest = " ".join(f"“{text}”" for _, text in hard.sentences[:_SHOWN_SENTENCES])
    text = f"Parts of the handout read at grade {hard.grade:.1f}; patients need 8 or less. The hardest sentences: {hardest}"
    return measures, (Caution("reading-level", "low", text),)
