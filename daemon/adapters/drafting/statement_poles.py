"""Words that turn a statement into its opposite, and those that say what is possible, over, well, or not known."""

from __future__ import annotations

import re

from daemon.faithfulness.late import late


def _word(pattern: str) -> re.Pattern[str]:
    return late(rf"\b(?:{pattern})(?!\w)", re.IGNORECASE)


KINDS: dict[str, dict[str, re.Pattern[str]]] = {
    "course": {
        "better": _word(r"better|improv\w*|eas(?:e|es|ed|ing|ier)|reliev\w*|relief|resolv\w*|subsid\w*|alleviat\w*|help(?:s|ed|ing|ful)?|(?:went|gone|goes|going|go) away"),
        "worse": _word(r"wors\w*|aggravat\w*|exacerbat\w*|flar\w*|deteriorat\w*"),
        "same": _word(r"same|unchanged|no (?:significant |real |interval )?change|stable|(?:not|n['’]t) changed"),
    },
    "order": {
        "before": _word(r"before|prior to"),
        "after": _word(r"after\w*|following(?! up)|post-?\w*|since|when|with"),
    },
    "weight": {
        "gain": _word(r"gain\w*|put on \w+ (?:pounds|kilos|weight)|heavier"),
        "loss": _word(r"los[st]|lose[ns]?|losing|weight loss|dropped"),
    },
    "rule": {"regular": _word(r"regular\w*|normal\w*"), "irregular": _word(r"irregular\w*")},
    "height": {"upper": _word(r"upper"), "lower": _word(r"lower|low(?= back)")},
    "hour": {
        "morning": _word(r"mornings?|a\.?m\.?|wak\w+|woke|get(?:ting)? up|breakfast"),
        "evening": _word(r"evenings?|nights?|nightly|overnight|tonight|bed ?time|bed|p\.?m\.?|dinner|supper|sleep\w*"),
    },
    "turn": {
        "last": _word(r"last|ago|past|previous\w*|yesterday"),
        "next": _word(r"next|upcoming|coming|tomorrow"),
    },
    "level": {
        "high": _word(r"high(?:er)?|elevated|raised|hyper\w+"),
        "low": _word(r"low(?! back)|decreased|hypo\w+"),
    },
    "act": {
        "start": _word(r"start\w*|beg[aiu]n\w*|initiat\w*|prescrib\w*|add(?:ed|ing)?|put(?:ting)? (?:\w+ ){1,3}?on|try|trial"),
        "stop": _word(r"stop\w*|quit\w*|discontinu\w*|h[oe]ld(?:ing)?|r[au]n out|out of|no longer|(?:come|came|coming|get|got|go|went|take|took)(?: \w+)? off|off of|wean\w*|resolv\w*"),
        "more": _word(r"increas\w*|rais\w*|bump\w*|doubl\w*|(?:go|going|went|came|come|move|moved) up|up (?:to|from|on)|more"),
        "less": _word(r"decreas\w*|reduc\w*|lower(?:ed|ing)|lower (?:the|your)|taper\w*|cut\w*|down|wean\w*|less|halv\w*|half"),
        "keep": _word(r"continu\w*|keep\w*|kept|stay\w*|remain\w*|maintain\w*|still|refill\w*|resum\w*|ongoing|constant\w*|persist\w*|same"),
    },
    "life": {"alive": _word(r"alive|living"), "dead": _word(r"die[sd]|deceased|dead|passed(?: away)?")},
    "size": {"large": _word(r"large|larger|big|bigger"), "small": _word(r"small|smaller|tiny|little")},
    "culture": {"sensitive": _word(r"sensitive|susceptible"), "resistant": _word(r"resistant")},
    "done": {
        "order": _word(
            r"will|['’]ll|going to|gon ?na|needs?|due|should|let['’]s|recommend\w*|want|like to|schedul\w*|order\w*|plan\w*|obtain\w*|refer\w*|repeat\w*|send|set up|pending|advis\w*|follow\w*"
        ),
        "result": _word(
            r"show(?:s|ed|n|ing)|reveal\w*|had|normal\w*|unremarkable|clear|negative|positive|benign|malignant|done|performed|received|underwent|abnormal\w*|came back|found"
        ),
    },
}  # fmt: skip
"""Kind → pole → its words. In each kind, who says one pole does not say another."""

