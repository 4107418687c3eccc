"""What a memo asks to become: "Okay, this is Dr. Smith dictating a referral letter to cardiology" asks for one.

A pure rule, and a strict one. A cue counts only where everything before it is talk about the dictation itself: who speaks, the date,
filler, "please write a …". "The patient brought a referral letter" begins with something else and asks for nothing; nor does
"Referral letter from her PCP was received", by what follows the cue. What speech recognition does to a request is forgiven: hyphens,
plurals, words in one or in two, "soup note".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from daemon.documents.filler import is_filler

FIRST_WORDS = 60
"""So many words are looked at: who speaks, the date, the patient's name and date of birth are said in fewer."""
CLAUSE_WORDS = 14
SHOWN_WORDS = 6
_LONGEST_NAME = 3
_LONGEST_FILLER = 6

_MODAL = r"(?:(?:please|kindly|just|can you|could you|would you|will you|go ahead and|let's|let us|let me|i would like(?: you)? to|i'd like(?: you)? to|" \
         r"i want(?: you)? to|i need(?: you)? to|we need to|i'm going to|i am going to|i'll|i will|i would|you can) )*"  # fmt: skip
_VERB = (
    r"(?:write|draft|prepare|do|make|create|generate|compose|dictate|type|start|begin|send|record|produce|put together)"
)
_LEAD_IN = re.compile(
    rf"(?:{_MODAL}{_VERB}(?: (?:up|out|with|off with))?(?: (?:her|him|them|(?:the|this|my|our) patient))?(?: (?:the|my|our|today's))? "
    r"|(?:i|we) (?:need|want|would like) (?:to have )?|(?:i'd|we'd) like |(?:i'm|i am|we are|we're) (?:dictating|writing|recording|doing|making) (?:the )?"
    r"|(?:dictating|dictation|recording|memo|voice memo|note to self|request|document(?: type)?|type of document|note type|template|title)(?: is)?(?: for| of)? "
    r"|(?:this is|this will be|this is going to be|here is|here's|it's|it is|that's|the following is|following is|next is|next up) (?:the )?"
    r"|(?:a|an|new|another|one|quick|brief|short|formal|urgent|routine|follow up|followup|today's|stat|this|first|second|next|also|"
    r"medical|clinical|standard|initial|final|same) "
    r"|(?:for|to go in|to) (?:the|her|his|this|my|our) (?:patient's )?(?:medical )?(?:chart|record|records|file) |for (?:my|this|the|our) patient "
    r"|with (?:a|an) |please |draft (?:of )?)"
)
_NUMBER = r"(?:\d+(?:st|nd|rd|th|am|pm)?|zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|" \
          r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|first|second|third|fourth|" \
          r"fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|" \
          r"nineteenth|twentieth|thirtieth)"  # fmt: skip
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
_DATE = re.compile(
    r"(?:(?:today's date is|today is|today|the date is|date of service|date of visit|date of birth|birth date|dated|date|dob|d o b|born|mrn|m r n|"
    r"medical record number|chart number|room|time) (?:is |on )?)?"
    rf"(?:(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday) )?(?:the )?(?:(?:{_MONTH}|{_NUMBER}|of|and|the|a m|p m) )+"
)
_TITLE = r"(?:dr|doctor|nurse practitioner|nurse|physician assistant|np|pa|professor)"
_INTRODUCED = re.compile(rf"(?:(?:this is|it's|i am|i'm|my name is|here is) )?{_TITLE} ")
_INTRODUCED_BARE = re.compile(r"(?:this is|it's|i am|i'm|my name is) ")
_AFTER_NAME = re.compile(
    r"(?:(?:md|m d|do|d o|np|n p|pa|p a|pa c|rn|r n|dnp|phd) )?(?:(?:here|speaking|dictating|recording|calling) )?(?:the )?"
)
_SPEAKS, _DEGREES = frozenset({"dictating", "speaking", "here", "recording"}), frozenset({"md", "np", "pa"})
_AT = re.compile(r"(?:from|with|at|in|of) ")
_PATIENT = re.compile(
    r"(?:(?:regarding|re|on|for|about) )?(?:(?:the |my |our )?patient(?:'s)?(?: name)?(?: is)? |(?:regarding|re) )"
)

