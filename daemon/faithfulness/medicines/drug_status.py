"""What is said to be done with a drug: taken, started, stopped, only considered; and whose it is. By the words around its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Status = Literal["current", "changed", "named", "asked", "considered", "stopped", "not-taken", "family", "allergy"]
ORDER: tuple[Status, ...] = (
    "changed",
    "current",
    "named",
    "asked",
    "considered",
    "stopped",
    "not-taken",
    "family",
    "allergy",
)
"""In this order they are listed: what is taken first, what is not and what is another's last."""
_NOT = r"(?:(?:[^\W\d_]{1,5}\s?)?n['’]t|not|never|cannot|dont|isnt|arent|doesnt|didnt|hasnt|havent|wasnt|cant|wont|no longer|nor)"
_KIN = (
    r"(?:mother|father|mom|dad|mommy|daddy|wife|husband|spouse|partner|son|daughter|brother|sister|aunt|uncle|cousin|friend|neighbou?r|"
    r"grand(?:mother|father|ma|pa|son|daughter)|boyfriend|girlfriend|roommate)"
)


def _any(*words: str) -> str:
    return rf"(?<![\w'-])(?:{'|'.join(words)})(?![\w-])"


# Said before the name; the last that is said decides.
_BEFORE: tuple[tuple[Status, str], ...] = (
    ("allergy", _any(r"allerg\w+(?: (?:to|with))?", r"anaphyla\w+(?: (?:to|from|with))?", r"(?:bad |adverse |severe )?reactions? to", r"intoleran\w+(?: (?:to|of))?",
                     r"hives (?:from|with)", r"rash (?:from|with|to)", r"sensitiv\w+ to")),
    ("family", _any(rf"{_KIN}s?(?:['’]s)? (?:\w+ ){{0,2}}?(?:takes?|took|is on|was on|are on|uses|used|has been on|is taking|was taking|was given|is prescribed|swears by)",
                    rf"{_KIN}['’]s", rf"for (?:her|his|my|your|their) {_KIN}")),
    ("not-taken", _any(rf"(?:(?:is|am|are|was|were|do|does|did|has|have|had|should|can|could|will|would) )?{_NOT} (?:\w+ ){{0,2}}?(?:tak\w+|took|on|us(?:e|es|ed|ing)|tr(?:y|ied|ying)|want\w*|started?|need\w*|recommend\w*|prescribe\w*|require\w*|have to take|had)",
                       r"(?:denies|denied|denying)(?: (?:any|the))?(?: (?:taking|use of|using|current|prior))*", r"refus(?:es|ed|ing)", r"declin(?:es|ed|ing)", r"avoid(?:s|ed|ing)?",
                       r"(?:without|no|not)(?:[\s,]+(?:any|current|prior|more|other|daily|regular|home|the|a|an|or|and|nor|need for))*[\s,]*$", r"instead of", r"rather than", r"ran out of", r"run out of", r"(?:been )?out of",
                       r"contraindicat\w+", r"skip(?:s|ped|ping)?", r"missed", r"stay away from", r"non-?complian\w+ with", r"forg(?:ot|ets|etting)(?: to take)?")),
    ("stopped", _any(r"stop(?:s|ped|ping)?", r"discontinu\w+", r"d/c(?:'?d)?", r"quit", r"hold(?:ing)?", r"held", r"c(?:a|o)me off", r"coming off", r"got off", r"get (?:you |him |her )?off", r"go off", r"went off",
                     r"weaned?(?: \w+)? off", r"(?<!first )(?<!day )(?<!days )(?<!turn )(?<!hours )off(?: of)?", r"used to (?:take|be on|use)", r"(?:was|were) (?:previously |once |initially |briefly )?(?:on|taking|using|given|treated with)", r"previously (?:on|took|taking|tried)", r"previous(?:ly)?",
                     r"formerly(?: on)?", r"failed", r"tried", r"has tried", r"have tried", r"finish(?:ed|ing)", r"complet(?:ed|ing)", r"past use of", r"switch(?:ed|ing)?(?: (?:you|him|her))? from",
                     r"chang(?:e|ed|ing)(?: (?:you|him|her))? from", r"transition\w* (?:\w+ )?from", r"took", r"(?:have|has|had|[’']ve) (?:also |already |only )?taken", r"received", r"had been (?:on|taking|using)", r"had (?:him|her|you|me) on", r"(?:was|were|got) (?:\w+ )?prescribed",
                     r"side effects? (?:from|of|with|to)", r"could ?n['’]?o?t tolerate", r"didn['’]?t tolerate", r"no relief (?:from|with)", r"been on .{0,20} in the past")),
    ("considered", _any(r"consider(?:s|ed|ing)?(?: (?:starting|adding|trying))?", r"(?:could|may|might|would|can)(?: (?:also|always|even|then|need|want))*(?: (?:to|be|have|try|add|start|consider|do|use|go|put|give|switch|increase|change|take))+(?: (?:you|him|her|on|a|to))*",
                        r"(?:whether|if) (?:or not )?(?:we|i|you|he|she|they|to|the patient|it is safe to)(?: \w+){0,4}? (?:start|begin|add|stop|hold|continue|switch|increase|decrease|resume|restart|change|use|try|take|give|taper|be on|need|needs|go on|stay on)(?:ing|ed|s)?(?: to)?",
                        r"discuss(?:ed|ing)?", r"talk(?:ed|ing)? about", r"think(?:ing)? about", r"options?(?: (?:of|include|are|is|would be))?", r"offer(?:s|ed|ing)?", r"candidate for", r"alternative(?:s|ly)?(?: to)?", r"interested in",
                        r"if (?:\w+ ){0,8}(?:then|we|consider|start|add|try)", r"(?:prior|before) to (?:starting|adding)", r"hesitant (?:about|to)", r"benefits? (?:of|from)", r"reserve\w*", r"medications? (?:like|such as)", r"things like")),
    ("changed", _any(r"start(?:s|ed|ing)?", r"begin(?:ning)?", r"began", r"initiat\w+", r"add(?:s|ed|ing)?", r"prescrib(?:e|ing)", r"put (?:you|him|her|me|them)(?: back)? on", r"go(?:ing)? (?:to give|ahead and give)", r"giv(?:e|ing)(?: (?:you|him|her))?",
                     r"order(?:ed|ing)?", r"increas(?:e|es|ed|ing)", r"decreas(?:e|es|ed|ing)", r"reduc(?:e|ed|ing)", r"lower(?:ed|ing)?", r"rais(?:e|ed|ing)", r"titrat\w+", r"adjust(?:ed|ing)?", r"bump(?:ed|ing)?", r"doubl(?:e|ed|ing)",
                     r"switch(?:ed|ing)?(?: (?:you|him|her))?(?: (?:over|to))*", r"chang(?:e|ed|ing)(?: (?:you|him|her))? to", r"restart(?:ed|ing)?", r"resum(?:e|ed|ing)", r"trial of", r"taper(?:ed|ing)?", r"recommend(?:s|ed|ing)?(?: (?:you )?(?:tak(?:e|ing)|us(?:e|ing)))?",
                     r"we(?:'ll| will) (?:try|use|do)", r"call(?:ed)? in", r"send(?:ing)? in", r"refill(?:s|ed|ing)?", r"renew(?:ed)?", r"new prescription(?: (?:for|of))?", r"prescription (?:for|of)", r"discharged? (?:\w+ )?(?:on|with)")),
    ("current", _any(r"continu(?:e|es|ed|ing)(?: (?:on|with|to take|taking))*", r"tak(?:e|es|ing)", r"keep (?:taking|using|him on|her on|you on)", r"stay(?:ing)? on", r"remain(?:s|ing)? on", r"maintain(?:ed)? on", r"on(?! (?:it|that|this|top|exam\w*|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:the|my|your|his|her) (?:left|right|back|arm|leg|face|skin)))", r"us(?:e|es|ing)", r"including", r"includes?",
                     r"current(?:ly)?", r"medications?(?: (?:are|is))?", r"meds", r"(?:is|are|been|has been|have been) (?:prescribed|given|treated with|managed with|controlled (?:on|with|by))", r"been (?:taking|using|on)", r"get(?:s|ting)", r"treated with", r"controlled (?:on|with|by)", r"managed with")),
)  # fmt: skip
# Said behind it, of it.
_AFTER: tuple[tuple[Status, str], ...] = (
    ("allergy", _any(r"allerg(?:y|ies|ic)", r"(?:which |that )?(?:causes?|caused|gives?|gave|makes?|made)(?: (?:her|him|me|you|them))? (?:\w+ ){0,3}(?:hives|rash|rashes|itch\w*|swell\w*|anaphyla\w+|swollen|throat)", r"anaphyla\w+", r"intoleran\w+")),
    ("stopped", _any(r"(?:was|were|is|are|been|be|got|has been|have been)? ?(?:recently |previously |also )?(?:stopped|discontinued|d/c'?d|held|on hold|finished|completed)", r"stopped (?:it|that|taking|using|this)", r"quit (?:it|taking)",
                     rf"(?:did|do|does|has|have|was|is) ?{_NOT} (?:\w+ ){{0,3}}?(?:help|helped|helping|work|worked|working|effective|tolerate|tolerated|touch|improv\w+|reliev\w+)", r"but (?:that )?(?:was )?(?:stopped|quit|discontinued)",
                     r"without (?:any |much |significant )?(?:relief|improvement|benefit|success|help)", r"with(?: minimal| little)? no (?:relief|improvement|benefit|success)", r"(?:has |have |had )?failed", r"in the past(?! (?:few |couple |several |\w+ )?(?:days?|weeks?|months?|years?))", r"caused", r"made (?:me|her|him) (?:sick|dizzy|cough|nauseous)", r"until", r"no relief", r"ineffective",
                     r"and (?:then )?stop", r"stop (?:it|them|that)")),
    ("not-taken", _any(rf"(?:but |and )?(?:i|he|she|they|you) (?:\w+ )?{_NOT} (?:\w+ ){{0,2}}?(?:tak\w+|took|us\w+|on it|start\w*|tried|fill\w*|like)", rf"(?:is|are|was|were) {_NOT} (?:needed|indicated|necessary|recommended|started|taken|filled)", r"was never (?:started|filled|taken)",
                       r"contraindicated", r"not taken", r"not currently", r"declined", r"ran out", r"run out", r"as i (?:ran|run) out")),
    ("considered", _any(r"(?:may|might|could|can|would) be (?:considered|added|started|tried|an option|helpful|useful)", r"(?:was|were) discussed", r"as an? (?:option|alternative)", r"(?:is|are) an option")),
    ("changed", _any(r"(?:was|were|is|will be|to be|be|has been|been) (?:\w+ )?(?:started|increased|decreased|reduced|added|prescribed|initiated|changed|adjusted|restarted|refilled|renewed|doubled)", r"refills?", r"started (?:it|this|last|yesterday|two|three|in)")),
    ("current", _any(r"(?:is |are |be |was )?continued", r"as (?:prescribed|directed)", r"(?:is|are) (?:helping|working)", r"(?:has|have) (?:been helping|helped)", r"unchanged", r"will (?:be )?continue\w*")),
)  # fmt: skip
_OWN_BEFORE = [(status, re.compile(pattern, re.IGNORECASE)) for status, pattern in _BEFORE]
_OWN_AFTER = [(status, re.compile(pattern, re.IGNORECASE)) for status, pattern in _AFTER]
_BREAK = re.compile(r"[;:]\s|\.\s| but | however |,? (?:which|who) (?:is|was)\b", re.IGNORECASE)
_NEXT_OWNS = re.compile(
    r"(?:\W+(?!it\b|them\b|that\b|because\b|due\b|after\b|when\b|since\b|by\b)[\w'-]+){0,4}\W*$", re.IGNORECASE
)
_REACH = re.compile(r"(?:\s+(?!and\b|but\b|then\b|so\b|now\b)[\w'-]+){0,4}\s*", re.IGNORECASE)
"""What a denial reaches over: "stopped taking", "did not want to be on"."""
_REACH_BEFORE = 14
_WINDOW = 400  # characters before a name in which its words are looked for
_WORDS = re.compile(r"[^\W_]+")
_REACH_AFTER = 12  # words, so that what is said late in a long sentence is not taken for a word on its first drug
_SOMEBODY = re.compile(r"\b(?:he|she|they|i|we|you|patient)\s*$", re.IGNORECASE)
_SAME = re.compile(r"\s*(?:[.,;]|$|(?:it|them|this|that|the (?:same|medication|medicine|drug))\b)", re.IGNORECASE)
"""Of somebody who does something behind a drug, only this is said of the drug: not "he will continue weekly therapy"."""
_PASSIVE = re.compile(r"(?:is|was|were|are|has|have|did|does)\b", re.IGNORECASE)
_TO = re.compile(r"\s*(?:\S+\s+){0,4}to\s+(?:(?:the|a|some)\s+)?$", re.IGNORECASE)
_YES = re.compile(
    r"(?:yes|yeah|yep|yup|i do|i am|i have|he does|she does|correct|uh-huh|that's right|sure)\b", re.IGNORECASE
)
_NO = re.compile(r"(?:no|nope|nah|not|never|i don't|i do n't|i'm not|i have n't|i haven't|none)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stated:
    """A drug's status and the words that say it, as a span of the sentence; an empty span where nothing says it."""

    status: Status
    span: tuple[int, int] = (0, 0)


def stated(text: str, drugs: Sequence[tuple[int, int]], at: int) -> Stated:
    """What `text` says of the drug whose name has the span `drugs[at]`; `drugs` are all of its names, in order.

    What is said behind the name, of it, decides before what was said last ahead of all names.
    """
    start, end = drugs[at]
    if at and _TO.match(text[drugs[at - 1][1] : start]):  # "switch from lisinopril to losartan"
        before = _ahead(text, drugs[at - 1][0], drugs[: at - 1])
        if before is not None and text[slice(*before.span)].lower().endswith("from"):
            said = text[before.span[0] : start].rstrip()
            return Stated("changed", (before.span[0], before.span[0] + len(said)))
    after = _after(text, end, drugs[at + 1][0] if at + 1 < len(drugs) else len(text), last=at + 1 == len(drugs))
    return after or _ahead(text, start, drugs[:at]) or Stated("named")


def _after(text: str, begin: int, end: int, *, last: bool) -> Stated | None:
    for status, pattern in _OWN_AFTER:
        for found in pattern.finditer(text, begin, end):
            between = text[begin : found.start()]
            others = not last and _NEXT_OWNS.match(text[found.end() : end]) and not _PASSIVE.match(found[0])
            apart = found[0].lower().startswith("allerg") and between.strip(" -") != ""
            apart = apart or (_SOMEBODY.search(between) is not None and _SAME.match(text, found.end()) is None)
            if len(between.split()) <= _REACH_AFTER and not (others or apart or re.search(r"[.;]\s", between)):
                return Stated(status, _trimmed(found))
    return None


def _ahead(text: str, start: int, earlier: Sequence[tuple[int, int]]) -> Stated | None:
    """The last that is said before the name, outside of other names; but "stopped" of "stopped taking"."""
    plain = text[:start]
    for a, b in earlier:
        plain = plain[:a] + "," * (b - a) + plain[b:]
    stop = max((found.end() for found in _BREAK.finditer(plain)), default=0)
    every = [
        (found, rank, status)
        for rank, (status, pattern) in enumerate(_OWN_BEFORE)
        for found in pattern.finditer(plain, max(0, start - _WINDOW))
        if (found.end() > stop or status == "allergy") and len(_WORDS.findall(plain[found.end() :])) <= _REACH_BEFORE
    ]
    best: tuple[re.Match[str], int, Status] | None = None
    for one in sorted(every, key=lambda each: (each[0].end(), -each[1])):
        weak = one[2] in {"current", "changed"} and best is not None and best[2] != "current"
        if best is None or not (
            weak and _REACH.fullmatch(plain[best[0].end() : one[0].start()] if one[0].start() >= best[0].end() else "")
        ):
            best = one
    if best is None:
        return None
    first, last = _trimmed(best[0])
    named = min((a for a, _ in earlier if first < a < last), default=last)  # "no" of "no aspirin or ibuprofen"
    return Stated(best[2], (first, first + len(text[first:named].rstrip(" ,"))))


def _trimmed(found: re.Match[str]) -> tuple[int, int]:
    start = found.start()
    return start + len(found[0]) - len(found[0].lstrip()), start + len(found[0].rstrip(" ,"))


def answered(status: Status, answer: str) -> tuple[Status, bool]:
    """The status of a drug that a question named, given the answer; and whether the answer decides it."""
    plain = answer.strip().lower()
    if status == "allergy":
        return status, False
    for each, pattern in _OWN_AFTER[1:2]:
        if pattern.search(plain):
            return each, True
    if re.search(r"\b(?:stopped|quit|ran out|used to|n['’ ]+t take|not taking)\b", plain):
        return "stopped", True
    if _NO.match(plain):
        return "not-taken", True
    if _YES.match(plain) and status in {"current", "changed", "named"}:
        return "current", True
    return ("asked" if status in {"current", "named"} else status), False
