"""The words in which allergies, intolerances and reactions are said."""

from __future__ import annotations

import re

from daemon.faithfulness.late import late

_REACTIONS = (
    r"hives|welts|rash(?:es)?|itch(?:ing|iness|y|es)?|swell(?:ing|s|ed|s up)?|swollen|angio-?edema|anaphyla(?:xis|ctic shock|ctic reaction|ctic)|wheez(?:ing|es)|"
    r"shortness of breath|short of breath|(?:trouble|difficulty|problems?) breathing|unable to breathe|throat (?:closes|closing|closed|tightness|tightening)|"
    r"nausea(?:ted|tes)?|nauseous|vomiting|vomits?|throws? up|threw up|throwing up|diarrhea|stomach (?:upset|pain|cramps|ache|issues|problems)|upset stomach|gi (?:upset|distress|intolerance|bleed\w*)|"
    r"headaches?|dizz(?:y|iness)|cough(?:ing)?|flushing|red man syndrome|syncope|faint(?:ing|ed)?|pass(?:es|ed) out|seizures?|blister(?:s|ing)|hallucinations?|"
    r"stevens[- ]johnson(?: syndrome)?|fever|bruising|bleeding|muscle (?:aches?|pains?|cramps)|myalgias?|palpitations|confusion|sneez(?:ing|es?)|"
    r"(?:runny|stuffy|congested) nose|(?:watery|itchy) eyes|constipat(?:ion|ed)|cramps|shock|redness|bumps|break(?:s|ing)? out|broke out|sick"
)
_ADJECTIVES = r"(?:(?:a|an|some|severe|mild|bad|really|facial|diffuse|skin|itchy|red|lips?|tongue|face|throat|eyes?|full[- ]body|very|no|not|without|moderate|local|large|terrible|horrible|generalized)\s+){0,5}"
_WHERE = (
    r"(?:\s+(?:of|in|on|all over|around)\s+(?:(?:the|her|his|my|their)\s+)?(?:lips?|face|tongue|throat|mouth|hands?|eyes?|skin|arms?|legs?|chest|body|"
    r"back|trunk|neck|feet|airway)(?:\s+and\s+(?:lips?|face|tongue|throat|mouth|hands?|eyes?|arms?|legs?|neck))?)?"
)
REACTION = late(rf"(?<![\w-]){_ADJECTIVES}(?:{_REACTIONS})(?![\w-]){_WHERE}", re.IGNORECASE)
"""One reaction with the words that qualify it."""
NO_KNOWN = re.compile(  # at once: it is asked which pattern found something
    r"(?<![\w-])(?:nkd?a\b|n\.k\.(?:d\.)?a\.?|(?:has |have |having |there (?:are|is) |reports? |with )?(?:no|denies|denied|denying|without|not have|n ?['’]t have|not aware of|not got)\s+"
    r"(?:(?:any|having|known|other|significant|documented|drug|medication|medicine|food|environmental|seasonal|latex|or|and|history of|new|true|reported)[\s,]+){0,6}"
    r"(?:allerg(?:ies|y)|allergic reactions?)(?P<to>\s+(?:to|with)\s+)?(?: known)?)",
    re.IGNORECASE,
)
NOT_ALLERGIC = late(
    r"(?<![\w-])(?:(?:is|am|are|was|'s|'m|['’]re)\s*)?(?:not|n['’]t|never been)\s+(?:\w+\s+)?allergic\s+to\s+",
    re.IGNORECASE,
)
DENIED_BEHIND = late(
    r"allerg(?:y|ies|ic reactions?) (?:to|with) [^.;]{1,60}?\b(?:was|were|is|are|has been|have been) (?:denied|negative|ruled out|not (?:reported|noted|known|present|confirmed))\b",
    re.IGNORECASE,
)
"""A denial that comes last: the words before it alone would say the opposite."""
EXCEPT = late(
    r"[\s,]*(?:except(?: for| to)?|other than|aside from|besides|apart from|but (?:is|she is|he is) allergic to)\s+",
    re.IGNORECASE,
)
STARTS = late(
    r"(?<![\w-])(?:allergic (?:reactions? )?(?:to|with)|allerg(?:y|ies)\s+(?:to|include[sd]?|including|are|is|of|consist of)(?: to)?\b|"
    r"(?:drug |medication |food |known |medicine )?allerg(?:y|ies)(?: list)?\s*(?:[:.,]|\s[-–—]\s)|"
    rf"(?P<reaction>{_ADJECTIVES}(?:{_REACTIONS}|reactions?|allergic reactions?))\s+(?:to|from|after taking|when (?:she|he|i) (?:takes?|took|eats?|ate))|"
    r"(?:intoleran(?:t|ces?)|(?:hyper)?sensitiv(?:e|ity)) (?:to|of))\s*",
    re.IGNORECASE,
)  # fmt: skip
GOES_ON = late(r"(?:,\s*(?:and\s+)?|\s(?:and|or)\s+)(?:also\s+)?(?:to|with)\s+", re.IGNORECASE)
"""How a list goes on behind a reaction: "to penicillin, which causes hives, and to latex"."""
BEHIND = late(
    r"(?:\s+drugs?)?[\s-]*(?:allerg(?:y|ies|ic)|intoleran(?:ce|t)|anaphylaxis)(?![\w-])(?!\s+(?:shot|med|pill|test|clinic|season|symptom|specialist|doctor|spray))",
    re.IGNORECASE,
)
CAUSES = late(
    r"[\s,]*(?:(?:which|that|it|always|usually|also|just|drugs?|pills?|antibiotics?|tablets?|has|had|have)[\s,]+){0,3}(?:caus(?:es?|ed|ing)|gives?|gave|giving|makes?|made|making|"
    r"produces?|results? in|resulted in|led to|leads to)(?![\w-])",
    re.IGNORECASE,
)
SUBSTANCE = late(
    r"(?<![\w-])(?:latex|shellfish|shrimp|crab|lobster|peanuts?|tree nuts?|nuts|almonds|cashews|walnuts|pecans|eggs?|milk|dairy|wheat|gluten|soy|fish|strawberr(?:y|ies)|bananas?|kiwi|avocados?|mango|"
    r"sesame|chocolate|bees?(?: stings?)?|bee venom|wasps?|fire ants|insect (?:bites|stings)|pollen|ragweed|grass(?:es)?|trees?|dust(?: mites?)?|molds?|cats?|dogs?|animal dander|cat dander|dander|pets?|horses?|"
    r"sulph?a(?: drugs?)?|sul(?:f|ph)ur drugs?|iodine|contrast(?: dye)?|iv contrast|iv dye|adhesive(?: tape)?|surgical tape|tape|nickel|metals?|tomatoes|pineapple|msg|sulfites?|band-?aids?|feathers|perfumes?|fragrances?|seafood|environmental|seasonal|poison ivy)(?![\w-])",
    re.IGNORECASE,
)
"""What people are allergic to besides medicines."""
KINDS = late(
    r"(?<![\w-])(?:(?:seasonal|environmental|food|pet|spring|fall|nasal|pollen|hay fever|year-round)\s+(?:and\s+)?){1,4}allergies(?![\w-])(?!\s+to)",
    re.IGNORECASE,
)
FOLLOWS = late(
    r"(?:it|they|that|this|those|these|which|the reaction|reaction|(?:she|he|i|you) (?:gets?|got|had|has|broke|breaks|develop\w*|experience\w*)|gets?|causes?|with)\b",
    re.IGNORECASE,
)
"""How a sentence begins that tells the reaction to what the one before named."""
KIN = late(
    r"\b(?:mother|father|mom|dad|wife|husband|son|daughter|brother|sister|aunt|uncle|cousin|friend|grand\w+)(?:['’]s)?\s(?!(?:\w+\s){0,2}?(?:says?|said|reports?|"
    r"reported|states?|stated|tells?|told|mentions?|mentioned|denies|denied|confirms?|confirmed|notes?|noted|thinks?|thought|knows?|brought|believes?|and (?:he|she|they))\b)"
    r"(?:\w+\s){0,3}?(?:is|was|are|has|had|also|allerg\w*|with)\b",
    re.IGNORECASE,
)
MENTION = late(
    r"(?<![\w-])(?:allerg(?:y|ies|ic)(?!\s+(?:shots?|meds?|medications?|medicines?|pills?|tablets?|clinic|seasons?|specialist|doctor|spray|drops|section|rhinitis|"
    r"conjunctivitis|asthma|dermatitis|eczema|sinusitis|cough|shiners)\b)|anaphyla(?:xis|ctic)|nkd?a(?![\w-])|"
    r"(?:reactions?|intoleran(?:t|ces?)|(?:hyper)?sensitiv(?:e|ity)) (?:of|to)(?!\s+(?:\w+ )?(?:light|touch|palpation|stimul\w+|heat|cold|sounds?|noises?|exercise|activity|glucose|"
    r"pain|treatment|stress|news|loss|death|diagnosis|injury|accommodation)\b)|"
    r"(?:gave|gives?|caus(?:ed?|es|ing)|br(?:oke|eaks?|eaking) out in)\s+(?:(?:him|her|me|them|a|an|bad|severe|itchy|some|terrible)\s+){0,4}(?:hives|rash(?:es)?|welts|angio-?edema))",
    re.IGNORECASE,
)
"""Talk of an allergy or a reaction, whatever else stands there."""
REVIEWED = late(r"\b(?:reviewed|updated|verified|went over|go over|as listed|in the chart|on file)\b", re.IGNORECASE)
"""What is done with a list of allergies, without a word of what stands in it."""
HEADING = late(r"\W*(?:(?:drug|known|food|medication|and|or)\s+)*allerg(?:y|ies)\W*", re.IGNORECASE)
NONE = late(
    r"\W*(?:(?:drug|known|food|medication)\s+)*allerg(?:y|ies)(?:\s+(?:are|is))?\W+(?:none|no|nil|negative|not any)(?:\s+known)?\W*",
    re.IGNORECASE,
)
NO = late(
    r"(?:no|nope|none|not that|nothing|never|nah|i don['’]?t|i do n['’]t|i am not|i'm not|not to)\b", re.IGNORECASE
)
YES = late(
    r"\W*(?:(?:yes|yeah|yep|yup|oh|ah|um|uh|well|okay|so|i am|i do|just|only|to|i think|mainly|mostly|i['’]m allergic to|i am allergic to|"
    r"i (?:cannot|can['’]?t|ca n['’]t) take|i have(?: an?)?)\b[\s,.]*)+",
    re.IGNORECASE,
)
WHAT_HAPPENS = late(r"\b(?:what happen(?:s|ed)|reactions?|how do you react|what does it do)\b", re.IGNORECASE)
"""A question for the reaction to what it names."""
ITEM_END = late(
    r"\s*(?P<list>,\s*(?:and\s+|or\s+)?(?!(?:which|that|it|he|she|i|they|we|but|so|with|as|because|since|when|causing|where|what)\b)|\s+(?:and|or|&|plus|as well as)\s+|;\s*)|"
    r"\s*(?:[.:?!()]|,|\s[-–—]\s|$)|\s+(?:which|that|it|she|he|i|they|but|so|because|since|when|where|what|with|causing|causes?|gives?|gave|makes?|made|resulting|"
    r"reactions?|from|in|as|is|are|was|were|at|for|has|have|had|who|do|does|currently|only|diagnosed|does|and\s+(?:he|she|i|they|it)|by|on|if|while|years?)\b",
    re.IGNORECASE,
)
ARTICLES = late(
    r"(?:(?:the|a|an|any|some|to|both|also|certain|all|like|uh|um|and|or|oral|allergic to|medications?|drugs?|medicines?)\s+)+(?=\w)",
    re.IGNORECASE,
)
NO_ITEM = late(
    r"(?:it|that|this|them|anything|any|something|these|those|medications?|medicines?|drugs?|foods?|meds|what|which|none|no|not|unknown|reviewed|include|known|else|things?|"
    r"a medication|any (?:medications?|drugs?|foods?)|the (?:medications?|treatment|drug|light|patient)|treatment|light|stimul\w+|touch|palpation|pain|(?:be|have|i|he|she|it|we|they|you|my|yes|yeah)\b.*)",
    re.IGNORECASE,
)
