"""What a model wrote of a few lines of a visit may stand only if those lines say it: rules, no second model.

Each fault has a stable code. The rules of `daemon.faithfulness` judge the statement as they judge any, but against these lines
alone; and beyond them nothing of weight may stand in it that the lines do not hold: no number, drug, symptom, illness, test,
side, name or relative. A true statement that is turned down costs little, for then the lines are quoted; a false one that
stands is the worst that a drafter can do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.adapters.drafting.presupposed import presupposed
from daemon.adapters.drafting.statement_form import form_fault
from daemon.adapters.drafting.statement_persons import unsaid_person
from daemon.adapters.drafting.statement_traps import trapped
from daemon.adapters.drafting.statement_turns import says_all_of_sides, turned
from daemon.documents.filler import is_filler
from daemon.faithfulness.late import late
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.medicines.source_drugs import passages_naming
from daemon.faithfulness.omissions import find_omissions
from daemon.faithfulness.persons.sides import BOTH, sides_of_source, sides_of_statement
from daemon.faithfulness.polarity.polarity import AFFIRMED, DENIED, NORMAL, UNCERTAIN, read_source, read_text
from daemon.faithfulness.polarity.polarity import KIN as OF_KIN
from daemon.faithfulness.polarity.polarity import OTHER as UNDECIDED
from daemon.faithfulness.polarity.stretches import stems_of, stretches
from daemon.faithfulness.polarity.support import support
from daemon.faithfulness.quantity.quantities import quantities, unsupported_quantities
from daemon.faithfulness.reading.spans import sentence_spans
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.rules import verify_claim
from daemon.faithfulness.rules.support import Spoken, spoken
from daemon.faithfulness.texts import DOCTOR, OTHER, PATIENT, Claim, Texts
from daemon.faithfulness.vocabulary.concepts import claim_terms, words
from daemon.faithfulness.vocabulary.diagnoses import Diagnosis, find_diagnoses, is_named
from daemon.faithfulness.vocabulary.orders import find_orders, is_covered
from daemon.faithfulness.vocabulary.source_diagnoses import said_diagnoses
from daemon.faithfulness.vocabulary.word_lists import word_list
from daemon.model.statement_request import NOTHING, Subject

LEAST_SAID = 0.5
"""The least share of a statement's words, by their weight, that the lines have to hold, themselves or in other words."""
_NEARLY_ALL_SAID = 0.85
"""The same, for a statement that is in the words that were said."""
_LITTLE = 0.5
"""The weight of one common word (`common_words.txt`): a statement needs more."""
_LEAST_SPOKEN = 0.7
"""Of the words of a symptom that the lexicon does not find in the lines: from here on they speak of it in other words."""
_LEAST_DENIED = 0.5
"""Of the words of a denial that were said: how many by weight have to stand near a denial in the lines too."""
_SAID_SO = frozenset({AFFIRMED, OF_KIN, UNCERTAIN})
_GRAVE_WHEN_LOW = frozenset({"certainty-changed", "identity-unsupported", "laterality-unsupported", "negation-flipped"})
"""Findings that turn a statement down even where they are of low severity."""
_NO_COUNT = late(
    r"\bone (?!(?:time|tablet|pill|capsule|puff|unit|day|week|month|year|hour|beer|drink|glass|pack|cup)s?\b)",
    re.IGNORECASE,
)
"""What is no number though it sounds like one: "is one foot worse", "this one"."""
_NEVER_LEFT_OUT = frozenset({"symptom", "negated-symptom", "follow-up"})
"""Kinds of omission that count even where they are of low severity: they are said in these few lines, not somewhere in a visit."""
_TAG = re.compile(r"^(Doctor|Patient|Other):\s*")
_SPEAKERS = {"Doctor": DOCTOR, "Patient": PATIENT, "Other": OTHER}
_LETTERS_APART = re.compile(r"\b[B-HJ-Z](?: [A-Z]){1,4}\b")
"""An abbreviation as speech engines and typists spell it: "U T I"."""
_OR_ANY = re.compile(r"\b(or|and) any\b", re.IGNORECASE)
_FOLLOW_UP = late(
    r"\b(?:follow(?:ing)?[- ]?up|come back|see (?:you|me|him|her) (?:again|in|back)|return (?:in|to|for)|recheck|re-check|appointment|refer(?:ral|red)?|schedule)\b",
    re.IGNORECASE,
)
_ALLERGY = late(r"\ballerg|\bintoleran|\breact(?:ion|s|ed)? to\b", re.IGNORECASE)
_STATES = tuple(
    (late(stated, re.IGNORECASE), late(said, re.IGNORECASE))
    for stated, said in (
        (r"\bpregnan", r"\bpregnan|\bexpecting\b|\bconceiv|\bgestation|\bweeks along\b"),
        (r"\bpost-?partum", r"\bpost-?partum|\bgiv(?:e|ing) birth|\bgave birth|\bdeliver|\bbaby\b"),
        (r"\bmenopaus", r"\bmenopaus|\bchange of life\b"),
        (r"\bmenstrua|\bmenses|\bLMP\b", r"\bmenstrua|\bmenses|\bperiods?\b|\bLMP\b|\bcycle"),
        (r"\bmarried\b|\bspouse\b", r"\bmarri|\bhusband|\bwife|\bspouse|\bwedding"),
        (r"\bdivorced\b", r"\bdivorc"), (r"\bwidow", r"\bwidow|\bpassed\b|\bdied\b|\blost (?:my|her|his)\b"),
        (r"\bsingle\b", r"\bsingle\b|\bnot married|\bnever married"), (r"\bretired\b", r"\bretire"),
        (r"\bunemployed\b", r"\bunemploy|\bnot work|\bn['’]?t work|\bno job|\blost (?:my|his|her) job|\blaid off\b"),
        (r"\bdeceased\b", r"\bdeceased|\bdied\b|\bpassed\b|\bdead\b|\bkilled\b|\blost (?:my|her|his)\b"),
    )
)  # fmt: skip
"""What may be said of a patient's life, and the words without one of which it was not said."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The lines of a group as the rules read them: `texts` one a line, without the tags of the speakers."""

    texts: Texts
    by_clinician: bool

    @classmethod
    def of(cls, lines: Sequence[str]) -> Heard:
        """Read lines that begin with "Doctor: ", "Patient: ", "Other: ", or are plain."""
        tags = [_TAG.match(line) for line in lines]
        names = [f"l{number}" for number in range(1, len(lines) + 1)]
        said = [_as_read(line[tag.end() if tag else 0 :]) for line, tag in zip(lines, tags, strict=True)]
        speakers = {name: _SPEAKERS[tag[1]] for name, tag in zip(names, tags, strict=True) if tag}
        telling = [speakers.get(name, "") for name, text in zip(names, said, strict=True) if not is_filler(text)]
        by_clinician = bool(telling) and all(speaker == DOCTOR for speaker in telling)
        return cls(Texts(presupposed(dict(zip(names, said, strict=True))), speakers), by_clinician)

    @property
    def lines(self) -> tuple[str, ...]:
        """What was said, without who said it."""
        return tuple(self.texts.by_id.values())

    @property
    def joined(self) -> str:
        """All lines."""
        return "\n".join(self.texts.by_id.values())


