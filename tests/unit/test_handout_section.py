"""A filled handout: which one is chosen, what fills its slots, what is left out, and what goes to the office."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.computed.glossary import glossary
from daemon.computed.handout_choice import choose
from daemon.computed.handouts import NOTHING_SAID, fill, handout, unplaced
from daemon.computed.material import Computed, Material
from daemon.documents.handout_text import Words, blocks
from daemon.documents.handouts import load_handouts, slots_of
from daemon.documents.loader import load_documents
from daemon.model.draft import Statement
from daemon.model.handout import HANDOUT_COLUMNS, Handout
from tests.fakes.passages import memo

DOCUMENTS = load_documents(None)
EDUCATION = DOCUMENTS["education"]
SPECS = {spec.key: spec for spec in EDUCATION.sections}
SHIPPED = load_handouts(None, slots_of(DOCUMENTS))
GENERAL = Handout("general", "After your visit", "# Home\n\n{{ advice }}\n\nCome back: {{ follow_up }}\n")


def quoted(text: str, *evidence: str) -> Statement:
    return Statement(text, evidence, "quoted")


def written(text: str, *evidence: str) -> Statement:
    return Statement(text, evidence, "written")


def material(
    said: Sequence[str], drafted: dict[str, tuple[Statement, ...]] | None = None, *handouts: Handout
) -> Material:
    return Material(EDUCATION, memo(said), (), drafted or {}, handouts=handouts or (GENERAL,))


def made(of: Material) -> Computed:
    return handout(of, SPECS["handout"])


def codes(computed: Computed) -> list[str]:
    return [caution.code for caution in computed.cautions]


# -- filling ------------------------------------------------------------------------------------------------------------
def test_what_was_said_fills_the_slots_and_cites_its_passages() -> None:
    drafted = {
        "advice": (quoted("Rest the ankle.", "p1"), quoted("Ice it.", "p2")),
        "follow-up": (quoted("In two weeks.", "p3"),),
    }
    computed = made(material(["Rest the ankle.", "Ice it.", "In two weeks."], drafted))
    assert computed.columns == HANDOUT_COLUMNS
    assert computed.statements == (
        Statement("Home", (), "printed", cells=("title", "Home")),
        Statement("Rest the ankle.", ("p1",), "quoted", cells=("bullet", "Rest the ankle.")),
        Statement("Ice it.", ("p2",), "quoted", cells=("bullet", "Ice it.")),
        Statement("Come back: ", (), "printed", cells=("paragraph", "Come back: ")),
        Statement("In two weeks.", ("p3",), "quoted", cells=("run", "In two weeks.")),
    )
    assert not computed.cautions


def test_a_slot_without_anything_said_asks_back_and_the_office_is_told() -> None:
    computed = made(material(["Good morning."]))
    assert [each.text for each in computed.statements] == ["Home", NOTHING_SAID, f"Come back: {NOTHING_SAID}"]
    assert {each.manner for each in computed.statements} == {"printed"}
    (caution,) = computed.cautions
    assert (caution.code, caution.severity) == ("handout-slot-empty", "low")
    assert "What to do at home, Your next visit" in caution.text


def test_a_handout_may_say_itself_what_it_prints_where_nothing_was_said() -> None:
    own = Handout("own", "Own", "{{ advice | Be well. }}\n\n{{ tests | }}\n\n**Next: {{ follow_up | call us }}.** Bye.")
    assert [(each.text, each.cells) for each in fill(own, {})] == [
        ("Be well.", ("paragraph", "Be well.")),
        ("Next: call us. Bye.", ("paragraph", "", "Next: call us.", " Bye.")),
    ]


def test_several_things_said_stand_in_one_line_where_the_slot_does() -> None:
    own = Handout("own", "Own", "{{ advice }} is **what {{ tests }}** means.")
    said = {"advice": (quoted("A.", "p1"), quoted("B.", "p2")), "tests": (quoted("C.", "p3"),)}
    assert [each.cells for each in fill(own, said)] == [
        ("paragraph", "A."),
        ("run", " B."),
        ("run", " is ", "what "),
        ("run", "", "C."),
        ("run", " means."),
    ]


TEXT = st.text("ab *#-.\n1|", max_size=60)


@given(st.lists(TEXT, min_size=1, max_size=5), st.booleans())
def test_words_outside_of_slots_are_kept_word_for_word(pieces: list[str], filled: bool) -> None:
    own = Handout("own", "Own", "{{ advice }}".join(pieces))
    said = {"advice": (quoted("ZZZ", "p1"),)} if filled else {}
    expected = " ".join(
        "".join(part.text if isinstance(part, Words) else (" ZZZ " if filled else NOTHING_SAID) for part in block.parts)
        for block in blocks(own.text)
    )
    statements = list(fill(own, said))
    assert "".join("".join(each.text for each in statements).split()) == "".join(expected.split())
    printed = "".join(each.text for each in statements if each.manner == "printed").replace(NOTHING_SAID, "")
    template = own.text.replace("{{ advice }}", "")
    assert [letter for letter in printed if letter.isalpha()] == [letter for letter in template if letter.isalpha()]
    assert all(each.text == "".join(each.cells[1:]) for each in statements)


# -- choosing -----------------------------------------------------------------------------------------------------------
def titled(key: str, *topics: str, names: tuple[str, ...] = (), text: str = "{{ advice }}") -> Handout:
    return Handout(key, key, text, topics, names)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Keep the cast dry.", "cast"),
        ("Keep the arm cast dry and rest.", "arm cast"),
        ("Patient education on wound care. Keep the arm cast dry.", "wound"),
        ("She has hypertension.", "pressure"),
        ("No high blood pressure.", "general"),
        ("Broadcast.", "general"),
        ("", "general"),
    ],
)
def test_the_most_specific_topic_chooses(said: str, expected: str) -> None:
    handouts = (
        titled("general"),
        titled("cast", "cast"),
        titled("arm cast", "arm cast"),
        titled("wound", "wound"),
        titled("pressure", "high blood pressure", names=("high blood pressure",)),
    )
    chosen = choose(handouts, memo(said.split(". ")).passages)
    assert chosen.handout is not None
    assert (chosen.handout.key, chosen.cautions) == (expected, ())


@pytest.mark.parametrize(
    "foreign",
    [
        titled("asthma", "inhaler", names=("asthma",)),
        titled("asthma", "inhaler", names=("Ehlers-Danlos syndrome",)),
        titled("asthma", "inhaler", text="Living with asthma."),
        titled("living with asthma", "inhaler"),
        titled("asthma", "inhaler", names=("hypertension",), text="Use the inhaler for your asthma."),
    ],
)
@pytest.mark.parametrize("said", ["Hypertension. Use the inhaler.", "Hypertension. Use the inhaler. No asthma."])
def test_a_handout_that_names_what_the_source_does_not_is_not_used(foreign: Handout, said: str) -> None:
    chosen = choose((foreign, GENERAL), memo(said.split(". ")).passages)
    assert chosen.handout == GENERAL
    (caution,) = chosen.cautions
    assert caution.code == "handout-not-used"
    assert foreign.title in caution.text
    assert any(name in caution.text for name in ("asthma", "Ehlers-Danlos"))


def test_a_list_of_warning_signs_names_no_diagnosis() -> None:
    own = titled("own", "salt", text="Call us if you have signs of:\n\n- a stroke\n- a heart attack")
    assert choose((own, GENERAL), memo(["Less salt."]).passages).handout == own


def test_a_handout_is_used_where_the_source_names_it_in_other_words() -> None:
    own = titled("bp", "salt", names=("high blood pressure",), text="High blood pressure raises the risk of stroke.")
    chosen = choose((own, GENERAL), memo(["Assessment: HTN.", "Less salt."]).passages)
    assert (chosen.handout, chosen.cautions) == (own, ())


def test_without_a_handout_all_goes_to_the_office() -> None:
    of = Material(EDUCATION, memo(["Rest."]), (), {"advice": (quoted("Rest.", "p1"),)})
    assert (made(of).statements, codes(made(of))) == ((), ["handout-none"])
    assert [each.text for each in unplaced(of, SPECS["not-in-handout"]).statements] == ["Rest."]


# -- what is left out, and what goes to the office ----------------------------------------------------------------------
@pytest.mark.parametrize("said", ["No pneumonia on the film.", "Rule out pneumonia.", "Cough since Monday."])
def test_what_a_model_wrote_of_an_unnamed_diagnosis_is_not_delivered(said: str) -> None:
    of = material([said], {"advice": (written("Rest, as you have pneumonia.", "p1"), written("Drink water.", "p1"))})
    computed = made(of)
    texts = [each.text for each in (*computed.statements, *unplaced(of, SPECS["not-in-handout"]).statements)]
    assert "Drink water." in texts
    assert not any("pneumonia" in text for text in texts)
    left_out = computed.cautions[0]
    assert (left_out.code, left_out.severity, left_out.evidence) == ("diagnosis-unnamed", "high", ("p1",))
    assert "pneumonia" in left_out.text


def test_dictated_words_that_leave_a_diagnosis_open_are_pointed_out() -> None:
    said = "Get an x-ray to rule out pneumonia."
    computed = made(material([said], {"advice": (quoted(said, "p1"),)}))
    assert any(each.text == said for each in computed.statements)
    assert computed.cautions[0].code == "diagnosis-in-doubt"
    assert "pneumonia" in computed.cautions[0].text
    named = made(material([said, "She has pneumonia."], {"advice": (quoted(said, "p1"),)}))
    assert "diagnosis-in-doubt" not in codes(named)


def test_a_named_diagnosis_may_be_written() -> None:
    computed = made(material(["Pneumonia on the film."], {"advice": (written("Rest, as you have pneumonia.", "p1"),)}))
    assert "diagnosis-unnamed" not in codes(computed)
    assert any("pneumonia" in each.text for each in computed.statements)


def test_what_goes_into_no_slot_is_listed_in_the_order_it_was_said() -> None:
    said = ["Patient education handout for Mrs. Lee.", "Ice it.", "Pulse 80.", "Rest.", "Call if worse."]
    drafted = {
        "when-to-call": (quoted("Call if worse.", "p5"),),
        "advice": (
            quoted("Patient education handout for Mrs. Lee.", "p1"),
            quoted("Ice it.", "p2"),
            quoted("Rest.", "p4"),
        ),
        "other": (quoted("Pulse 80.", "p3"),),
    }
    of = material(said, drafted)
    listed = unplaced(of, SPECS["not-in-handout"]).statements
    assert [each.text for each in listed] == [said[0], said[2], said[4]]
    filled = [each.text for each in made(of).statements if each.evidence]
    assert sorted([*filled, *(each.text for each in listed)]) == sorted(said)


# -- reading level ------------------------------------------------------------------------------------------------------
def test_a_handout_that_reads_too_hard_is_marked_with_its_hardest_sentence() -> None:
    hard = "Immediately discontinue administration of anticoagulation medication preceding interventional procedures."
    of = material([hard], {"advice": (quoted(hard, "p1"),)})
    computed = made(of)
    level = dict(computed.measures)["Reading level"]
    assert level.endswith("(Flesch-Kincaid)")
    caution = next(each for each in computed.cautions if each.code == "reading-level")
    assert caution.severity == "low"
    assert hard in caution.text


def test_hard_words_are_not_hidden_among_the_handouts_easy_ones() -> None:
    hard = "Discontinue anticoagulation medication preceding interventional cardiovascular procedures."
    of = material([hard], {"advice": (quoted(hard, "p1"),)}, *(each for each in SHIPPED if not each.topics))
    computed = made(of)
    levels = {name: float(value.split()[1]) for name, value in computed.measures if name.startswith("Reading")}
    assert levels["Reading level"] < 8 < levels["Reading level of what was filled in"]
    assert hard in next(each.text for each in computed.cautions if each.code == "reading-level")


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda each: each.key)
def test_the_packaged_handouts_read_easily(shipped: Handout) -> None:
    computed = made(material(["Good morning."], {}, shipped if not shipped.topics else Handout("x", "x", shipped.text)))
    grade = float(dict(computed.measures)["Reading level"].split()[1])
    assert grade < 6
    assert "reading-level" not in codes(computed)


# -- glossary -----------------------------------------------------------------------------------------------------------
def test_medical_words_in_the_slots_are_explained_with_where_they_stand() -> None:
    drafted = {
        "advice": (quoted("Take it b.i.d. for hypertension.", "p1"), quoted("No NSAIDs with hypertension.", "p2")),
        "other": (quoted("Edema of both legs.", "p3"),),
    }
    explained = glossary(material(["a", "b", "c"], drafted), SPECS["glossary"]).statements
    assert [(each.text, each.evidence, each.manner) for each in explained] == [
        ("b.i.d.: twice a day", ("p1",), "printed"),
        ("hypertension: high blood pressure", ("p1", "p2"), "printed"),
        ("NSAIDs: a kind of pain medicine such as ibuprofen or naproxen", ("p2",), "printed"),
    ]


def test_nothing_is_explained_where_nothing_was_said() -> None:
    assert glossary(material(["Hypertension."]), SPECS["glossary"]).statements == ()
