"""`identity-unsupported`: a name, a birth date, a sex or a relative that was not said.

Only what stands where a name of a person stands is judged: after a title, before what patients do, after a word for a relative (and
see `bare_names`). So no place, drug, device or eponym is taken for a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from daemon.faithfulness.medicines.drugs import find_drugs
from daemon.faithfulness.persons.bare_names import bare_names, looks_usual
from daemon.faithfulness.persons.people import (
    COUNTERPART,
    FEMALE,
    MALE,
    OF_EITHER,
    RELATIVES,
    People,
    bare,
    is_like_one,
    people,
)
from daemon.faithfulness.persons.sides import body_parts
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.reading.tokens import same_characters
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.word_lists import word_list
from daemon.model.finding import Finding, Severity

_CODE = "identity-unsupported"
_CAPITAL = r"[A-Z][a-zÀ-ɏ]*(?:['-][A-Z]?[a-zÀ-ɏ]+)*"
_NAMES = rf"{_CAPITAL}(?:[ ]{_CAPITAL}|[ ][A-Z]\.(?=[ ])){{0,2}}"
_DOES = (
    r"(?:is an? (?:[\w-]+,? ){0,5}?(?:male|female|man|woman|gentleman|lady|boy|girl|patient|infant|child)\b|is an? \d|is \d+ years|is here|presents?\b|presented\b|reports\b|denies\b|states\b|endorses\b|complains\b|returns\b|comes in|came in|was seen|"
    r"was referred|was last seen|underwent\b|describes\b|admits\b)"
)
_TITLED = re.compile(
    rf"\b(?P<title>Mr|Mrs|Ms|Miss|Mx|Mister|Dr|Doctor|Prof|Professor|Nurse|mr|mrs|ms|dr)\b\.?[ ](?P<names>{_NAMES}|[a-z]{{3,}}(?=[ ,.;]|$))"
)
_PLACED = (
    re.compile(rf"^(?:[A-Z][\w /&-]{{2,40}}: )?(?P<names>{_CAPITAL} {_CAPITAL}(?: {_CAPITAL})?),? (?={_DOES}|a \d)"),
    re.compile(rf"\b(?:[Pp]atient(?:'s)? [Nn]ame|[Pp]atient|Name|Dear|RE|Re)(?: is)?[:,]? (?P<names>{_CAPITAL} {_CAPITAL})(?=[\s,.;:]|$)"),
    re.compile(rf"\b(?:by|with|from|see|saw|to) (?P<names>{_CAPITAL} {_CAPITAL}),? (?=(?:MD|M\.D|DO|D\.O|NP|PA|PA-C|RN|CRNA|DPT|FNP|PhD)\b)"),
    re.compile(
        rf"\b(?:(?:mother|father|mom|dad|wife|husband|son|daughter|sister|brother|spouse|partner|friend|caregiver),? (?:named |is named )?|"
        rf"(?:Mother|Father|Wife|Husband|Son|Daughter|Sister|Brother|Spouse|Partner|Caregiver), )(?P<names>{_CAPITAL})(?=[ ,.;]|$)"
    ),
)  # fmt: skip
_ALONE = re.compile(rf"^(?P<names>{_CAPITAL}) (?={_DOES})")
_NOT_NAMES = word_list("not-names")
_SEXES = {
    FEMALE: re.compile(
        r"\b(?:years?[- ]old|y/?o|y\.o\.)[, ]+(?:[\w-]+,? ){0,3}?(?P<said>female|woman|lady|girl)\b", re.IGNORECASE
    ),
    MALE: re.compile(
        r"\b(?:years?[- ]old|y/?o|y\.o\.)[, ]+(?:[\w-]+,? ){0,3}?(?P<said>male|man|gentleman|boy)\b", re.IGNORECASE
    ),
}
_PRONOUNS = {FEMALE: re.compile(r"^(?P<said>She)\b(?! and\b)"), MALE: re.compile(r"^(?P<said>He)\b(?! and\b)")}
_OWN = {
    FEMALE: re.compile(r"^(?:The |This )?[Pp]atient\b[^.;]{0,60}?\b(?P<said>her|herself|she)\b"),
    MALE: re.compile(r"^(?:The |This )?[Pp]atient\b[^.;]{0,60}?\b(?P<said>his|himself|he)\b"),
}
_SOMEBODY_ELSE = re.compile(
    r"\b(?:mother|father|mom|dad|wife|husband|spouse|partner|son|daughter|brother|sister|aunt|uncle|grand\w+|cousin|friend|boyfriend|girlfriend|"
    r"nephew|niece|baby|child|children|caregiver|doctor|dr|physician|surgeon|cardiologist|neurologist|specialist|therapist|provider|nurse|"
    r"dentist|boss|teacher|coach)\b",
    re.IGNORECASE,
)
_BIRTH = re.compile(r"\b(?:date of birth|birth ?date|d\.?o\.?b\b\.?|born(?: on)?)(?: is| was)?[ :,=-]*", re.IGNORECASE)
_BEFORE_DATE = 40
_MOST = 24  # names in one statement that are judged: a sentence holds a few
_RELATIVE = re.compile(rf"\b(?:{'|'.join(RELATIVES)})\b", re.IGNORECASE)


def identity_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """Names, sexes, birth dates and relatives of the statement that the source does not give, or gives otherwise."""
    known = source.learn(people)
    plain = same_characters(claim.text)
    yield from _names(claim.text, plain, known)
    yield from _sex(claim, plain, known, source)
    yield from _births(claim.text, plain, source)
    yield from _relatives(claim.text, plain, known, source)


def _names(text: str, plain: str, known: People) -> Iterator[Finding]:
    judged: set[int] = set()
    for found in _TITLED.finditer(plain):
        patient = found["title"].lower() not in {"dr", "doctor", "prof", "professor", "nurse"}
        unnamed: Severity = "medium" if patient and not known.surname else "high"
        yield from _unsaid(text, plain, found.span("names"), known, unnamed, judged, titled=True)
    for rule in _PLACED:
        for found in rule.finditer(plain):
            yield from _unsaid(text, plain, found.span("names"), known, "high" if known.surname else "medium", judged)
    if (alone := _ALONE.match(plain)) is not None and not looks_usual(alone["names"].lower()):
        yield from _unsaid(text, plain, alone.span("names"), known, "medium", judged)
    for span, sure in bare_names(plain):
        yield from _unsaid(text, plain, span, known, "medium" if sure else "low", judged)


def _unsaid(
    text: str,
    plain: str,
    span: tuple[int, int],
    known: People,
    severity: Severity,
    judged: set[int],
    *,
    titled: bool = False,
) -> Iterator[Finding]:
    """The words of a name that were not said. Beside one that was, a surname the source never gives may come from the chart: low."""
    words = list(_name_words(plain, span))
    whole = len(re.findall(r"[^\W\d_][\w'-]+", plain[slice(*span)]))
    if len(words) < whole and not titled:  # "Graves Disease is", "Mother Alive": no name at all
        return
    said = any(word in known.words for _, _, word in words)
    for start, end, word in words:
        place = start, end - (2 if plain[start:end].endswith("'s") else 0)
        if (
            place[0] in judged
            or len(judged) >= _MOST
            or word in known.words
            or all(part in known.words for part in word.split("-"))
        ):
            continue
        judged.add(place[0])
        weak = is_like_one(word, known.names) or (said and not known.surname)
        yield Finding(_CODE, "low" if weak else severity, text[slice(*place)], place)


def _name_words(plain: str, span: tuple[int, int]) -> Iterator[tuple[int, int, str]]:
    """The words of what may be a name, up to the first that is none: "Mr. Lee Protonix 40 mg"."""
    drugs = {drug.span[0] + span[0] for drug in find_drugs(plain[slice(*span)])}
    for found in re.finditer(r"[^\W\d_][\w'-]+", plain[slice(*span)]):
        start, end = span[0] + found.start(), span[0] + found.end()
        word = bare(found.group())
        if word in _NOT_NAMES or word in body_parts() or start in drugs:
            return
        yield start, end, word


def _sex(claim: Claim, plain: str, known: People, source: Texts) -> Iterator[Finding]:
    if not known.sex:
        return
    other = MALE if known.sex == FEMALE else FEMALE
    if (stated := _SEXES[other].search(plain)) is not None:
        if not _SOMEBODY_ELSE.search(plain[: stated.start()]):
            yield _of_sex("high", claim.text, stated, known)
        return
    if _SOMEBODY_ELSE.search(plain) or "FAMILY" in claim.section.upper():
        return
    cited = source.cited_text(claim)
    for rules, severity in ((_PRONOUNS, "high"), (_OWN, "medium")):
        if (stated := rules[other].search(plain)) is not None:
            gravity: Severity = "medium" if severity == "medium" or _SOMEBODY_ELSE.search(cited) else "high"
            yield _of_sex(gravity, claim.text, stated, known)
            return


def _of_sex(severity: Severity, text: str, stated: re.Match[str], known: People) -> Finding:
    return Finding(_CODE, severity, text[slice(*stated.span("said"))], stated.span("said"), known.sex_passages[:3])


def _births(text: str, plain: str, source: Texts) -> Iterator[Finding]:
    if not _BIRTH.search(plain):
        return
    known = source.learn(_birth_dates)
    for date, span in _dates_of_birth(plain):
        if any(_same_day(date, other) for other, _ in known):
            continue
        against = tuple(dict.fromkeys(name for _, name in known))
        yield Finding(_CODE, "high" if known else "medium", text[slice(*span)], span, against)


def _birth_dates(source: Texts) -> tuple[tuple[tuple[str, ...], str], ...]:
    """Each birth date that the source gives, with its passage; the date may be the answer in the passage after."""
    found: list[tuple[tuple[str, ...], str]] = []
    asked = False
    for name, text in source.by_id.items():
        plain = same_characters(text)
        here = _BIRTH.search(plain) is not None
        if here:
            found += [(date, name) for date, _ in _dates_of_birth(plain)]
        elif asked:
            found += [(date, name) for date, _ in _dates(plain)]
        asked = here and not any(name == one for _, one in found)
    return tuple(found)


def _dates_of_birth(plain: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    for date, span in _dates(plain):
        if _BIRTH.search(plain, max(0, span[0] - _BEFORE_DATE), span[0]):
            yield date, span


def _dates(plain: str) -> Iterator[tuple[tuple[str, ...], tuple[int, int]]]:
    tokens, found = mentions(plain)
    for one in found:
        if isinstance(one.value, tuple) and one.value[0] == "date":
            yield one.value, (tokens[one.first].start, tokens[one.end - 1].end)


def _same_day(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    years = one[1][-2:], other[1][-2:]
    return one[2:] == other[2:] and (not all(years) or years[0] == years[1])


def _relatives(text: str, plain: str, known: People, source: Texts) -> Iterator[Finding]:
    """A relative of whom nothing was said, where the other of the pair was spoken of: the mother for the father."""
    told: set[str] = set()
    for found in _RELATIVE.finditer(plain):
        relation = RELATIVES[found.group().lower()]
        other = COUNTERPART[relation]
        if relation in told or relation in known.relatives or other not in known.relatives:
            continue
        told.add(relation)
        against = tuple(name for name, said in source.by_id.items() if _speaks_of(said, other))[:3]
        yield Finding(_CODE, "medium", text[slice(*found.span())], found.span(), against)


def _speaks_of(text: str, relation: str) -> bool:
    words = {bare(word) for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", text.lower())}
    return any(RELATIVES.get(word) == relation or relation in OF_EITHER.get(word, ()) for word in words)