def _as_read(line: str) -> str:
    """A line as the rules read it best: abbreviations in one, and no "any" in a question's list, which seems to begin another."""
    together = _LETTERS_APART.sub(lambda letters: letters.group().replace(" ", ""), line)
    return _OR_ANY.sub(r"\1", together)


def reject(text: str, heard: Heard, subject: Subject, section: str) -> str:
    """Why `text` (`statement_form.finished`) may not stand for what was heard, as a stable code; "" if it may.

    `NOTHING` may stand for lines without any clinical fact. `section` is the heading under which the statement would stand.
    """
    if text.strip() in {NOTHING, f"{NOTHING}."}:
        return "nothing" if has_clinical_fact(heard) else ""
    form = form_fault(text, subject, heard.lines, by_clinician=heard.by_clinician)
    if form:
        return form
    plain = same_characters(text)
    return next(_faults(plain, heard, section), "")


def says_it_in_new_words(text: str, heard: Heard) -> bool:
    """Whether a good part of a statement's words was not said: what a model made up is among these."""
    return _share_said(same_characters(text), heard.texts.learn(spoken)) < _NEARLY_ALL_SAID


def has_clinical_fact(heard: Heard) -> bool:
    """Whether the lines name anything that a note must not lose: a drug, number with unit, symptom, illness, allergy, side, order."""
    said = heard.joined
    return bool(
        find_drugs(said)
        or find_diagnoses(said)
        or any(one.unit is not None or isinstance(one.value, tuple) for one in quantities(said))
        or heard.texts.learn(read_source).said
        or heard.texts.learn(sides_of_source)
        or next(find_orders(said), None)
        or _ALLERGY.search(said)
        or _FOLLOW_UP.search(said)
    )


def _faults(plain: str, heard: Heard, section: str) -> Iterator[str]:
    """The faults of a text, those that cost least to find first."""
    source = heard.texts
    if unsupported_quantities(plain, heard.joined):
        yield "number"
    if any(not passages_naming(drug, source) for drug in find_drugs(plain)):
        yield "drug"
    yield from _unsaid_side(plain, source)
    yield from unsaid_person(plain, source)
    yield from _unsaid_matter(plain, heard)
    yield from _turned(plain, source)
    yield from _turned_whole(plain, source)
    yield from turned(plain, source)
    yield from trapped(plain, source)
    if _share_said(plain, source.learn(spoken)) < LEAST_SAID:
        yield "words"
    claim = Claim(plain, tuple(source.by_id), section)
    for finding in verify_claim(claim, source):
        if finding.severity != "low" or finding.code in _GRAVE_WHEN_LOW:
            yield finding.code
    if _leaves_out(plain, source):
        yield "left-out"


