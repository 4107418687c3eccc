"""Which passages a statement is given as its evidence."""

from __future__ import annotations

from daemon.faithfulness.evidence import PassageIndex, cite

VISIT = {
    "p1": "Good morning, what brings you in?",
    "p2": "My heart has been racing and I got short of breath at the farm.",
    "p3": "Any allergies to medicines?",
    "p4": "Penicillin.",
    "p5": "And how long has the racing been going on?",
    "p6": "Three weeks.",
    "p7": "You take metoprolol for the high blood pressure.",
    "p8": "Let's get an EKG, and have some labs drawn.",
    "p9": "The weather has been lovely this autumn.",
}


def test_other_words_for_the_same_are_found() -> None:
    assert cite("Palpitations with dyspnea.", VISIT) == ("p2",)
    assert cite("Hypertension.", VISIT) == ("p7",)
    assert cite("Electrocardiogram and blood work ordered.", VISIT) == ("p8",)


def test_the_word_itself_weighs_more_than_another_for_it() -> None:
    passages = {"p1": "she has high blood pressure", "p2": "hypertension runs in the family", "p3": "nothing else"}
    assert "p2" in cite("Hypertension.", passages)
    assert cite("Hypertension.", passages, limit=1) == ("p2",)


def test_a_question_is_cited_with_its_answer_and_a_short_answer_with_its_question() -> None:
    assert cite("Allergies: none known.", VISIT) == ("p3", "p4")
    assert cite("Allergic to penicillin.", VISIT) == ("p3", "p4")
    assert cite("3 weeks.", VISIT) == ("p5", "p6")
    assert "p1" not in cite("Dyspnea at the farm.", VISIT)


def test_every_number_is_cited_wherever_it_stands() -> None:
    cited = cite("Racing heart and shortness of breath at the farm for 3 weeks, on metoprolol.", VISIT)
    assert {"p2", "p6", "p7"} <= set(cited)
    often = {"p0": "my heart has been racing at the farm and i got dizzy"} | {
        f"p{n}": "about 40 of those" for n in range(1, 7)
    }
    assert cite("Racing heart and dizziness at the farm, 40.", often) == ("p0", "p1")


def test_no_more_than_the_limit_in_the_order_of_the_passages() -> None:
    index = PassageIndex.of({f"p{n}": f"gout number {n}" for n in range(1, 30)})
    for limit in range(7):
        cited = index.cite("Gout 3, 7, 9, 11, 12, 13, 14 and 15.", limit)
        assert len(cited) <= limit
        assert list(cited) == sorted(cited, key=lambda each: int(each[1:]))


def test_what_shares_nothing_cites_nothing() -> None:
    assert cite("Sarcoidosis.", VISIT) == cite("", VISIT) == cite("The patient is here.", VISIT) == ()
    assert cite("Gout.", {}) == ()
