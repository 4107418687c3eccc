"""A group taken apart: nothing is lost, and no answer loses its question."""

from __future__ import annotations

import pytest

from daemon.adapters.drafting.conversation_groups import Said, Talk
from daemon.adapters.drafting.conversation_parts import parts_of
from daemon.adapters.drafting.statement_groups import piece_group, talk_group


def said(*lines: str) -> list[Said]:
    return [Said(f"p{n}", line.split(": ")[0], line.split(": ", 1)[1], line) for n, line in enumerate(lines, 1)]


@pytest.mark.parametrize(
    ("lines", "sizes"),
    [
        (("Doctor: Any fever?", "Patient: No.", "Patient: I had a cough last week."), [3]),
        (("Doctor: We will increase the lasix today. And we will get an echocardiogram.", "Doctor: See me in four weeks."), [1, 1, 1]),
        (("Doctor: Any fever?", "Patient: No.", "Doctor: I will order a chest film.", "Patient: Okay."), [2, 2]),
        (("Patient: My left knee has been hurting. It started two weeks ago.", "Patient: I take metformin every day."), [2, 1]),
        (("Patient: My left knee is swollen today.", "Doctor: Does it hurt?", "Patient: Yes."), [3]),
        (("Doctor: Any fever?", "Doctor: Or chills at night?", "Patient: Chills."), [3]),
    ],
)  # fmt: skip
def test_parts_keep_together_what_is_not_understood_alone(lines: tuple[str, ...], sizes: list[int]) -> None:
    talk = Talk(said(*lines))
    assert [len(part) for part in parts_of(talk)] == sizes
    group = talk_group(talk, "plan")
    assert [one.passages for one in group.parts] == [
        tuple(dict.fromkeys(each.id for each in part)) for part in parts_of(talk)
    ][: len(group.parts)]
    assert bool(group.parts) == (len(sizes) > 1)
    if group.parts:
        assert " ".join(one.quotes[0].text for one in group.parts) == group.quotes[0].text


def test_a_dictated_piece_is_taken_apart_at_its_sentences() -> None:
    parts = piece_group("plan", "p1", "Increase lasix to 80 mg. Get an echo,").parts
    assert [one.quotes[0].text for one in parts] == ["Increase lasix to 80 mg.", "Get an echo"]
    assert piece_group("plan", "p1", "Get an echo.").parts == ()
