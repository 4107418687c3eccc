"""`examination-unsupported` and `result-unsupported`: a finding without a passage in which somebody examines or reports.

Each finding of a statement is looked for among those that the source reports of the same part of the body. Severity is high where
none is reported, or its opposite; lower where it stands in another place, or where too few of the other words do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.faithfulness.reading.headings import EXAMINATIONS, kind_of
from daemon.faithfulness.rules.examination_words import Hit, Sign, read, vocabulary
from daemon.faithfulness.rules.examined import Examined, Reported, examined
from daemon.faithfulness.rules.results import result_findings
from daemon.faithfulness.rules.support import share_of, stands_in
from daemon.faithfulness.texts import Claim, Texts
from daemon.faithfulness.vocabulary.concepts import Word, claim_terms
from daemon.model.finding import Finding, Severity

_LEVELS = ("said", "implied", "whole", "elsewhere", "aside", "opposite-implied", "unsaid", "unexamined", "opposite")
"""How a finding stands in the source, from best to worst."""
_LEAST_SHARES: dict[str, tuple[float, Severity]] = {
    "said": (0.45, "low"), "implied": (0.0, "low"), "whole": (0.5, "low"), "elsewhere": (0.5, "low"), "aside": (0.6, "medium"),
}  # fmt: skip
"""What share of the statement has to stand in the source for a finding that stands there in some way, and how grave less is."""
_LEAST_WITHOUT_SIGN = 0.4
_WITH_WORDS_OF_THEIR_OWN = frozenset({"examination", "objective"})
_SEEN_IN_PASSING = frozenset({"general", "neuro", "psych"})
_JUDGED_ELSEWHERE = frozenset({"assessment", "assessment-plan", "plan", "results", "procedure", ""})


class _Atom(NamedTuple):
    """One finding of a statement: the words from `first` to `end`, each with the meanings it may have."""

    first: int
    end: int
    meanings: tuple[Hit, ...]


def examination_findings(claim: Claim, source: Texts) -> Iterator[Finding]:
    """At most one finding of each code: the words that are worst supported."""
    if stands_in(claim, source):
        return
    found, known = read(claim.text)
    kind = kind_of(claim.section)
    yield from result_findings(claim, source, found, known)
    if kind in EXAMINATIONS or (kind in _JUDGED_ELSEWHERE and _speaks_of_examining(found, known)):
        yield from _unsupported(claim, source, found, known)


def _speaks_of_examining(found: Sequence[Word], known: Sequence[Hit]) -> bool:
    signs = vocabulary().signs
    alone = any(hit.kind == "sign" and signs[hit.name].alone for hit in known)
    return alone and any(word.text in _EXAMINING for word in found)


_EXAMINING = frozenset({"auscultation", "palpation", "exam", "examination", "percussion", "inspection", "palpable", "auscultated", "appreciated"})  # fmt: skip


def _unsupported(claim: Claim, source: Texts, found: Sequence[Word], known: Sequence[Hit]) -> Iterator[Finding]:
    said = source.learn(examined)
    regions = _regions(known)
    atoms = _atoms(known)
    levels = list(zip(_levels_of(atoms, regions, said), atoms, strict=True))
    if not levels:
        yield from _without_sign(claim, source, found, known)
        return
    worst, atom = max(levels, key=lambda one: _LEVELS.index(one[0]))
    severity = _severity(worst, atom, [level for level, _ in levels], share_of(list(claim_terms(found)), source))
    if severity is not None:
        span = found[atom.first].start, found[atom.end - 1].end
        against = _against(atom, said) if worst.startswith("opposite") else ()
        yield Finding("examination-unsupported", severity, claim.text[slice(*span)], span, against)


def _severity(worst: str, atom: _Atom, levels: Sequence[str], share: float) -> Severity | None:
    if worst in _LEAST_SHARES:
        least, severity = _LEAST_SHARES[worst]
        return severity if share < least else None
    if worst.startswith("opposite"):
        return "high"
    # One templated word in a row of findings that were made is a lesser fault, and so is what is seen without examining.
    partly = any(level in {"said", "implied"} for level in levels)
    signs = [vocabulary().signs[hit.name] for hit in atom.meanings]
    passing = all(sign.regions and sign.regions <= _SEEN_IN_PASSING and not sign.alone for sign in signs)
    return "medium" if partly or passing else "high"


def _without_sign(claim: Claim, source: Texts, found: Sequence[Word], known: Sequence[Hit]) -> Iterator[Finding]:
    """A sentence of an examination in words that the vocabulary does not know."""
    if kind_of(claim.section) not in _WITH_WORDS_OF_THEIR_OWN:
        return
    parts = {place for hit in known for place in range(hit.first, hit.end) if hit.kind == "region"}
    terms = [term for term in claim_terms(found) if term.first not in parts]
    if len(terms) > 1 and share_of(terms, source) < _LEAST_WITHOUT_SIGN:
        span = found[terms[0].first].start, found[terms[-1].end - 1].end
        yield Finding("examination-unsupported", "low", claim.text[slice(*span)], span)


def _regions(known: Sequence[Hit]) -> frozenset[str]:
    regions = frozenset(hit.name for hit in known if hit.kind == "region")
    return regions - {"general"} if len(regions) > 1 else regions


def _atoms(known: Sequence[Hit]) -> list[_Atom]:
    """The findings, the longest words of each place."""
    tests = {
        place for hit in known if hit.kind == "test" and hit.end - hit.first > 1 for place in range(hit.first, hit.end)
    }
    signs = [hit for hit in known if hit.kind == "sign" and hit.first not in tests]
    by_place: dict[int, list[Hit]] = defaultdict(list)
    for hit in signs:
        by_place[hit.first].append(hit)
    atoms: list[_Atom] = []
    reach = 0
    for first, here in sorted(by_place.items()):
        end = max(hit.end for hit in here)
        if end > reach:
            atoms.append(_Atom(first, end, tuple(hit for hit in here if hit.end == end)))
            reach = end
    return atoms


def _levels_of(atoms: Sequence[_Atom], regions: frozenset[str], said: Examined) -> list[str]:
    """For each finding how it stands in the source, in its best meaning. Each is looked for once, however often it is repeated."""
    meant = {(hit.name, hit.denied): hit for atom in atoms for hit in atom.meanings}
    levels = {key: _level(hit, regions, said) for key, hit in meant.items()}
    return [min((levels[hit.name, hit.denied] for hit in atom.meanings), key=_LEVELS.index) for atom in atoms]


def _level(hit: Hit, regions: frozenset[str], said: Examined) -> str:
    sign = vocabulary().signs[hit.name]
    where = regions or sign.regions
    if regions and not sign.alone and not said.names(regions):
        return "unsaid"
    reported = _reported(hit.name, said)
    examining = [each for each in reported if not each.aside]
    fitting = [each for each in examining if not where or _is_own(sign) or said.near(each.place, where)]
    if fitting:
        flipped = sign.abnormal and sign.alone and all(each.denied != hit.denied for each in fitting)
        return "opposite" if flipped else "said"
    normal = sign.abnormal is hit.denied if sign.abnormal is not None else False
    implied = _implied(sign, where, said) if normal else ""
    if implied:
        return implied
    if normal and any(said.near(place, where) for place in said.wholes):
        return "whole"
    if reported:
        return "elsewhere" if examining else "aside"
    return "unsaid" if said.has_examined(where) else "unexamined"


def _is_own(sign: Sign) -> bool:
    """Whether the word says by itself which part of the body is meant."""
    return sign.alone and len(sign.regions) < 3


def _implied(sign: Sign, where: frozenset[str], said: Examined) -> str:
    """Whether a finding that rules this one out, or its opposite, is reported."""
    levels = set()
    for name in vocabulary().implied.get(sign.name, ()):
        abnormal = vocabulary().signs[name].abnormal
        for each in said.signs.get(name, ()):
            if not each.aside and (sign.alone or said.near(each.place, where)):
                levels.add("implied" if abnormal is None or abnormal == each.denied else "opposite-implied")
    return "implied" if "implied" in levels else next(iter(levels), "")


def _reported(name: str, said: Examined) -> list[Reported]:
    return [each for one in (name, *vocabulary().same.get(name, ())) for each in said.signs.get(one, ())]


def _against(atom: _Atom, said: Examined) -> tuple[str, ...]:
    """The passages that report what was found instead."""
    names = [name for hit in atom.meanings for name in (hit.name, *vocabulary().implied.get(hit.name, ()))]
    passages = {each.passage for name in names for each in _reported(name, said) if not each.aside}
    return tuple(sorted(passages, key=said.order.__getitem__))