_TAKEN_IN = r"(?:brought|received|got|arrived|came|went|faxed|mailed|sent|denied|approved|rejected|expired|scanned|handed|forwarded|uploaded|reviewed|given|provided|printed)"
_STATE = r"(?:denied|approved|pending|sent|placed|received|rejected|done|complete|completed|submitted|reviewed|expired|ready|here|back|signed|due|" \
         r"needed|required|in|on file|faxed|mailed|scanned|written|made|obtained|brought|requested)"  # fmt: skip
_WAS = r"(?:is|was|were|are|has|have|had|isn't|wasn't|hasn't|remains?|says?|said|states?|stated|shows?|showed|mentions?|mentioned|recommends?|" \
       r"recommended|notes|noted|indicates?|requests|requested|dated|on file|attached|pending|still|already|not|never)"  # fmt: skip
_IS_ABOUT = re.compile(r"is (?:for|to|regarding|about|on|addressed|going to|being)\b")
_NOT_ASKED = re.compile(rf"{_WAS}\b|{_TAKEN_IN}\b")
_REPORTS = r"(?:says|states|shows|mentions|recommends|notes|indicates|requests|reports|describes|suggests|dated|reviewed|received)"
# "for Maria Delgado" is often heard as "from Maria Delgado": a name by itself says nothing against a request.
_FROM_ELSEWHERE = re.compile(
    r"from (?:her|his|their|the|an?|another|outside|previous|last|your|that|whoever|urgent|today|yesterday)\b"
    rf"|from (?:dr|doctor)\b(?!.*\bto\b)|from\b.*\b{_REPORTS}\b"
)
_RELATIVE = re.compile(
    rf"(?:that|which|she|he|they|we|i|you|it|her|his|their|my|the)\b.*\b{_TAKEN_IN}\b|(?:she|he|they|we|you|it)\b.*\b{_WAS}\b"
)
_PASSIVE = re.compile(
    rf"(?<!to )\b(?:is|was|were|are|been|got|still|already|has|had)(?: (?:just|now|already|not|still|been))* {_STATE}\b|\b(?:came|went) (?:through|out|back|in)\b|^(?:to|for)(?: \w+){{1,3}} {_TAKEN_IN}\b"
)
_DONE = re.compile(
    rf"^(?:[\w']+ ){{1,3}}{_TAKEN_IN}$|\b(?:made|placed|given|done) (?:in|on|at|last|by|today|yesterday)\b"
)
_ASIDE = re.compile(r"\b(?:after|because|since|who|whose|despite|although|when|as|where|if|due to)\b")
_ASKED_BACK = re.compile(r"\b(?:for|to|with|because) my (?!patient|office|practice|clinic|chart|colleague|partner)")

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_STOP = re.compile(r"[.,:;!?()\n–—]|\s-\s")
_ALIKE = {
    "auth": "authorization", "off": "authorization", "oath": "authorization", "author": "authorization",
    "authorisation": "authorization", "preauth": "preauthorization", "preauthorisation": "preauthorization",
    "sope": "soap", "soup": "soap", "soak": "soap", "sub": "soap", "subnote": "soapnote", "node": "note",
    "gop": "gap", "got": "gap", "gab": "gap", "cap": "gap", "centre": "center",
}  # fmt: skip
"""Other spellings, and what whisper made of "prior auth", "SOAP note" and "gap analysis" in two voices."""