FRAMED_POSSIBLE = _word(
    r"might|may(?! \d)|could (?:be|have|try|also|consider|do)|possibl\w*|doubt\w*|suspect\w*|rule out|ruling out|worried|afraid|wonder\w*|not sure|perhaps|"
    r"in case|unless|if(?! i\b)|should have \w+(?:ed|en|ne|ad|ot)|should['’]ve|can (?:cause|lead|make|give)|risks? (?:of|for)|concern(?:ed|ing)? (?:for|about|that)"
)
ADVISED_OR_POSSIBLE = _word(
    r"might|may|could|can|possibl\w*|probabl\w*|likely|unlikely|doubt\w*|suspect\w*|rul(?:e|ed|ing)[ -]out|worr\w*|afraid|fear\w*|wonder\w*|unsure|uncertain|unclear|perhaps|maybe|"
    r"in case|unless|if|should|would|will|risks?|concern\w*|consider\w*|discuss\w*|advis\w*|recommend\w*|instruct\w*|counsel\w*|educat\w*|call|return|precautions?|offer\w*|options?|"
    r"evaluat\w*|question\w*|versus|vs|differential|not|no|denie[sd]|without|seek|think\w*|believ\w*|feels?|when|explain\w*|told|as needed|needs?|plan\w*"
)
FRAMED_ENDED = _word(
    r"used to(?! it\b| that\b)|until (?:\w+ ){0,3}(?:ago|last)|as a (?:child|kid|teen\w*|baby)|in my (?:\w+ )?(?:teens|twenties|thirties|forties|childhood|youth)|"
    r"not any ?more|r[au]n out|went away|not (?:right )?now|(?:i|she|he|they) (?:\w+ )?(?:quit|stopped)"
)
ENDED = _word(
    r"was|were|had|used to|history|hx|h/o|former\w*|previous\w*|past|prior|ago|until|quit|ended|no longer|not|no|none|denie[sd]|without|went|gone|ran|out of|"
    r"child\w*|teen\w*|twenties|thirties|forties|remote|last|never|stop|drank|took|smoked|\w{2,}ed"
)
SAYS_FINE = _word(r"(?<!as )well(?!-| as|ness)|normal\w*|unremarkable|good|regularly")
FINE = _word(
    r"well|good|normal\w*|fine|great|okay|ok|clear|unremarkable|regular\w*|perfect|excellent|healthy|within|no|not|none|nothing|negative|intact|stable|equal|strong|beautiful|nice|"
    r"yes|yeah|yep|yup|mm-?hmm|mhm|right|correct|every|always|daily|pretty|better|n['’]t|\w+n['’]t|happy|best|problems?|all"
)
"""What says that something is as it should be, and the words without one of which nobody said so."""
UNKNOWN = late(
    r"\W*(?:(?:um|uh|well|oh|hmm|honestly|actually|sorry)\W+)*(?:i (?:do ?n['’]?t|do not|really do ?n['’]?t|wouldn['’]?t|can['’]?t|haven['’]?t|have not) (?:really )?(?:know|remember|recall|looked|checked|noticed|tell|say)|"
    r"i['’]?m not (?:really )?sure|i am not sure|not sure|no idea|i have no idea|hard to (?:say|tell)|who knows)\b[^.,;]{0,30}[.!]?\s*",
    re.IGNORECASE,
)
UNSURE = _word(
    r"unsure|uncertain|unknown|unclear|not (?:sure|know|recall|remember|certain|looked|checked)|unable|n['’]t|does not \w+"
)
