"""One draft of each form, of made-up people, and a practice's letterhead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from daemon.model.draft import Draft, Routing, Section, Statement
from daemon.model.finding import Caution, Finding, Omission
from daemon.model.handout import HANDOUT_COLUMNS
from daemon.model.letterhead import Letterhead
from daemon.model.passage import EngineInfo, LineAnchor, PageAnchor, Passage, TimeAnchor, Unread
from daemon.model.source import Source

PRACTICE = Letterhead(
    "Riverside Family Medicine",
    ("12 Mill Road, Suite 4", "Ashford, OH 44805"),
    "(419) 555-0134",
    "(419) 555-0135",
    "Dana Whitfield",
    "MD, FAAFP",
)
_SAID = (
    "Referral letter to cardiology, Dr. Helen Osei at Lakeview Heart Center, for Maria Delgado, born March 4, 1972.",
    "This is urgent, please see her within two weeks.",
    "She has had chest tightness when climbing stairs for about six weeks, and it settles within five minutes of rest.",
    "Her father had a heart attack at fifty one.",
    "Blood pressure today is 148 over 92, heart rate 84, and the lungs are clear.",
    "The electrocardiogram shows normal sinus rhythm without ST changes.",
    "She takes lisinopril 20 milligrams once daily and atorvastatin 40 milligrams at bedtime.",
    "She is allergic to sulfa, she gets a rash.",
    "Please evaluate for stress testing and advise on her medications.",
    "Call us the same day if the stress test is abnormal.",
)


def letter() -> Draft:
    """A referral: prose, tables, a placeholder, a doubtful dose, a checklist for the office, a scan that could not be read."""
    dose = Finding("quantity-changed", "high", "10 mg")
    return _draft(
        "referral",
        "Referral letter",
        (
            Section("recipient", "To", (_quote("Dr. Helen Osei, Lakeview Heart Center", 1),), "line", "[recipient – not stated]"),
            Section("identity", "Patient", (
                _cells("Maria Delgado", ("Name", "Maria Delgado"), 1),
                _cells("March 4, 1972", ("Date of birth", "March 4, 1972"), 1),
            ), "line", "[patient – not stated]", ("What", "Value")),
            Section("urgency", "Urgency", (_quote(_SAID[1], 2),), "prose"),
            Section("reason", "Reason for referral", (), "prose", "[reason for referral – not stated]"),
            Section("history", "History", (_quote(_SAID[2], 3), _quote(_SAID[3], 4)), "prose"),
            Section("findings", "Findings", (_quote(_SAID[4], 5), _quote(_SAID[5], 6)), "prose"),
            Section("medications", "Medications", (
                Statement("Lisinopril 10 mg once daily", ("p7",), "written", (dose,), ("Lisinopril", "10 mg", "once daily")),
                _cells("Atorvastatin 40 mg at bedtime", ("Atorvastatin", "40 mg", "at bedtime"), 7),
            ), "table", "", ("Medication", "Dose", "How often")),
            Section("allergies", "Allergies", (_cells("Sulfa: rash", ("Sulfa", "rash"), 8),), "table", "", ("Allergy", "Reaction")),
            Section("question", "Question", (_quote(_SAID[8], 9),), "prose", "[question – not stated]"),
            Section("enclosures", "Enclosures", (), "line", "[enclosures – not stated]"),
            Section("missing", "Usually asked for, and not in the source", (
                _printed("Insurance and authorization number", "payers and specialists ask for it before the visit"),
                _printed("Reason for referral", "the reader needs it to triage the appointment"),
            ), "table", "", ("Missing", "Why it is asked for"), "office"),
        ),
        form="letter",
        opening="Dear Colleague,",
        closing="Thank you for seeing this patient. Sincerely,",
        routing=Routing("spoken-cue", "Referral letter to cardiology"),
        omissions=(Omission("follow-up", "Call us the same day if the stress test is abnormal.", ("p10",)),),
        cautions=(Caution("recipient-unclear", "medium", "The recipient's address was not said.", ("p1",)),),
        unread=(Unread("s2", "media-encrypted"),),
    )  # fmt: skip


def note() -> Draft:
    """A SOAP note with medications and allergies as tables, from a recording and a text."""
    dose = Finding("quantity-changed", "high", "10 mg", (11, 16))
    said = letter().sections
    return _draft(
        "soap",
        "SOAP note",
        (
            Section("subjective", "Subjective", (_quote(_SAID[2], 3), _quote(_SAID[3], 4))),
            Section("objective", "Objective", (Statement(_SAID[4], ("p5",), "written"), Statement(_SAID[5], ("p6",), "written"))),
            replace(said[6], statements=(replace(said[6].statements[0], findings=(dose,)), said[6].statements[1])),
            said[7],
            Section("assessment", "Assessment"),
            Section("plan", "Plan", (_quote(_SAID[8], 9), Statement("Follow up in two weeks.", (), "written"))),
        ),
        routing=Routing("kind-default"),
        omissions=(Omission("follow-up", "Call us the same day if the stress test is abnormal.", ("p10",)),),
    )  # fmt: skip


def handout() -> Draft:
    """A practice's handout, block by block, with a filled slot, and words explained."""

    def own(kind: str, *runs: str) -> Statement:
        return Statement("".join(runs), (), "printed", (), (kind, *runs))

    blocks = (
        own("title", "Going home after your visit"),
        own("paragraph", "This sheet is general information. It does not take the place of what your care team told you."),
        own("heading", "What we talked about"),
        own("paragraph", "Today we talked about: "),
        Statement("your blood pressure.", ("p5",), "quoted", (Finding("negation-flipped", "low", "pressure"),), ("run", "your blood pressure.")),
        own("heading", "What to do at home"),
        own("bullet", "Take your medicines ", "every day", ", also when you feel well."),
        own("bullet", "Bring all bottles to your next visit."),
        own("numbered", "1. Sit down for five minutes before you measure."),
        own("numbered", "2. Write the numbers down."),
        own("subheading", "Your next visit"),
        own("paragraph", "Ask us about this."),
        own("heading", "When to call us"),
        own("bullet", "Call us if you are worried, or if you do not feel better."),
        own("bullet", "Call ", "911", " for chest pain that does not stop, or if you cannot breathe."),
    )  # fmt: skip
    return _draft(
        "education",
        "Patient education",
        (
            Section("handout", "Handout", blocks, "line", "", HANDOUT_COLUMNS),
            Section("glossary", "Words to know", (Statement("hypertension: high blood pressure", ("p5",), "printed"),)),
            Section("not-in-handout", "Said, and not in the handout", (_quote(_SAID[8], 9),), audience="office"),
        ),
        form="handout",
        routing=Routing("folder"),
        measures=(("Handout", "Going home after your visit"), ("Reading level", "grade 6.1 (Flesch-Kincaid)")),
    )


