"""Words by which a command is told from the same word in a sentence. Lower case throughout."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


HEADINGS = frozenset(
    """subjective|objective|assessment|impression|plan|assessment and plan|assessment plan|impression and plan|a p|treatment plan
    |recommendations|instructions|disposition|diagnosis|diagnoses|chief complaint|reason for visit|history of present illness|hpi|history
    |review of systems|past medical history|medical history|past surgical history|surgical history|past history|family history|social history
    |birth history|gynecologic history|obstetric history|medications|current medications|meds|allergies|immunizations|vaccinations
    |physical exam|physical examination|exam|examination|on exam|vitals|vital signs|mental status exam|labs|laboratory|results|imaging
    |procedure|procedures|emergency department course|reason for referral|findings|indication|technique|complications|follow up|follow-up
    |hospital course|discharge medications|discharge instructions|conclusion|recommendation|subject|background|history of the present illness
    """.replace("\n    ", "").split("|")
) - {""}
"""What may be announced with "next section" or be followed by a spoken colon."""
MOST_HEADING_WORDS = max(len(name.split()) for name in HEADINGS)

# "her period", "a period of", "the incubation period": a time, or a menstruation.
PERIOD_AFTER = _words(
    """a an the her his my your their our its this that these each every any no last first next second third same one another per previous current
    menstrual incubation refractory postpartum perinatal neonatal postnatal antenatal prenatal perioperative postoperative waiting washout grace
    latency latent observation recovery gestational window trial time missed late monthly heavy heavier lighter longest whole entire
    with without during before after between since until throughout over for of in on to from by around and or missing having had has have get gets
    got getting started began  warm-up cooling-off free honeymoon treatment study follow-up interval prodromal infectious contagious
    most"""
)
PERIOD_DETERMINERS = _words("a an the her his my your their this that each every last first next no")
PERIOD_QUALITIES = _words("""very more less really quite so such long longer short shorter brief heavy light normal regular irregular painful prolonged extended final
    usual typical early late two-week three-week one-week one-month two-month three-month six-month 24-hour 48-hour 72-hour one-year""")
PERIOD_BEFORE = _words("""of for pain pains cramp cramps cramping was is has had were will started starts began ended ends lasts lasted came comes stopped stops
    during when where in with without since that which tracker product products bleeding flow free blood symptoms late and or""")
SINGULAR_TIMES = _words("second minute hour day night week month year trimester")
# With these, words in small letters after a spoken full stop begin a sentence.
OPENERS = _words("""she he they it we i you there this that the her his patient no denies reports states continue start stop increase decrease refer follow
    return recheck order lungs heart abdomen blood pulse temperature review assessment plan objective subjective allergies medications vitals""")
COLON_BEFORE = _words("""cancer cancers carcinoma adenocarcinoma ca polyp polyps polypectomy resection surgery mass lesion lesions tumor tumour obstruction wall mucosa
    biopsy biopsies screening prep cleanse perforation injury repair diverticulosis diverticula diverticulitis disease ischemia transit is was and or
    with has adenoma adenomas neoplasm cleansing interposition irrigation procedure contents""")
LINE_AFTER = _words(
    "a an the this that arterial central picc iv her his another one placed first second third for on in to of"
)
LINE_BEFORE = _words(
    "of was is in for placed placement therapy treatment insertion inserted put sited changed infection flushed to with and agent"
)
# "comma shaped rods", "a comma splice": the form, not the mark.
COMMA_BEFORE = _words("shaped like splice bacillus bacilli form appearance")
# "to a full stop", "came to full stop".
STOP_AFTER = _words("a the this complete to")
# "a slash wound", "multiple slash marks", "the hyphen"; "all caps are intact", "remove all caps".
NOT_JOINED_AFTER = _words("a an the this that one multiple single deep no with of to from by his her forward back")
NOT_JOINED_BEFORE = _words(
    "wound wounds injury injuries mark marks cut cuts laceration lacerations scar scars attack type and is was are to"
)
CAPS_AFTER = _words("the of with keep remove removed replaced dental bottle and on at from wearing")
CAPS_BEFORE = _words("are were is was in on off of and should have had removed replaced intact at for to with fit")
# Somebody who does it, not somebody who dictates: "she can scratch that", "cancel that appointment".
NOT_A_COMMAND_AFTER = _words("""can could would will should may might must to not don't didn't doesn't won't can't cannot always never often i you he she they we who and or
    the a cat patient child please let let's just sometimes usually""")
OPEN_BRACKETS = (("open", "paren"), ("open", "parens"), ("open", "parenthesis"), ("open", "parentheses"), ("open", "bracket"), ("left", "paren"),
                 ("left", "parenthesis"), ("open", "brackets"))  # fmt: skip
CLOSE_BRACKETS = (("close", "paren"), ("close", "parens"), ("close", "parenthesis"), ("close", "parentheses"), ("close", "bracket"),
                  ("right", "paren"), ("right", "parenthesis"), ("closed", "paren"), ("end", "paren"), ("close", "brackets"))  # fmt: skip
OPEN_QUOTES = (("open", "quote"), ("open", "quotes"), ("begin", "quote"), ("open", "quotation"))
CLOSE_QUOTES = (("close", "quote"), ("close", "quotes"), ("end", "quote"), ("unquote",), ("close", "quotation"))
