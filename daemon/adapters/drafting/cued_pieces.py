"""Where the cues of a document put a piece of dictation, whatever the classifier thinks of it.

A pure rule. Two things are told apart. A section laid out in lines (a recipient, an urgency) takes the words that a cue keeps, and
the sentence goes on to where it belongs if it says more than that. Any other section takes the sentence, whole, or what a cue keeps
where the rest says nothing. So one sentence may feed several sections, and no word that says something is left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.adapters.drafting.clauses import JOINT, begins_anew, begins_firmly, is_tail, stands_alone
from daemon.computed.patient_facts import patient_facts
from daemon.documents.cues import KEEP, Found, find_cue
from daemon.documents.filler import without_who_dictates, words_that_say
from daemon.model.document import Document, SectionSpec

MOST_LINE_WORDS = 12
"""So much a line keeps where no mark and no `until` ends it: the words of an address or a role, not of a sentence."""
MOST_RUN_ON_WORDS = 8
"""So much it keeps of a sentence that was run together with it, and that then stands elsewhere as a whole."""
_RUN_ON = re.compile(
    r"\s+(?=(?:will|would|can|could|should|may|must|is|are|was|were|has|have|had|won['’]t|can['’]t|please|he|she|they|you|there|this)\b)|[,;]\s",
    re.IGNORECASE,
)
_ASKED_BY_NAME = re.compile(r",\s+(?:Dr\.?\s+|Mrs?\.?\s+|Ms\.?\s+)?[A-Z][\w'’-]*(?:\s+and\s+[A-Z][\w'’-]*)?\s*,?\s*$")
_ASKS = re.compile(r"(?:please|can|could|will|would)\b", re.IGNORECASE)
_MOST_CUT_CHARS = 1500
"""A longer sentence is no dictated one, and looking for its cuts would take a time that grows with its square."""
_FIRST_WORDS = 4
"""Among so many first words of a clause stands the cue by which it is cut off."""
_SHORT_CLAUSE_WORDS = 8
_SENTENCE_END = re.compile(
    r"(?<!\bdr)(?<!\bmr)(?<!\bmrs)(?<!\bms)(?<!\bst)(?<!\bvs)(?<!\bno)(?<![\s.][^\W\d_])[.!?]\s+(?=(?-i:[^\Wa-z]))",
    re.IGNORECASE,
)
_NEW_SENTENCE = re.compile(r"[A-Z0-9“\"]")
_CLAUSE_END = re.compile(r"[,;]\s+|\s+(?=(?:and|but|so|as|because|since)\s)", re.IGNORECASE)
_CLAUSE_BEGIN = re.compile(r"(?:[,;]\s+|\s+)(?:and|but|so)\s+|;\s+", re.IGNORECASE)
_DENIED = re.compile(r"\b(?:not|no|never|isn['’]t|non)\b", re.IGNORECASE)
_CLINICIAN = r"\s+(?:dr\.?|doctor)\s"  # "to cardiology, for Dr. Patel" goes on
_OPEN_END = re.compile(r"\b(?:within|next)$")
_MARKS = " ,;:–—-"


@dataclass(frozen=True, slots=True)
class Place:
    """Words to quote, and their section; "" where no cue says it. `line`: a section took them up beside the rest.

    `goes_on`: the end of the sentence before, which the speech engine parted from it. `anew`: a statement of its own begins, so no
    heading before it holds for it.
    """

    text: str
    section: str = ""
    line: bool = False
    goes_on: bool = False
    anew: bool = False


@dataclass(frozen=True, slots=True)
class _Taken:
    """What a line takes: the section, the words to quote, all that is covered with them, and whether the cue opens the sentence."""

    section: str
    shown: tuple[int, int]
    covered: tuple[int, int]
    cue: str
    opens: bool


class Cues:
    """The cues of one document."""

    def __init__(self, document: Document) -> None:
        written = [spec for spec in document.sections if spec.cues and not spec.computed]
        self._lines = [spec for spec in written if spec.layout == "line"]
        self._whole = [spec for spec in written if spec.layout != "line"]
        self._asks = tuple(cue.lower() for cue in document.spoken_cues)
        self._asking = {word for cue in self._asks for word in cue.split()}
        self._knows_patient = any(spec.computed == "identity" for spec in document.sections)

    def places(self, text: str, filled: Collection[str]) -> list[Place]:
        """What to quote of a piece, in order. `filled` are the lines that a "…" has filled already: each is filled once.

        Nothing for a piece that only asks for the document, or only says who the patient is where a section has that.
        """
        any_cue = any(find_cue(spec.cues, text) for spec in (*self._lines, *self._whole))
        found: list[Place] = []
        done = set(filled)
        for sentence in _sentences(text) if any_cue else [text]:
            for number, (clause, goes_on) in enumerate(self._clauses(sentence) if any_cue else [(sentence, False)]):
                places = [Place(clause, goes_on=True)] if goes_on else self._sentence(clause, done)
                done |= {place.section for place in places if place.line}
                found += [replace(place, anew=True) for place in places] if number and begins_firmly(clause) else places
        return found

    def _clauses(self, sentence: str) -> Iterator[tuple[str, bool]]:
        """A sentence cut where another begins by a cue of another section, and whether the piece goes on with the one before.

        A piece before the cut says nothing by itself, stands alone, or is such an end of the sentence before.
        """
        begin = 0
        joints = list(JOINT.finditer(sentence)) if len(sentence) <= _MOST_CUT_CHARS else []
        told = [fact.span[1] for fact in patient_facts(sentence) if fact.firm] if self._knows_patient and joints else []
        for joint in joints:
            first, rest = sentence[begin : joint.start()], sentence[joint.end() :]
            # What follows a patient's name or birthday with a subject of its own is about that patient.
            who = len(sentence[: joint.start()].rstrip(_MARKS)) in told
            if not begins_anew(rest) or not (who or self._is_another(first, rest)):
                continue
            tail = not begin and begins_firmly(rest) and is_tail(first)
            if tail or self._says_nothing(first) or stands_alone(first) or who:
                yield first, tail
                begin = joint.end()
        yield sentence[begin:], False

    def _is_another(self, first: str, rest: str) -> bool:
        """Whether a cue at the beginning of `rest` puts it into another section than that of `first`."""
        words = list(re.finditer(r"\S+", rest))
        soon = words[min(_FIRST_WORDS, len(words)) - 1].end() if words else 0
        clause = rest[: stop.start()] if (stop := JOINT.search(rest)) else rest
        own, other = self._main(first), self._main(clause)
        if other is None and begins_firmly(rest):
            return any((cue := find_cue(spec.cues, clause)) is not None and cue.span[0] < soon for spec in self._lines)
        return other is not None and other[1].span[0] < soon and (own is None or own[0].key != other[0].key)

    def _sentence(self, text: str, filled: Collection[str]) -> list[Place]:
        main = self._main(text)
        lines = self._taken(text, filled, alone=main is None)
        if main is None and not lines:
            return [] if self._says_nothing(text) else [Place(text)]
        taken = [Place(text[slice(*one.shown)], one.section, line=True) for one in lines]
        covered = [one.covered for one in lines]
        said = {word for one in lines for word in one.cue.split()}
        if lines and not self._more(text, covered, said):
            return taken
        if main is not None and main[1].cue.endswith(KEEP):
            kept = main[1].kept
            if self._more(text, [(0, kept[0]), (kept[1], len(text))], ()) and not self._more(
                text, [*covered, kept], said | set(main[1].cue.split())
            ):
                return [*taken, Place(text[slice(*kept)], main[0].key)]
        end = max((one.covered[1] for one in lines if one.opens), default=0)
        if end and (main is None or main[1].span[0] >= end):
            if self._more(
                text, [*covered, (end, len(text))], said
            ):  # "refer the twins to cardiology": who is said nowhere else
                return [*taken, Place(text)]
            rest = text[end:].lstrip(_MARKS + ".")
            return [*taken, *(self._sentence(rest, {*filled, *(one.section for one in lines)}) if rest else [])]
        return [*taken, Place(text, main[0].key if main else "")]

    def _says_nothing(self, text: str) -> bool:
        """Whether it only asks for the document ("Referral letter.") or names the patient."""
        asks = find_cue(self._asks, text) is not None
        named = self._knows_patient and patient_facts(text)
        return bool(asks or named) and not self._more(text, [], set())

    def _more(self, text: str, covered: Sequence[tuple[int, int]], said: Collection[str]) -> list[str]:
        """The words that say more than what is covered, asked for, and known of the patient."""
        spans = list(covered)
        if self._knows_patient:
            spans += [fact.span for fact in patient_facts(text) if fact.firm]
        who = without_who_dictates(text)
        spans += [who] if who else []
        return words_that_say(text, spans, {*self._asking, *said})

    def _main(self, text: str) -> tuple[SectionSpec, Found] | None:
        """The section whose cue has the most words, the first of several."""
        found = [(spec, cue) for spec in self._whole if (cue := find_cue(spec.cues, text)) is not None]
        return max(found, key=lambda one: _weight(one[1].cue), default=None)

    def _taken(self, text: str, filled: Collection[str], *, alone: bool) -> list[_Taken]:
        found = [(spec, cue) for spec in self._lines if (cue := find_cue(spec.cues, text)) is not None]
        taken: list[_Taken] = []
        told = [cue.span for _, cue in found if not cue.cue.endswith(KEEP)]
        for spec, cue in sorted(found, key=lambda one: one[1].span):
            if cue.cue.endswith(KEEP) and spec.key not in filled:
                taken += self._kept(spec, cue, text, [*told, *(one.covered for one in taken)], taken)
        for spec, cue in found:
            shown = None if cue.cue.endswith(KEEP) else _mention(text, cue, taken, alone=alone)
            if shown is not None:
                taken.append(_Taken(spec.key, shown, shown, cue.cue, opens=False))
        order = {spec.key: number for number, spec in enumerate(self._lines)}
        return sorted(taken, key=lambda one: order[one.section])

    def _kept(
        self, spec: SectionSpec, cue: Found, text: str, told: Sequence[tuple[int, int]], taken: Sequence[_Taken]
    ) -> Iterator[_Taken]:
        """What the cue keeps, up to an `until`; nothing where other words stand before the cue, which then only tells of it."""
        start, end = cue.kept
        if spec.until:
            stop = re.compile(
                rf"(?<!\w)(?:{'|'.join(map(re.escape, spec.until))})(?!\w)(?!{_CLINICIAN})", re.IGNORECASE
            ).search(text, start, end)
            end = stop.start() if stop else end
            named = _ASKED_BY_NAME.search(text, start, end) if _ASKS.match(text, end) else None
            end = named.start() if named else end
        end = start + len(text[start:end].rstrip(_MARKS))
        shown = start + _own_words(text[start:end]) if spec.until else end
        begin = max((found.end() for found in _CLAUSE_BEGIN.finditer(text, 0, cue.span[0])), default=0)
        before = [(0, begin), (cue.span[0], len(text)), *told]
        said = {word for one in taken for word in one.cue.split()}
        if self._more(text, [(0, start), (end, len(text))], ()) and not self._more(text, before, said):
            covered = (start, end) if shown == end else (cue.span[0], start)
            yield _Taken(spec.key, (start, shown), covered, cue.cue, opens=begin == 0)


def _own_words(text: str) -> int:
    """How many characters of what a cue keeps are a line's; less than all where a sentence is run together with it."""
    ends = [found.end() for found in re.finditer(r"\S+", text)]
    broken = [found.start() for found in _RUN_ON.finditer(text) if len(text[: found.start()].split()) > 1]
    verbs = [at for at in broken if text[at] not in ",;"]
    if len(ends) <= MOST_LINE_WORDS and not verbs:
        return len(text)
    return min([*broken, ends[min(MOST_RUN_ON_WORDS, len(ends)) - 1]])