def email() -> Draft:
    """An administrative e-mail with an action list."""
    return _draft(
        "email",
        "Administrative e-mail",
        (
            Section("recipient", "To", (), "line", "[recipient – not stated]"),
            Section("subject", "Subject", (_quote("New fax number from Monday", 1),), "line"),
            Section("body", "Message", (
                _quote("Our fax number changes on Monday", 2), _quote("Please use the new one for all referrals.", 3),
            ), "prose"),
            Section("actions", "Actions", (
                _cells("Kim updates the letterhead by Friday", ("Update the letterhead", "Kim", "Friday"), 4),
                Statement("Tell the lab.", ("p5",), "quoted", (), ("Tell the lab.", "", "")),
            ), "table", "", ("What", "Who", "By when")),
        ),
        form="email",
        opening="Hello,",
        closing="Kind regards,",
        routing=Routing("command"),
    )  # fmt: skip


def summary(repeat: int = 1) -> Draft:
    """An intake form of two pages with every field filled in; `repeat` makes it longer than any page."""
    answers = {key: _quoted(lines * repeat) for key, lines in _FORM.items()}
    medications = tuple(
        Statement(
            " ".join(row), ("p3",), "quoted", (Finding("quantity-unsupported", "medium", row[1]),) * (nth == 2), row
        )
        for nth, row in enumerate(_MEDICATIONS)
    )
    blank = tuple(Statement(name, (), "printed") for name in ("Fax", "Guardian name", "Last tetanus", "E-cigarettes"))
    return _draft(
        "intake",
        "Intake summary",
        (
            Section("who", "Patient", answers["who"]),
            Section("contacts", "Emergency contact, family and insurance", answers["contacts"]),
            Section("reason", "Reason for visit", answers["reason"]),
            Section("history", "Past medical and surgical history", answers["history"]),
            Section("medications", "Medications", medications, "table", "", ("Medication", "Dose", "How often")),
            Section("allergies", "Allergies", (
                _cells("Penicillin hives", ("Penicillin", "hives, swelling"), 4), _cells("Latex", ("Latex", ""), 4),
            ), "table", "", ("Allergy", "Reaction")),
            Section("family", "Family history", answers["family"]),
            Section("social", "Social history", answers["social"]),
            Section("other", "Other"),
            Section("left-blank", "Left blank", blank),
            Section("unreadable", "Could not be read", (Statement("page 2, bottom right", (), "printed"),)),
        ),
        form="summary",
        routing=Routing("kind-default"),
        unreadable=(PageAnchor("s1", 2, (0.6, 0.7, 0.95, 0.9)),),
    )  # fmt: skip


