"""What rules remember of words: all of it is known, and none of it outlives the job."""

from __future__ import annotations

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

import daemon
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.documents.loader import load_documents
from daemon.model.codec import draft_from_bytes, draft_to_bytes, reading_from_bytes, reading_to_bytes
from daemon.model.remembered import forget_words, remembered, remembered_now
from daemon.steps.draft import draft
from daemon.steps.verify import verify
from tests.fakes.clock import FakeClock
from tests.fakes.passages import memo

PACKAGE = Path(daemon.__file__).parent
CANARIES = ("quatermassitis", "glumdalclitch")
SAID = [
    "Her glumdalclitch is swollen and she has quatermassitis.",
    "She takes quatermassitis 5 mg twice daily and denies glumdalclitch pain.",
]
# Their arguments are no words of a document: types of ours, files of the package, paths of the machine, numbers of an evaluation.
OF_NO_DOCUMENT = {
    "model/codec.py:_validator",
    "adapters/rendering/draft_html.py:_inlined",
    "evaluation/plain_forms.py:forms_of",
    "adapters/sandbox/choose.py:_linux",
}


def caches_with_a_key() -> Iterator[str]:
    """Every function of the package that functools remembers by its arguments."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)) if "cache" in text else ():
            if isinstance(node, ast.FunctionDef) and node.args.args:
                made = [ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in node.decorator_list]
                if {"lru_cache", "cache"} & set(made):
                    yield f"{path.relative_to(PACKAGE)}:{node.name}"


def held() -> Iterator[str]:
    """The texts with a canary that anything holds, however far from what the collector knows; those of this module are no leak."""
    own, seen = {*CANARIES, *SAID}, set[int]()
    open_ends = gc.get_objects()
    while open_ends:
        each = open_ends.pop()
        if isinstance(each, str):
            if each not in own and any(canary in each.lower() for canary in CANARIES):
                yield each
        elif id(each) not in seen:
            seen.add(id(each))
            open_ends += gc.get_referents(each)


def work() -> None:
    document = load_documents(None)["soap"]
    reading = reading_from_bytes(reading_to_bytes(memo(SAID)))
    made = verify(draft("j1", document, reading, QuotingDrafter(), FakeClock()), document)
    assert draft_from_bytes(draft_to_bytes(made)) == made


def test_every_cache_of_words_is_one_that_is_emptied() -> None:
    assert set(caches_with_a_key()) == OF_NO_DOCUMENT


def test_a_job_that_ended_leaves_no_word_in_memory() -> None:
    forget_words()
    work()
    assert remembered_now()
    assert next(held())
    forget_words()
    assert remembered_now() == 0
    assert set(held()) == set()


def test_what_was_forgotten_is_found_anew() -> None:
    asked: list[str] = []

    @remembered(10)
    def length(word: str) -> int:
        asked.append(word)
        return len(word)

    assert [length("cough"), length("cough")] == [5, 5]
    assert asked == ["cough"]
    forget_words()
    assert length("cough") == 5
    assert asked == ["cough", "cough"]


def test_a_parsed_reading_shares_no_text_with_the_next_one() -> None:
    """A parser that keeps short texts would hand out the very same object, and keep it for ever."""
    data = reading_to_bytes(memo(SAID))
    assert reading_from_bytes(data).passages[0].text is not reading_from_bytes(data).passages[0].text