@dataclass(frozen=True, slots=True)
class Request:
    """A cue that a text asks with: the key it belongs to, how many letters of the text it explains, and the words to show.

    `span` is where the cue's own words stand in the text, as (start, end) in characters.
    """

    key: str
    cue: str
    letters: int
    words: str
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word as it is compared, where it stands, and what stands between it and the next one that ends a clause."""

    plain: str
    start: int
    end: int
    stop: str


def spoken_request(untrusted_text: str, cues: Iterable[tuple[str, str]]) -> Request | None:
    """The request a text begins with; None if it begins with none. `cues` are pairs of (key, cue).

    The cue that explains the most letters wins; of cues alike the first pair.
    """
    words = _first_words(untrusted_text)
    starts = _starts(untrusted_text, words)
    best: Request | None = None
    for key, cue in cues:
        asked = _squeezed(_WORD.findall(cue))
        for start in starts if asked else ():
            end = _end_of(words, start, asked)
            if end is None or (best is not None and len(asked) <= best.letters) or not _asks(words, start, end):
                continue
            shown = _shown(untrusted_text, words, start, end)
            best = Request(key, cue, len(asked), shown, (words[start].start, words[end - 1].end))
            break
    return best


def _first_words(text: str) -> list[_Word]:
    found: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        found.append(match)
        if len(found) > FIRST_WORDS:
            break
    if not found:
        return []
    ends = [*(match.start() for match in found[1:]), min(len(text), found[-1].end() + 8)]
    words = [
        _Word(match.group().lower().replace("’", "'"), match.start(), match.end(), _stop(text, match, end))
        for match, end in zip(found, ends, strict=True)
    ]
    return words[:FIRST_WORDS]


def _stop(text: str, word: re.Match[str], end: int) -> str:
    """The first mark that ends a clause behind a word, or nothing; the point of "Dr." and of initials ends none."""
    mark = _STOP.search(text, word.end(), end)
    if mark is None:
        return ""
    is_short = mark.group() == "." and (
        len(word.group()) == 1 or word.group().lower() in {"dr", "mr", "mrs", "ms", "st"}
    )
    return "" if is_short else mark.group()


def _squeezed(words: Iterable[str]) -> str:
    """Words run together, so that "e-mail" is "email" and "S.O.A.P." is "soap"; singular, and as they are usually spelled."""
    return "".join(map(_spelled, words))


def _spelled(word: str) -> str:
    plain = word.lower().replace("’", "'")
    if len(plain) > 3 and plain.endswith("s") and not plain.endswith(("ss", "us", "is", "'s")):
        plain = plain[:-1]
    return _ALIKE.get(plain, plain)


def _end_of(words: list[_Word], start: int, asked: str) -> int | None:
    """The index behind the last word of what reads as `asked` from `start` on; None if nothing does."""
    rest = asked
    for index in range(start, len(words)):
        spelled = _spelled(words[index].plain)
        if not rest.startswith(spelled):
            return None
        rest = rest[len(spelled) :]
        if not rest:
            return index + 1
    return None


def _starts(text: str, words: list[_Word]) -> list[int]:
    """Where a request may begin: every word that nothing but lead-ins stand before."""
    joined, offsets = "", []
    for word in words:
        offsets.append(len(joined))
        joined += word.plain + " "
    index_at = {offset: index for index, offset in enumerate([*offsets, len(joined)])}
    reached, waiting = {0}, [0]
    while waiting:
        here = waiting.pop()
        if here >= len(words):
            continue
        matched = (pattern.match(joined, offsets[here]) for pattern in (_LEAD_IN, _DATE))
        nexts = {index_at[found.end()] for found in matched if found is not None and found.end() in index_at}
        nexts |= set(_behind_filler(words, here))
        nexts |= {behind for name_end in _behind_names(text, words, joined, offsets, here) for behind in
                  _behind_role(words, joined, [*offsets, len(joined)], index_at, name_end)}  # fmt: skip
        waiting += nexts - reached
        reached |= nexts
    return sorted(each for each in reached if each < len(words))


def _behind_filler(words: list[_Word], here: int) -> Iterator[int]:
    for count in range(1, _LONGEST_FILLER + 1):
        if here + count <= len(words) and is_filler(" ".join(word.plain for word in words[here : here + count])):
            yield here + count


def _behind_names(text: str, words: list[_Word], joined: str, offsets: list[int], here: int) -> Iterator[int]:
    """Behind who speaks, or whom it is about. A name may be spelled small only behind a title."""
    for pattern, any_first, ends_clause in (
        (_INTRODUCED, True, False),
        (_INTRODUCED_BARE, False, False),
        (_PATIENT, False, True),
    ):
        found = pattern.match(joined, offsets[here])
        if found is None or found.end() not in offsets:
            continue
        begin = offsets.index(found.end())
        if ends_clause and words[begin - 1].stop == ".":  # "Patient. Hello …": no name follows
            continue
        for count in range(1, _LONGEST_NAME + 1):
            name = words[begin : begin + count]
            if len(name) < count or not _is_name(text, name, any_first=any_first):
                break
            if not ends_clause or name[-1].stop:
                yield begin + count
    yield from _behind_bare_name(text, words, here)


def _behind_bare_name(text: str, words: list[_Word], here: int) -> Iterator[int]:
    """ "Maria Delgado dictating": a name by itself is one only in front of such a word."""
    for count in range(1, _LONGEST_NAME + 1):
        end = here + count
        told = end < len(words) and words[end].plain in _SPEAKS | _DEGREES
        if told and _is_name(text, words[here:end], any_first=False):
            yield end


def _is_name(text: str, name: list[_Word], *, any_first: bool) -> bool:
    tail = name[1:] if any_first else name
    return all(word.plain.replace("'", "").isalpha() for word in name) and all(text[w.start].isupper() for w in tail)


def _behind_role(
    words: list[_Word], joined: str, offsets: list[int], index_at: dict[int, int], name_end: int
) -> Iterator[int]:
    """Behind what may follow a name: letters of a degree, a place or specialty, "dictating"."""
    at = _AT.match(joined, offsets[name_end]) if name_end < len(words) else None
    begin = index_at[at.end()] if at is not None else name_end
    ends = range(begin + 1, min(begin + 5, len(words) + 1))
    spoken = {end for end in ends if words[end - 1].stop or (end < len(words) and words[end].plain in _SPEAKS)}
    for place in sorted(spoken | {name_end}):
        found = _AFTER_NAME.match(joined, offsets[place])
        yield place
        if found is not None and found.end() in index_at:
            yield index_at[found.end()]


def _asks(words: list[_Word], start: int, end: int) -> bool:
    """Whether what follows the cue leaves it a request, and is not talk about a document that exists."""
    before = " ".join(word.plain for word in words[:start])
    closing = next((word.stop for word in words[end - 1 :] if word.stop in {".", "!", "?", "\n"}), "")
    if closing == "?" and not re.search(r"\b(?:can|could|would|will) you\b", before):
        return False
    if words[end - 1].stop and words[end - 1].stop != ",":
        return True
    clause = _clause(words, end)
    if _ASKED_BACK.search(clause) and re.search(r"\b(?:i|we) (?:need|want|would like)\b|\b(?:can|could) you\b", before):
        return False
    if _IS_ABOUT.match(clause):
        return True
    if any(pattern.match(clause) for pattern in (_NOT_ASKED, _FROM_ELSEWHERE, _RELATIVE)):
        return False
    alone = _ASIDE.split(clause)[0].strip()
    return _PASSIVE.search(alone) is None and _DONE.search(alone) is None


def _clause(words: list[_Word], begin: int) -> str:
    said: list[str] = []
    for word in words[begin : begin + CLAUSE_WORDS]:
        said.append(word.plain)
        if word.stop:
            break
    return " ".join(said)


def _shown(text: str, words: list[_Word], start: int, end: int) -> str:
    """The request's own words, a few and to the end of the clause at most; "… " in front where others were said before."""
    last = end
    while last < min(start + SHOWN_WORDS, len(words)) and not words[last - 1].stop:
        last += 1
    shown = " ".join(text[words[start].start : words[last - 1].end].split())
    return shown if start == 0 else f"… {shown}"
