"""Whatever is dictated: nothing that was heard is in no passage, and words, times and text go together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.dictation import spoken_form
from daemon.model.passage import Passage, TimeAnchor, Word

_WORDS = st.sampled_from(
    """period comma colon period. comma, New new paragraph line next Next section plan Plan history allergies scratch Scratch that that. Strike delete the
    last sentence. correction, correction make Make it 20 20. milligrams mg 10 ten twenty five over 142 88 blood pressure pulse left right knee knee,
    lisinopril losartan, K-O-W-A-L K, O, W, spelled Kowal open close paren quote end of dictation She she has had a her March third nineteen sixty two
    question mark? full stop stop. "quoted" (so) ... , .""".split()  # noqa: SIM905 - read as words, not as a list
)
_PASSAGES = st.lists(st.lists(_WORDS, min_size=1, max_size=14), min_size=1, max_size=5)
_VOICES = st.lists(st.sampled_from(["", "A", "B"]), min_size=5, max_size=5)


def _passages(parts: list[list[str]], voices: list[str]) -> list[Passage]:
    made: list[Passage] = []
    at = 0.0
    for number, part in enumerate(parts, 1):
        words = tuple(Word(text, 0.5, at + n, at + n + 0.5) for n, text in enumerate(part))
        made.append(
            Passage(
                f"p{number}",
                " ".join(part),
                TimeAnchor("s1", at, at + len(part) - 0.5),
                0.5,
                words,
                voice=voices[number - 1],
            )
        )
        at += len(part)
    return made


@given(_PASSAGES, _VOICES)
def test_all_that_was_heard_is_kept_in_order(parts: list[list[str]], voices: list[str]) -> None:
    made = spoken_form(_passages(parts, voices))
    assert " ".join(passage.original or passage.text for passage in made) == " ".join(
        word for part in parts for word in part
    )


@given(_PASSAGES, _VOICES)
def test_words_make_the_text_and_lie_within_the_anchor(parts: list[list[str]], voices: list[str]) -> None:
    made = spoken_form(_passages(parts, voices))
    assert [passage.id for passage in made] == [f"p{number}" for number in range(1, len(made) + 1)]
    ends = 0.0
    for passage in made:
        assert passage.text
        assert passage.original != passage.text
        assert " ".join(word.text for word in passage.words) == passage.text
        assert isinstance(passage.anchor, TimeAnchor)
        assert ends <= passage.anchor.start <= passage.anchor.end
        ends = passage.anchor.end
        for word in passage.words:
            assert word.start is not None
            assert word.end is not None
            assert passage.anchor.start <= word.start <= word.end <= passage.anchor.end
