"""The way from passages to a draft, as it is seen on a few invented ones: what is asked, and which answers may stand.

python -m tests.fakes.drafting_way       record it anew in tests/assets/drafting_way.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.adapters.drafting.statement_check import Heard, reject
from daemon.adapters.drafting.statement_drafter import ATTEMPTS, MAX_TOKENS
from daemon.adapters.drafting.statement_form import finished
from daemon.adapters.drafting.statement_voice import VOICES
from daemon.adapters.drafting.statement_wording import INSTRUCTIONS
from daemon.adapters.models.measurements import SHIPPED
from daemon.adapters.reading.text_reader import read_text
from daemon.benching.tools import VISIT
from daemon.documents.loader import load_documents
from daemon.model.drafting_fitness import WAY
from daemon.model.source import Source
from daemon.model.statement_request import MAX_REQUEST_WORDS, STARTER_INSTRUCTIONS, Subject, request_text

RECORD = Path(__file__).resolve().parents[1] / "assets" / "drafting_way.json"

_TALK = """Doctor: Good morning, how was the drive?
Patient: Fine, thanks.
Doctor: What brings you in?
Patient: My left knee has hurt for three weeks, since I fell off a ladder.
Doctor: Any fever or chills?
Patient: No.
Doctor: Do you smoke?
Patient: I quit ten years ago.
Doctor: What medicines do you take?
Patient: Lisinopril, ten milligrams, every morning. And I am allergic to penicillin.
Doctor: Your blood pressure is one forty two over eighty eight today.
Doctor: I think this is a sprain. Let us get an x-ray, and come back in two weeks.
Patient: Sounds good."""
_ASKED: tuple[tuple[Subject, str, tuple[str, ...]], ...] = (
    ("she", "history of present illness", ("Doctor: Any fever or chills?", "Patient: No.")),
    ("the patient", "medications", ("Patient: Lisinopril, ten milligrams, every morning.",)),
    ("he", "history of present illness", ("Patient: My left knee has hurt for three weeks.",)),
    ("the patient", "plan", ("Doctor: Let us get an x-ray, and come back in two weeks.",)),
    ("the patient", "family and social history", ("Doctor: Good morning, how was the drive?", "Patient: Fine, thanks.")),
)  # fmt: skip
_ANSWERS = (
    "She denies fever and chills.", "She denies fever.", "She has fever and chills.", "He denies fever.", "Lisinopril 10 mg every morning.",
    "Lisinopril 20 mg every morning.", "Metformin 10 mg every morning.", "He has had left knee pain for 3 weeks.",
    "He has had right knee pain for 3 weeks.", "He has had left knee pain.", "X-ray and follow-up in 2 weeks.", "MRI and follow-up in 2 weeks.",
    "The patient was advised to rest.", "-", "Fine.", "I have a fever.", "His mother had knee pain.",
)  # fmt: skip


def way() -> dict[str, Any]:
    """Everything of it that a change of the code could move."""
    return {
        "instructions": [STARTER_INSTRUCTIONS, INSTRUCTIONS],
        "attempts": [list(each) for each in ATTEMPTS],
        "most": [MAX_TOKENS, MAX_REQUEST_WORDS],
        "asked": [_groups(_TALK), _groups((VISIT / "visit.txt").read_text(encoding="utf-8"))],
        "stand": {
            "\n".join(lines): {answer: reject(finished(answer), Heard.of(lines), subject, part) for answer in _ANSWERS}
            for subject, part, lines in _ASKED
        },
    }


def _groups(text: str) -> list[list[str]]:
    passages = read_text(Source("s1", "text", "0" * 64), text.encode()).passages
    groups = QuotingDrafter().groups(load_documents(None)["soap"], passages, selecting=True)
    return [
        [
            one.section,
            ",".join(one.passages),
            request_text(VOICES.get(one.label, ""), "the patient", one.lines),
            *("\n".join(part.lines) for part in one.parts),
        ]
        for one in groups
    ]


def recorded() -> dict[str, Any]:
    """As it was when models were measured."""
    found: dict[str, Any] = json.loads(RECORD.read_text(encoding="utf-8"))
    return found


def main() -> int:
    """Write the record; 1 where measurements that were shipped would pass for those of a way that is another now."""
    now = {"way": WAY} | way()
    if RECORD.is_file() and SHIPPED.is_file() and recorded() != now and recorded()["way"] == WAY:
        sys.stderr.write("Raise WAY in daemon/model/drafting_fitness.py, and measure again.\n")
        return 1
    RECORD.write_text(json.dumps(now, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
