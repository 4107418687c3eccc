"""Names without a title, in the places where people stand: "Rosalind reports", "discussed with Rosalind", "Rosalind's records".

A name is a word with a capital that is no usual word of English or of medicine (no list of this package has it, and it has no ending
of such words), no drug, place, company or eponym, and that does or suffers what only people do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from daemon.faithfulness.package_data import package_text
from daemon.faithfulness.vocabulary.word_lists import word_list

_CAPITAL = r"(?:(?:Mc|Mac|O'|D')?[A-Z])[a-zÀ-ɏ]+(?:['-][A-Z]?[a-zÀ-ɏ]+)*"
_RUN = re.compile(rf"(?<![\w'./-]){_CAPITAL}(?: {_CAPITAL}){{0,3}}(?![\w@])")
_WORD = re.compile(r"[^\W\d_][\w'-]+")
_VOCABULARY = (
    "empty_words.txt", "common_words.txt", "carried_terms.tsv", "terms.txt", "diagnoses.txt", "symptoms.txt", "same_words.txt", "synonyms.txt",
    "orders.txt", "examination.txt", "body_parts.tsv", "word_lists.tsv", "sounding_like_drugs.txt",
)  # fmt: skip
_ENDINGS = re.compile(
    r"(?:tions?|sions?|ments?|ness|ity|ities|ism|ology|ologist|ologists|graphy|graphic|gram|grams|metry|scopy|itis|osis|oses|emia|uria|algia|pathy|ectomy|"
    r"otomy|ostomy|plasty|megaly|rrhea|phagia|plegia|paresis|esthesia|trophy|penia|cyte|cytes|oma|omas|[a-z]{2}ical|ically|[a-z]{2}ive|ous|able|ible|ably|ful|less|"
    r"ings?|edly|ized|izing|wise|ward|wards|sequently|ship|hood|ics|oid|oids|genic|genous|statin|cocc(?:us|i)|[a-z]{3}(?:it|nt|ic|in|or|ur|on|ti)al|pril|sartan|olol|azole|cillin|mycin|mab|tinib|gliptin|gliflozin|"
    r"vir|pine|zepam|prost|dronate|caine|amide|azine|idine|oxacin|thyl|[a-z]{4}ide|[a-z]{3}ate|ates|[a-z]{3}ase)$"
)  # fmt: skip
_FRONTS = re.compile(
    r"(?:non|pre|post|anti|hyper|hypo|inter|intra|sub|neuro|cardio|gastro|electro|echo|immuno|radio)[a-z]{4,}"
)
_ADVERBS = (
    r"(?:,? (?:also|still|again|previously|currently|recently|initially|then|now|usually|typically|occasionally|rarely|often|otherwise|further|additionally|"
    r"reportedly|adamantly|strongly|subsequently|never|always|generally|sometimes|continually|specifically|herself|himself|today|just|only|already|not|[a-z]{3,}ly),?){0,2}"
)  # fmt: skip
_HELPERS = r"(?:(?:has|had|have|does|did|do|will|would|should|can|could|may|might|must|is|was)(?: not|n't)? (?:also |still |been |recently |previously |now |currently |be |otherwise ){0,3})?"
_DEEDS = (
    "reports? reported den(?:y|ies|ied) states? stated endors(?:e|es|ed) notes? noted drinks? drank eats? ate smok(?:es?|ed) takes? took taken checks? checked rat(?:es?|ed) "
    "sustained understands? understood agree(?:s|d)? verbaliz(?:es|ed) presents? presented underwent undergoes lives? lived works? worked complain(?:s|ed)? "
    "describ(?:es?|ed) admits? admitted feels? felt think(?:s)? thought believ(?:es?|ed) questioned questions inquire[sd]? asks asked wish(?:es|ed)? wants? wanted "
    "elect(?:s|ed) declin(?:es?|ed) refus(?:es?|ed) prefers? preferred enjoys? enjoyed exercises? exercised walks? walked runs ran sleeps? slept utiliz(?:es?|ed) uses? used "
    "tries tried stopped quit started begins? began visited visits sees saw came comes went goes arriv(?:es|ed) return(?:s|ed)? call(?:s|ed) attribut(?:es?|ed) recalls? recalled "
    "remembers? mention(?:s|ed) said says told explain(?:s|ed) express(?:es|ed) acknowledg(?:es?|ed) adds? added affirm(?:s|ed) confirm(?:s|ed) monitors? monitored experienc(?:es?|ed) "
    "accepts? accepted consent(?:s|ed)? continues? continued tolerat(?:es?|ed) stretch(?:es|ed) fell injured weighs? gained lost broke likes? loves? hopes? plans? planned knows? "
    "self-\\w+ needs? required? follows? followed receiv(?:es?|ed) met meets suffer(?:s|ed)? woke wakes drives? drove travel(?:s|ed)? traveled moved moves avoids? "
    "consum(?:es?|ed) ingested lift(?:s|ed) play(?:s|ed) watch(?:es|ed) cooks? cooked retired noticed notices discontinued resumed completed attended attends "
    "forgot forgets keeps kept maintains maintained report undergo discuss(?:es|ed)? recommend(?:s|ed)? prescrib(?:es?|ed) evaluated examined advis(?:es|ed) ordered reviewed suggest(?:s|ed)? referred perform(?:s|ed)?"
).replace(" ", "|")  # fmt: skip
_STATES = (
    r"(?:is|was|has been|had been|remains|will be|being) (?:also |still |now |currently |not |otherwise |only ){0,2}(?:an? (?:\d+|[\w-]+ )?(?:[\w-]+ )?(?:male|female|man|woman|gentleman|lady|boy|girl|candidate|patient|smoker|"
    r"resident|student|teacher|nurse)\b|due for\b|here\b|doing\b|taking\b|using\b|trying\b|having\b|experiencing\b|feeling\b|working\b|seen\b|seeing\b|living\b|notified\b|called\b|referred\b|"
    r"evaluated\b|admitted\b|discharged\b|diagnosed\b|advised\b|instructed\b|encouraged\b|counseled\b|told\b|asked\b|given\b|started on\b|prescribed\b|brought\b|born\b|"
    r"accompanied\b|informed\b|able to\b|unable to\b|aware\b|interested\b|concerned\b|happy\b|worried\b|anxious\b|compliant\b|allergic\b|pleasant\b|married\b|divorced\b|retired\b|"
    r"employed\b|scheduled\b|agreeable\b|amenable\b|willing\b|hospitalized\b|noted to\b|suffering\b|being\b|status post\b|going\b|\d+|known to\b|found to\b|hoping\b|planning\b|exercising\b|eating\b|drinking\b|smoking\b|not able\b|on [a-z]+)"
    r"|(?:has|had) (?:also |now |not |never |only |recently ){0,2}(?:an? |no |some |any |been |had |\d|two |three |several |multiple |taken |tried |used |started |stopped |quit |noticed |smoked |complained |undergone |felt |lost |gained |seen )"
    r"|(?:has|had) [a-z]+"
)  # fmt: skip
_DOES = re.compile(rf"{_ADVERBS},? (?:{_HELPERS}(?:{_DEEDS})\b|{_STATES})")
_MAY_DO = re.compile(
    rf"{_ADVERBS} (?:is|was|has|had|does|did|will|would|should|can|could|may|might|must|cannot|[a-z]{{3,}}(?:ed|es|s))\b"
)
_PRONOUN = re.compile(r"\b(?:he|she|his|her|him|himself|herself)\b")
_THING = re.compile(r" (?P<thing>[\w-]+)(?: (?P<next>[\w-]+))?")
_EPONYMOUS = re.compile(
    r"^,?(?:'s)?(?: (?!via\b|the\b|and\b|in\b|on\b|at\b|to\b|for\b|with\b|a\b|of\b)[\w-]+)? (?:signs?|tests?|testing|diseases?|syndromes?|reflex(?:es)?|maneuvers?|palsy|tendon|thyroiditis|criteria|score|scale|esophagus|contracture|"
    r"fractures?|cysts?|nodes?|phenomenon|lymphoma|sarcoma|stage|class|classification|catheter|brace|boot|cast|splint|tubes?|drain|needle|view|lines?|formula|"
    r"ganglion|gland|canal|ligament|position|procedure|operation|repair|incision|law|body|bodies|palpation|angle|grade|vaccine|tablets?|capsules?|cream|gel|"
    r"spray|inhaler|injections?|mg|mcg|street|avenue|road|drive|university|hospital|clinic|center|medical|pharmacy|store|diet|milk|portal|app)\b"
)  # fmt: skip
_OF_PEOPLE = (
    r"(?:discuss\w*|review\w*|spoke|speak\w*|talk\w*|follow\w*|appointments?|consult\w*|explain\w*|recommend\w*|refer\w*|provid\w*|given|prescrib\w*|agree\w*|counsel\w*|"
    r"visits?|visit\w*|seen|evaluat\w*|examin\w*|accompan\w*|messages?|calls?|called|shar\w*|met|meets?|lives|lived|return\w*|communicat\w*|coordinat\w*|care|letter|surgery|performed|managed|written|sent|"
    r"suggest\w*|offer\w*|demonstrat\w*|conversation|interpret\w*|conversed|stays?|married|engaged|works?|schedul\w*)"
)  # fmt: skip
_TO_PERSON = re.compile(
    rf"\b(?:{_OF_PEOPLE}\b[^.;:]{{0,60}}? (?:with|by|to|from|for)|(?:advis|encourag|ask|instruct|inform|counsel|educat|remind|notif|contact|examin|evaluat|observ|monitor|applaud|commend|prescrib|start|treat|thank|allow|help|urg|caution|warn|assur|reassur|congratulat)(?:e|ed|es|ing|ied|y)?|"
    r"told|tell|referred|saw|see|sees|met|gave|give|recommend(?:ed)? that|wants?|wanted|last saw|last seen|follow|keep|let|had|have|named|(?:son|wife|husband|daughter|mother|father|sister|brother|friend|partner|"
    r"neighbor|roommate|girlfriend|boyfriend|physician|provider|doctor|surgeon|[a-z]+ologist|therapist|nurse|specialist|practitioner|pcp|pediatrician|psychiatrist|orthopedist|dentist|chiropractor|assistant|caregiver|aide|colleague|attending),?|"
    r"(?:treatment|plan|options?|results?|risks|evaluation|care|assessment|counseling|education|examination|condition|history) (?:with|for|of)|concerns? (?:from|of)) $",
    re.IGNORECASE,
)  # fmt: skip
_BEGINNINGS = frozenset({"", ":", ".", "-"})
_NEAR, _MOST_RUNS, _FEW_LETTERS = 100, 200, 3


@cache
def usual_words() -> frozenset[str]:
    """Every word of the lists of this package, in lower case."""

    lines = (line for name in _VOCABULARY for line in package_text(name).splitlines())
    return frozenset(
        word for line in lines if not line.startswith("#") for word in re.findall(r"[^\W\d_]{2,}", line.lower())
    )


def is_listed(word: str) -> bool:
    """Whether a word in lower case, or what it is derived from, stands in a list of words that are no names."""
    known = usual_words()
    if word in known or word in word_list("not-people") or word in word_list("not-names") or len(word) < _FEW_LETTERS:
        return True
    stems = {word.removesuffix(end) for end in ("s", "es", "d", "ed", "ly", "er", "al", "ic")}
    stems.update(word.removesuffix(end) + "y" for end in ("ies", "ied"))
    return any(stem in known and stem != word for stem in stems) or (
        "-" in word and any(part in known for part in word.split("-"))
    )


def looks_usual(word: str) -> bool:
    """Whether a word in lower case begins or ends as words of English or of medicine do, and as few names do."""
    return _ENDINGS.search(word) is not None or _FRONTS.fullmatch(word) is not None


def bare_names(plain: str) -> Iterator[tuple[tuple[int, int], bool]]:
    """The spans of names that stand where people stand, and whether the place is sure; `plain` has plain apostrophes."""
    for number, run in enumerate(_RUN.finditer(plain)):
        if number >= _MOST_RUNS:
            return
        span, doubtful = _unusual(plain, run.span())
        if span is None:
            continue
        before, after = plain[max(0, span[0] - _NEAR) : span[0]], plain[span[1] : span[1] + _NEAR]
        place = _place(before, after, single=" " not in plain[slice(*span)])
        if place is not None and not (doubtful and (not place or before.rstrip()[-1:] in _BEGINNINGS)):
            yield span, place


def _unusual(plain: str, run: tuple[int, int]) -> tuple[tuple[int, int] | None, bool]:
    """The end of a run of capitals from its first word that is in no list, if no such word comes after it; whether all look usual."""
    words = [(run[0] + found.start(), run[0] + found.end()) for found in _WORD.finditer(plain[slice(*run)])]
    bare = [plain[start:end].lower().removesuffix("'s").strip("'-") for start, end in words]
    first = next((at for at, word in enumerate(bare) if not is_listed(word)), None)
    if first is None or any(is_listed(word) for word in bare[first:]):
        return None, False
    end = words[-1][1]
    span = words[first][0], end - (2 if plain[:end].endswith("'s") else 0)
    return span, all(looks_usual(word) for word in bare[first:])


def _place(before: str, after: str, *, single: bool) -> bool | None:
    """Whether a person surely stands between `before` and `after`; None where nothing says so."""
    if after[:2] == "'s":
        thing = _THING.match(after, 2)
        if _EPONYMOUS.match(after) or thing is None or thing["thing"].istitle():
            return None
        return is_listed(thing["thing"].lower()) or looks_usual(thing["thing"])
    if _EPONYMOUS.match(after):
        return None
    if _TO_PERSON.search(before) or _DOES.match(after):
        return True
    if _MAY_DO.match(after) and (not single or _PRONOUN.search(after)):
        return True
    return False if _MAY_DO.match(after) and before.rstrip()[-1:] in {"", ":", ".", ","} else None
