"""How people take back what they have just said they would do, where a pronoun or nothing stands for it: "let's hold off on that"."""

from __future__ import annotations

import re

from daemon.faithfulness.late import late

_IT = r"(?:that one|that|it|this one|this|those|all that|all of that|both of those)"
_ENDS = (
    r"(?=\s*(?:[,.;:!-]|$|(?:for|until|till|because|since|then|today|tonight|and|as|at|now|if|just|altogether|entirely|completely|right|unless|given|with|so|"
    r"we|we'll|let's|i|i'll|stick|keep|instead|in|after all|you|you're|while|due|this|please|her|his|she|he|they|not|actually|the)\b))"
)
_DROP = (
    rf"(?:hold off on {_IT}|hold off(?: for now| (?:just )?yet)?|hold back on {_IT}|hold {_IT}|leave {_IT} (?:out|off|alone|aside|for now|for today|there|be|for another day)|"
    rf"leave (?:out|off) {_IT}|(?:skip|scrap|scrub|bin|drop|park|shelve|ditch|cancel|nix|avoid) {_IT}|forget(?: about)? {_IT}|put {_IT} (?:off|on hold|aside|on ice)|"
    rf"(?:pass|wait|pause) on {_IT}|(?:hold|wait) with {_IT}|give {_IT} a miss|do without {_IT}|"
    rf"not (?:bother(?: with)?|go ahead with|go for|go with|do|start|order|give|get|book|use|try|send|add|pursue|go down) {_IT}|not bother)"
)
_WHO = (
    r"(?:let's|let us|we'll|we will|i'll|i will|we're going to|we are going to|we're gonna|we're gon na|i'm going to|i'm gon na|i am going to|we can|we should|we could|"
    r"i'd|i would|we'd|we would|i think we|better|best to|best|i want to|i'd like to)"
)
_SOME = r"(?:(?: just|,? actually| rather| probably| maybe| better| will|'ll| should| can| might| also| then| better to| really)){0,3}"
_AGAIN = r"(?:(?: do| start| order| get| give| bother with)? (?:that|it|this))?(?:,? (?:then|today|for now|just yet|yet|right now|after all|at all|at this point|this time|either)){0,2}"
_TURN = r"(?:actually|well|hmm|hm|um|uh|wait|hang on|hold on|you know what|no|oh|thinking about it|come to think of it|in fact|okay|so|and|but|or)"
_BEGIN = rf"(?:^|(?<=[.;,!?-])|(?<=[.;,!?-] )|(?<=\w )(?=actually|no\b|wait|hang on|on reflection|on second))\s*(?:{_TURN}[ ,.]+){{0,3}}"
_STOP = r"(?=\s*(?:[,.;!]|$|(?:because|since|as|so|let's|we'll|given)\b))"

TAKES_BACK = late(
    rf"(?<!thought )(?<!thought that )\b{_WHO}{_SOME} {_DROP}{_ENDS}"
    rf"|{_BEGIN}(?:hold off on {_IT}|hold off for now|leave {_IT} (?:out|off)|leave out {_IT}|(?:skip|scrap|scrub|bin|drop|ditch|cancel|shelve|park|nix) {_IT}|forget(?: about)? {_IT}|put {_IT} (?:off|on hold|aside|on ice)){_ENDS}"
    rf"|\b(?:let's|let us) not{_AGAIN}{_STOP}"
    rf"|\b(?:don't|do not|do n't)(?: let's)? (?:do|start|order|book|give|send|add|bother with|go ahead with) {_IT}{_ENDS}"
    rf"|\bon (?:reflection|second thoughts?|balance|further thought),? (?:no|not|maybe not|perhaps not|probably not|i don't think so|i don't think we should|i won't|we won't)\b{_AGAIN}{_STOP}"
    rf"|\bactually,? (?:no|not|maybe not|perhaps not|probably not|i won't|we won't|i don't think so){_AGAIN}{_STOP}"
    rf"|\b(?:then |so |okay |ok )?(?:we|i) (?:won't|will not|wo n't|shan't){_AGAIN}{_STOP}"
    rf"|\b(?:we|you|she|he) (?:don't|won't|do n't|wo n't|doesn't) (?:actually |really )?need {_IT}(?: after all| anymore| any more| now| then)?{_STOP}"
    rf"|\b(?:that's|that is|it's) (?:off the table|not happening|not needed|not necessary)\b",
    re.IGNORECASE,
)
"""Takes back the plan before; the words after it begin something new."""