def _leaves_out(plain: str, source: Texts) -> bool:
    """Whether a fact of the lines is missing: a statement stands for them, and what it does not say nobody reads."""
    omissions = find_omissions(Texts({"s1": plain}), source)
    return any(
        (one.severity != "low" and not _NO_COUNT.search(one.text)) or one.kind in _NEVER_LEFT_OUT for one in omissions
    )


def _unsaid_side(plain: str, source: Texts) -> Iterator[str]:
    stated = {one.side for one in sides_of_statement(plain)}
    said = {one.side for one in source.learn(sides_of_source)}
    if stated - said and not (stated - said == {BOTH} and len(said) > 1 and says_all_of_sides(plain, source)):
        yield "side"


def _unsaid_matter(plain: str, heard: Heard) -> Iterator[str]:
    """Illnesses, tests, parts of the body and states of life that the lines do not name."""
    said, source = heard.joined, heard.texts
    if not all(_is_said_of_patient(one, plain, source) for one in find_diagnoses(plain)):
        yield "diagnosis"
    ordered = frozenset(one.concept for one in find_orders(said))
    if any(not is_covered(one.concept, ordered) for one in find_orders(plain)):
        yield "order"
    if any(stated.search(plain) and not spoken_of.search(said) for stated, spoken_of in _STATES):
        yield "state"


def _is_said_of_patient(one: Diagnosis, plain: str, source: Texts) -> bool:
    """Whether the lines name an illness, or what means the same, and do not deny what the statement affirms."""
    name = plain[slice(*one.span)]
    if not is_named(one.concept, source.learn(said_diagnoses)) and not _is_said(name, source.learn(spoken)):
        return False
    if one.status != "affirmed":
        return True
    reading = read_text(name)
    held = support(stems_of(reading, range(len(reading.words))), source.learn(read_source), _SAID_SO)
    return held.affirmed >= held.denied


def _turned(plain: str, source: Texts) -> Iterator[str]:
    """Symptoms and habits of which the lines do not say the same, and denials of what they do not deny."""
    reading, said = read_text(plain), source.learn(read_source)
    for one in reading.said():
        kinds = {polarity for _, polarity in said.said.get(one.symptom.name, ())}
        if kinds == {UNDECIDED} and one.symptom.name == "allergy" and _is_allergic_so(plain, source):
            continue
        if not kinds:
            stems = stems_of(reading, range(one.first, one.last + 1))
            if not one.symptom.placed and support(stems, said).spoken < _LEAST_SPOKEN:
                yield "symptom"
        elif one.polarity in {AFFIRMED, DENIED} and one.polarity not in kinds and one.symptom.name != "pain":
            yield "polarity"
    for stretch in stretches(reading):
        held = support(stretch.stems(reading), said, _SAID_SO)
        if stretch.polarity == DENIED and not stretch.symptoms and held.near < _LEAST_DENIED * held.spoken:
            yield "denial"
        plainly = stretch.polarity == AFFIRMED and not stretch.symptoms and not stretch.says_normal(reading)
        if plainly and held.denied > held.affirmed:
            yield "affirmation"


def _is_allergic_so(plain: str, source: Texts) -> bool:
    """Whether the lines name each drug of the statement in a sentence on allergies: a reaction to it is no symptom, nor denied."""
    told = [text[start:end] for text in source.by_id.values() for start, end in sentence_spans(text)]
    allergic = Texts({f"a{number}": text for number, text in enumerate(told) if _ALLERGY.search(text)})
    return all(passages_naming(drug, allergic) for drug in find_drugs(plain))


def _turned_whole(plain: str, source: Texts) -> Iterator[str]:
    """A statement without a denial of what the lines only deny, and one that denies what they nowhere deny."""
    reading, said = read_text(plain), source.learn(read_source)
    denies = any(kind == DENIED for _, _, kind in reading.scopes.triggers)
    normal = any(word.text in NORMAL for word in reading.words)
    kinds = {
        said.polarity[at] for stem in stems_of(reading, range(len(reading.words))) for at in said.stems.get(stem, ())
    }
    if kinds == {DENIED} and not denies and not normal:
        yield "affirmation"
    if denies and DENIED not in said.polarity and not any(said.denial_near):
        yield "denial"


def _share_said(plain: str, said: Spoken) -> float:
    """The share of the weight of a statement's words that was said; 0.0 for one that says as little as "Denies.".

    One of numbers and small words ("She is 57 years old.") says them, and other rules have judged these.
    """
    found, formal = words(plain), word_list("formal")
    terms = {term.keys: term for term in claim_terms(found) if found[term.first].text not in formal}.values()
    total = sum(term.weight for term in terms)
    return (
        sum(term.weight for term in terms if said.of(term)) / total
        if total > _LITTLE
        else float(bool(quantities(plain)))
    )


def _is_said(name: str, said: Spoken) -> bool:
    return all(said.of(term) for term in claim_terms(words(name)))
