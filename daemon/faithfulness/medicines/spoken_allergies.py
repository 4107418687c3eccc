"""Finds in what was said each thing that somebody does not tolerate, with the reaction, and each time that it is denied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from daemon.faithfulness.medicines import allergy_words as words
from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.reading.lines import JOIN, Line

_Span = tuple[int, int]
_SHORT_WORDS = 3  # of "Yes, just molds.": an answer that is nothing but a name, known or not


@dataclass(frozen=True, slots=True)
class AllergyRow:
    """One row: `allergy` and `reaction` are cells, `text` the sentence."""

    allergy: str
    reaction: str
    text: str
    evidence: tuple[str, ...]


def spoken_allergies(lines: Sequence[Line]) -> Iterator[AllergyRow]:
    """The rows of all lines, in order."""
    for at, line in enumerate(lines):
        if words.KIN.search(line.text):
            continue
        if line.asks:
            yield from _asked(line)
        else:
            follows = lines[at + 1] if at + 1 < len(lines) and words.FOLLOWS.match(lines[at + 1].text) else None
            yield from _told(line, follows if follows and not follows.asks else None)


def _told(line: Line, follows: Line | None) -> Iterator[AllergyRow]:
    text = line.text
    if words.DENIED_BEHIND.search(text):
        yield AllergyRow(text, "", text, (line.id,))
        return
    done: list[_Span] = []
    for denied in _denials(text):
        done.append(denied)
        yield AllergyRow(text[slice(*denied)], "", text, (line.id,))
    left_out = [one.start() for one in words.EXCEPT.finditer(text)]
    items = [
        one
        for one in _items(text)
        if not any(a <= one[0][0] < b and not any(a < at < one[0][0] for at in left_out) for a, b in done)
    ]
    for number, (span, before) in enumerate(items):
        stop = items[number + 1][0][0] if number + 1 < len(items) else len(text)
        reaction = _reaction(text, span[1], stop) or before
        if not reaction and follows is not None and number + 1 == len(items) and not find_drugs(follows.text):
            told = _reaction(follows.text, 0, len(follows.text))
            if told:
                ids = tuple(dict.fromkeys((line.id, follows.id)))
                yield AllergyRow(text[slice(*span)], told, f"{text}{JOIN}{follows.text}", ids)
                continue
        yield AllergyRow(text[slice(*span)], reaction, text, (line.id,))


def _asked(line: Line) -> Iterator[AllergyRow]:
    """A question with its answer: a no is a row of both; a yes is what it names, else what was asked for."""
    if not line.answer:
        return
    whole, ids = line.whole()
    if words.WHAT_HAPPENS.search(line.text) and (told := _in_lines(line.answer)):
        for span in _known(line.text):
            yield AllergyRow(line.text[slice(*span)], told, whole, ids)
        return
    if "allerg" not in line.text.lower():
        return
    named = any(_known(each.text) for each in line.answer)
    for span in _left_out(line.text):
        yield AllergyRow(line.text[slice(*span)], _in_lines(line.answer), whole, ids)
    if words.NO.match(line.answer[0].text) and not named:
        yield AllergyRow(whole, "", whole, ids)
        return
    yield from _answers(line)
    if words.YES.match(line.answer[0].text) and not named:
        for span, reaction in _items(line.text):
            yield AllergyRow(line.text[slice(*span)], reaction or _in_lines(line.answer), whole, ids)


def _left_out(text: str) -> Iterator[_Span]:
    """ "Any allergies besides penicillin?" says one."""
    known = _known(text)
    for besides in words.EXCEPT.finditer(text):
        yield from _list(text, besides.end(), known, known_only=True)


def _answers(line: Line) -> Iterator[AllergyRow]:
    whole, ids = line.whole()
    for number, each in enumerate(line.answer):
        if words.NO_KNOWN.search(each.text) or words.STARTS.search(each.text):
            continue  # the answer says it by itself, and is read by itself
        yes, known = words.YES.match(each.text), _known(each.text)
        rest = each.text[yes.end() :].split() if yes else []
        for span in _list(each.text, yes.end() if yes else 0, known, known_only=not 0 < len(rest) <= _SHORT_WORDS):
            reaction = _reaction(each.text, span[1], len(each.text)) or _in_lines(line.answer[number + 1 :])
            yield AllergyRow(each.text[slice(*span)], reaction, whole, ids)


def _in_lines(lines: Sequence[Line]) -> str:
    return next((told for line in lines if (told := _reaction(line.text, 0, len(line.text)))), "")


def _denials(text: str) -> Iterator[_Span]:
    """ "no known drug allergies", "no allergies to latex", "not allergic to eggs": the words, with what it is denied of."""
    known = _known(text)
    for found in [*words.NO_KNOWN.finditer(text), *words.NOT_ALLERGIC.finditer(text)]:
        end = found.end()
        to = found.groupdict().get("to") if found.re is words.NO_KNOWN else "to"
        if to:
            items = list(_list(text, found.end(), known, known_only=False, any_thing=True))
            end = items[-1][1] if items else end
        left_out = words.EXCEPT.match(text, end)
        if left_out is not None:  # a denial without its exception would say what nobody said
            end = max((span[1] for span in _list(text, left_out.end(), known, known_only=False)), default=end)
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        yield start, start + len(text[start:end].rstrip(" ,"))


def _items(text: str) -> list[tuple[_Span, str]]:
    """What is not tolerated, with the reaction that was said before it, in order and each once."""
    found: dict[_Span, str] = {}
    known, denial = _known(text), words.NO_KNOWN.search(text)
    for start in words.STARTS.finditer(text):
        said = start["reaction"] or ""
        told = said if words.REACTION.fullmatch(said) else ""
        only_known = bool(told) or start[0].rstrip()[-1:] in ",."
        for span in _list(text, start.end(), known, known_only=only_known):
            found.setdefault(span, told)
    for more in words.GOES_ON.finditer(text) if found else ():
        found |= {
            span: ""
            for span in _list(text, more.end(), known, known_only=True)
            if span not in found and span[0] == more.end()
        }
    for left_out in words.EXCEPT.finditer(text):
        if denial is not None and denial.end() <= left_out.start():
            found.update(dict.fromkeys(_list(text, left_out.end(), known, known_only=False), ""))
    for span in known:
        causes = words.CAUSES.match(text, span[1])
        if words.BEHIND.match(text, span[1]) or (
            causes and words.REACTION.search(text[causes.end() : causes.end() + 40])
        ):
            found.setdefault(span, "")
    for kind in words.KINDS.finditer(text):
        found = {span: told for span, told in found.items() if not kind.start() <= span[0] < kind.end()}
        found[kind.span()] = ""
    return _apart(sorted(found.items()))


def _apart(items: Sequence[tuple[_Span, str]]) -> list[tuple[_Span, str]]:
    kept: list[tuple[_Span, str]] = []
    for span, told in items:
        if not kept or span[0] >= kept[-1][0][1]:
            kept.append((span, told))
    return kept


def _known(text: str) -> list[_Span]:
    """Medicines and other known substances."""
    drugs = [drug.span for drug in find_drugs(text)]
    others = [found.span() for found in words.SUBSTANCE.finditer(text)]
    return sorted({*drugs, *(one for one in others if not any(a <= one[0] < b for a, b in drugs))})


def _list(
    text: str, begin: int, known: Sequence[_Span], *, known_only: bool, any_thing: bool = False
) -> Iterator[_Span]:
    """The members of the list that begins at `begin`. Reactions among them are passed over; an unknown word ends it, but first."""
    first = True
    while begin < len(text):
        article = words.ARTICLES.match(text, begin)
        begin = article.end() if article else begin
        mine = next((span for span in known if begin <= span[0] and len(text[begin : span[0]].split()) <= first), None)
        end = words.ITEM_END.search(text, mine[1] if mine else begin)
        stop = end.start() if end else len(text)
        item = text[begin:stop].strip()
        if words.REACTION.fullmatch(item):
            pass
        elif mine is not None or (
            item and _is_item(item, first=first, last=end is None or not end["list"], known_only=known_only)
        ):
            if any_thing or words.NO_ITEM.fullmatch(item) is None:
                yield begin, begin + len(item)
        else:
            return
        if end is None or not end["list"]:
            return
        begin, first = end.end(), False


def _is_item(item: str, *, first: bool, last: bool, known_only: bool) -> bool:
    """Whether an unknown word may be meant: what directly follows "allergic to", or one word that ends the list."""
    if known_only:
        return False
    size = len(item.split())
    return size <= 4 if first else (size == 1 and last and item.isalpha() and len(item) > 3)


def _reaction(text: str, begin: int, end: int) -> str:
    """What is said to happen, between two places of a sentence: one stretch, or pieces where much stands between."""
    pieces: list[_Span] = []
    for found in words.REACTION.finditer(text, begin, end):
        if (
            pieces
            and len(text[pieces[-1][1] : found.start()].split()) <= 3
            and "." not in text[pieces[-1][1] : found.start()]
        ):
            pieces[-1] = pieces[-1][0], found.end()
        else:
            pieces.append(found.span())
    return JOIN.join(text[a:b] for a, b in pieces)