REFUSES = late(
    rf"\b(?:i'd|i would|i'll|i) (?:really |much )?(?:rather|prefer) not\b|\bi'd prefer if we didn't\b|\bi'd rather we didn't\b|^\W*(?:um,? |oh,? |well,? )?rather not\b"
    rf"|\bi (?:really )?(?:don't|do not|do n't) (?:really |think i )?(?:want|fancy|wan na|wanna|like)(?: the idea of)?(?: to)?(?: (?:take|taking|do|have|start|try|go on|be on|go))?"
    rf"(?: on| through)? (?:{_IT}|another|any|more|one|a)\b|^\W*no,? thank(?:s| you)\b|\bi'm not (?:really |too |that )?(?:keen|comfortable|interested)\b|\bi'll pass\b"
    rf"|\bcan we (?:please |just )?(?:skip|leave|hold off on|not do|avoid|wait on) {_IT}\b|\bi(?:'m| am) not (?:taking|doing|having) {_IT}\b",
    re.IGNORECASE,
)
"""The patient does not want what was offered; it falls only if nobody insists."""
DECLINED = late(
    rf"\b(?:he|she|they|the patient|patient|pt|mum|mom|mother|father|dad|the family|family)(?: would|'d| has|'s)? (?:rather not|prefers? not(?: to)?|declined?s?|refused?s?|"
    rf"(?:isn't|is not|wasn't|was not) keen(?: on)?|(?:doesn't|does not|didn't|did not) want(?: to)?)(?: (?:have|take|do|start|try))?(?: {_IT})?{_STOP}",
    re.IGNORECASE,
)
"""The same, as the clinician dictates it."""
AGREES = late(
    r"^\W*(?:(?:and|well|oh|um|mm|mhm|hmm|yeah|yes|no|so|right|okay|ok|alright|all right)\W+){0,3}(?:okay|ok|alright|all right|sure|fair enough|that's (?:totally |perfectly |completely |quite )?"
    r"(?:fair|fine|okay|ok|alright|all right|reasonable|understandable|your (?:choice|decision|call))|no problem|no worries|understood|of course|i understand|absolutely|fine|"
    r"i hear you|totally|(?:then )?we won't|then we|we'll leave|we can leave|let's not|let's leave|we don't have to)\b",
    re.IGNORECASE,
)
INSISTS = late(
    r"\b(?:but|though|however|strongly|really (?:recommend|think|need|should)|would recommend|i'd recommend|important|need to|have to convince|what if|how about|let me explain)\b",
    re.IGNORECASE,
)
AFTER_ALL = late(
    r"\b(?:let's|we'll|we will|i'll|i will|we can|then) (?:just |still |actually )?(?:do|start|go ahead with|try|go with|order|get) (?:it|that|this)(?: then| after all| anyway)?\b(?!\s*\?)|"
    r"\bactually,? yes\b|\bgo ahead (?:with|and)\b",
    re.IGNORECASE,
)
"""What was taken back is planned again."""
# fmt: off
_OF_IT = "that it this those all both"
HINTS = (
    *(f"{verb} {it}" for verb in ("hold", "leave", "put", "skip", "scrap", "scrub", "bin", "drop", "park", "shelve", "ditch", "cancel", "nix", "avoid", "forget") for it in _OF_IT.split()),
    "hold off", "hold back", "hold with", "leave out", "leave off", "forget about", "pass on", "wait on", "wait with", "pause on", "a miss", "do without", "let's not", "let us not",
    "n't do", "n't start", "n't order", "n't book", "n't give", "n't send", "n't add", "n't bother", "n't go", "n't need", "n't actually", "n't really", "n't let", "won't", "wo n't",
    "will not", "shan't", "do not", "not bother", "not do", "not go", "not start", "not order", "not give", "not get", "not book", "not use", "not try", "not send", "not add",
    "not pursue", "reflection", "second thought", "on balance", "further thought", "actually, n", "actually n", "actually, maybe", "actually maybe", "actually, p", "actually p",
    "actually, i", "actually i", "actually, w", "actually w", "the table", "not happening", "not needed", "not necessary", "declin", "refus", "isn't keen", "not keen",
)
REFUSAL_HINTS = (
    "rather", "prefer", "n't want", "not want", "n't really", "not really", "fancy", "no thank", "no, thank", "keen", "n't like", "not like", "comfortable", "interested", "i'll pass",
    "can we ", "wan na", "wanna", "think i want", "not taking", "not doing", "not having", "n't know that i want",
)
"""Words without which a passage is not read any further."""
# fmt: on

VERBS = {
    "start": "start starting begin add adding try trying initiate prescribe prescribing put give giving offer offering thinking thought consider recommend suggest suggesting use "
    "suggested offered recommended proposed considered introduce commence restart resume switch switching going like want",
    "up": "increase increasing raise up double doubling uptitrate titrate bump",
    "down": "decrease decreasing lower lowering reduce reducing halve cut taper wean",
    "stop": "stop stopping discontinue withdraw",
    "order": "order ordering get getting arrange arranging schedule scheduling book booking send sending refer referring set do doing repeat repeating check checking "
    "request requesting obtain perform plan admit inject take organise organize have proceed run draw",
    "continue": "continue keep",
}
_CLASSES = {word: name for name, listed in VERBS.items() for word in listed.split()}
_VERB = late(rf"\b(?:{'|'.join(sorted(_CLASSES, key=len, reverse=True))})\b", re.IGNORECASE)
STATES = {
    "start": late(r"\b(?:start|begin|began|add|initiat|trial|tr(?:y|ied)\b|prescri|commenc|introduc|switch|giv|offer|restart|resum|will|order|recommend)", re.IGNORECASE),
    "up": late(r"\b(?:increas|rais|doubl|titrat|up to\b|uptitrat)", re.IGNORECASE),
    "down": late(r"\b(?:decreas|lower|reduc|halv|taper|wean|cut)", re.IGNORECASE),
    "stop": late(r"\b(?:stop|discontinu|withdr|ceas)", re.IGNORECASE),
    "order": late(
        r"\b(?:order|obtain|arrang|schedul|book|refer|will|plan|get\b|send|request|repeat|check|perform|proceed|recommend|admit|inject|organi[sz]|set up|to be done)", re.IGNORECASE
    ),
    "continue": late(r"\b(?:continu|keep|remain|maintain)", re.IGNORECASE),
}  # fmt: skip
"""How a note says each of them."""


def planned_at(text: str) -> list[tuple[int, str]]:
    """Where each word stands that plans something, with its kind ("start", "up", "down", "stop", "order", "continue")."""
    return [(found.start(), _CLASSES[found.group().lower()]) for found in _VERB.finditer(text)]