def _weight(cue: str) -> int:
    return sum(word.isalnum() or word not in "*#…" for word in cue.split())


def _mention(text: str, cue: Found, taken: Sequence[_Taken], *, alone: bool) -> tuple[int, int] | None:
    """What a line shows of a cue that keeps nothing behind it: its clause if that is short and says nothing else, or the cue.

    A word denied before the cue is shown with it. A cue of one word counts only where it is all that its clause says.
    """
    first, last = cue.span
    begin = max((found.end() for found in _CLAUSE_END.finditer(text, 0, first)), default=0)
    stop = _CLAUSE_END.search(text, last)
    end = stop.start() if stop else len(text)
    if _weight(cue.cue) == 1 and words_that_say(text[begin:end]) != [text[first:last]]:
        return None
    apart = not any(one.covered[0] < end and begin < one.covered[1] for one in taken)
    if apart and alone and len(text[begin:end].split()) <= _SHORT_CLAUSE_WORDS:
        return begin, end
    if _OPEN_END.search(cue.cue) and len(text[last:end].split()) <= _SHORT_CLAUSE_WORDS:
        last = end - (len(text[:end]) - len(text[:end].rstrip(_MARKS + ".!?")))  # "see her within" two weeks
    denied = _DENIED.search(text, begin, first)
    return denied.start() if denied else first, last


def _sentences(text: str) -> list[str]:
    ends = [found.end() for found in _SENTENCE_END.finditer(text) if _NEW_SENTENCE.match(text, found.end())]
    return [text[start:end].strip() for start, end in zip([0, *ends], [*ends, len(text)], strict=True)]
