"""Words that may be a misheard name of a drug, and what is suggested for them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.faithfulness.medicines.drugs import drug_names
from daemon.faithfulness.medicines.misheard_drugs import misheard_drugs
from daemon.faithfulness.medicines.sound_alike import (
    distance,
    likeness,
    near_keys,
    sound_key,
    sounding_like,
    sounds_alike,
)
from daemon.faithfulness.rules.medication import medication_findings
from daemon.faithfulness.texts import Claim, Texts

SUGGESTED = [
    ("Medications are met for men 1,000 milligrams twice daily.", "met for men", "metformin"),
    ("Rossovastatin, 20 milligrams daily", "Rossovastatin", "rosuvastatin"),
    ("Plan, stop lysinoprol, start walking.", "lysinoprol", "lisinopril"),
    ("An arovastatin 40 milligrams at bedtime.", "arovastatin", "atorvastatin"),
    ("She was started on metropolol 25 mg.", "metropolol", "metoprolol"),
    ("Continue elequis 5 mg.", "elequis", "Eliquis"),
    ("He takes car vetalol 25 mg twice a day.", "", ""),
]
NOT_SUSPECTED = [
    "Continue using ice.", "Decreased flexion of the back.", "Capillary refill is brisk.", "He takes the train daily.", "Start walking 20 minutes a day.",
    "She is taking care of 2 children.", "Stop smoking.", "Take one tablet 20 mg.", "Decrease alcohol.", "Continue lisinopril 20 mg and metformin 500 mg.",
    "Start vitamin D 50 mcg.", "increase testosterone to 175 milligrams", "Continue therapy with exercise.", "allergic to colon", "We discussed lysinoprol.",
    "Add magnesium.", "She takes her medication as prescribed.", "a potassium of 4 and a lysinop",
]  # fmt: skip


@pytest.mark.parametrize(("text", "words", "meant"), SUGGESTED)
def test_a_name_that_was_misheard_is_suggested_beside_a_dose(text: str, words: str, meant: str) -> None:
    found = misheard_drugs(text)
    assert [text[slice(*one.span)] for one in found] == ([words] if words else [])
    assert [one.names[0].shown for one in found] == ([meant] if words else [])


@pytest.mark.parametrize("text", NOT_SUSPECTED)
def test_english_and_known_names_are_not_suspected(text: str) -> None:
    assert misheard_drugs(text) == ()


def test_what_the_source_names_is_suggested_first_and_at_most_three() -> None:
    text = "She takes metropralol 50 mg."
    names = [one.generic for one in misheard_drugs(text)[0].names]
    source = Texts({"p1": f"so the {names[-1]} helps"})
    (found,) = medication_findings(Claim(text, (), "", inferred=True), source)
    assert found.code == "medication-misheard"
    assert found.suggestions[0] == names[-1]
    assert len(found.suggestions) <= 3


def test_look_alikes_do_not_all_sound_alike() -> None:
    assert not sounds_alike("hydroxyzine", "hydralazine")
    assert not sounds_alike("celexa", "celebrex")
    assert sounds_alike("plavics", "plavix")
    assert sounds_alike("ozempick", "ozempic")


def test_likest_is_first() -> None:
    scores = [one.score for one in sounding_like("prednizone")]
    assert sounding_like("prednizone")[0].generic == "prednisone"
    assert scores == sorted(scores, reverse=True)


@given(st.sampled_from(sorted(name for name in drug_names() if name.isalpha() and len(name) > 4)))
def test_every_name_sounds_like_itself(name: str) -> None:
    assert len(sound_key(name)) < 3 or sounds_alike(name, name.upper())


@given(st.text("abcdlnprst", max_size=7), st.text("abcdlnprst", max_size=7))
def test_a_distance_is_one(one: str, other: str) -> None:
    assert distance(one, one) == 0
    assert distance(one, other) == distance(other, one)
    assert abs(len(one) - len(other)) <= distance(one, other) <= max(len(one), len(other))


@given(st.text("afklmnprstw", min_size=1, max_size=6))
def test_near_keys_are_those_one_step_away(key: str) -> None:
    near = list(near_keys(key))
    assert len(near) == len(set(near))
    assert all(distance(key, other) <= 1 for other in near)
    assert key[1:] in near
    assert f"{key}l" in near


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    for one in misheard_drugs(text):
        assert one.names
        assert text[slice(*one.span)]


def test_a_very_long_text_is_read() -> None:
    assert len(misheard_drugs("takes lysinoprol 20 mg " * 3000)) == 3000


@given(
    st.text("abcdefghiklmnoprstxyz", max_size=12),
    st.text("abcdefghiklmnoprstxyz", max_size=12),
    st.floats(0.05, 1),
)
@example("metformin", "metform", 0.7)
def test_likeness_with_a_bound_is_the_same_or_below_it(one: str, other: str, least: float) -> None:
    whole, bounded = likeness(one, other), likeness(one, other, least)
    assert bounded == whole or (bounded == 0.0 and whole < least)