ALL = {"note": note, "summary": summary, "letter": letter, "handout": handout, "email": email}

_MEDICATIONS = (
    ("Lisinopril", "20 mg", "once a day"), ("Metformin", "1000 mg", "twice a day"), ("Atorvastatin", "40 mg", "at bedtime"),
    ("Albuterol inhaler", "2 puffs", "as needed"), ("Vitamin D3", "2000 IU", "once a day"), ("Aspirin", "81 mg", "once a day"),
)  # fmt: skip
_FORM = {
    "who": (
        "Name: Maria Delgado", "Date of birth: 03/04/1972", "Sex: Female", "Preferred language: Spanish",
        "Address: 414 Orchard Lane, Ashford, OH 44805", "Home phone: (419) 555-0171", "Cell phone: (419) 555-0172",
        "E-mail: maria.delgado@example.org", "Primary care physician: Dr. Dana Whitfield", "Pharmacy: Main Street Pharmacy",
    ),
    "contacts": (
        "Emergency contact: Luis Delgado", "Relationship: husband", "Emergency phone: (419) 555-0173",
        "Insurance company: Buckeye Mutual", "Member ID: BM 4471 2093", "Group number: 55018", "Policy holder: Luis Delgado",
    ),
    "reason": (
        "Reason for visit: tightness in my chest when I climb the stairs at work",
        "When did it start: about six weeks ago", "What makes it worse: stairs, cold air", "What makes it better: resting",
        "Pain level: 4 out of 10", "Fatigue", "Headaches", "Palpitations",
    ),
    "history": (
        "High blood pressure", "Type 2 diabetes", "High cholesterol", "Asthma", "Acid reflux",
        "Surgeries: gallbladder out 2009, cesarean section 1998", "Hospital stays: pneumonia, 2016",
        "Pregnancies: 2", "Last mammogram: 2025", "Colonoscopy: 2023, normal", "Flu shot: October 2025",
    ),
    "family": (
        "Father: heart attack at 51", "Mother: type 2 diabetes, living", "Brother: high blood pressure",
        "Maternal grandmother: breast cancer",
    ),
    "social": (
        "Occupation: school custodian", "Marital status: married", "Tobacco: quit 2010, 8 pack years", "Alcohol: 1 to 2 drinks a week",
        "Recreational drugs: none", "Exercise: walks 20 minutes most days", "Who lives with you: husband, two sons",
        "Do you feel safe at home: yes",
    ),
}  # fmt: skip


def _draft(document: str, title: str, sections: tuple[Section, ...], **more: object) -> Draft:
    if document == "intake":
        sources: tuple[Source, ...] = (Source("s1", "scan", "cd" * 32, pages=2),)
        passages = tuple(
            Passage(f"p{n}", text, PageAnchor("s1", 1 + n // 5, (0.1, 0.1, 0.5, 0.2)), 0.9)
            for n, text in enumerate(_SAID, 1)
        )
    else:
        sources = (
            Source("s1", "recording", "ab" * 32, seconds=83.4),
            Source("s2", "scan", "cd" * 32),
            Source("s3", "text", "ef" * 32),
        )
        passages = tuple(
            Passage(
                f"p{n}", text, TimeAnchor("s1", 6.0 * n, 6.0 * n + 5) if n < 9 else LineAnchor("s3", n + 3, n + 3), 0.9
            )
            for n, text in enumerate(_SAID, 1)
        )
    plain = Draft(
        "7f3kq2v9m4x8c1b6", document, title, sections, passages, sources, (("speech", EngineInfo("whisper base", "d0" * 32)),),
        datetime(2026, 11, 21, 14, 15, 30, tzinfo=UTC),
    )  # fmt: skip
    return replace(plain, **more)  # type: ignore[arg-type]  # the fields of `Draft`, by name


def _quote(text: str, passage: int) -> Statement:
    return Statement(text, (f"p{passage}",), "quoted")


def _quoted(lines: Sequence[str]) -> tuple[Statement, ...]:
    return tuple(_quote(text, 1 + nth % 9) for nth, text in enumerate(lines))


def _cells(text: str, cells: tuple[str, ...], passage: int) -> Statement:
    return Statement(text, (f"p{passage}",), "quoted", (), cells)


def _printed(*cells: str) -> Statement:
    return Statement(": ".join(cells), (), "printed", (), cells)
