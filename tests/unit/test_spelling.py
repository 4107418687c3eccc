"""British and American spellings are one word to every rule that compares words."""

from __future__ import annotations

import pytest

from daemon.faithfulness.polarity import words as polarity_words
from daemon.faithfulness.vocabulary import concepts, terms
from daemon.faithfulness.vocabulary.spelling import american

PAIRS = [
    ("oedema", "edema"), ("oesophagus", "esophagus"), ("oesophagitis", "esophagitis"), ("anaemia", "anemia"), ("haemoglobin", "hemoglobin"),
    ("haematuria", "hematuria"), ("paediatric", "pediatric"), ("diarrhoea", "diarrhea"), ("dyspnoea", "dyspnea"), ("apnoea", "apnea"), ("coeliac", "celiac"),
    ("foetal", "fetal"), ("oestrogen", "estrogen"), ("tumour", "tumor"), ("colour", "color"), ("behaviour", "behavior"), ("labour", "labor"),
    ("leukaemia", "leukemia"), ("ischaemic", "ischemic"), ("gynaecology", "gynecology"), ("anaesthetic", "anesthetic"), ("aetiology", "etiology"),
    ("caecum", "cecum"), ("mobilise", "mobilize"), ("hospitalised", "hospitalized"), ("immunisation", "immunization"), ("centre", "center"),
    ("orthopaedic", "orthopedic"), ("counselled", "counseled"), ("analysed", "analyzed"),
]  # fmt: skip


@pytest.mark.parametrize(("british", "here"), PAIRS)
def test_both_spellings_are_one_word(british: str, here: str) -> None:
    assert american(british) == american(here) == here
    assert concepts.stem(british) == concepts.stem(here)
    assert polarity_words.stem(british) == polarity_words.stem(here)
    assert [one.keys for one in terms.terms(british)] == [one.keys for one in terms.terms(here)]


@pytest.mark.parametrize(
    "word",
    ["does", "toes", "shoes", "goes", "four", "hour", "pour", "your", "sour", "advise", "exercise", "otherwise", "raised", "bruise", "yellow", "called", "swelling",
     "michael", "premise", "there", "metre-less", "angioedema", "gastroesophageal", ""],
)  # fmt: skip
def test_other_words_stay_as_they_are(word: str) -> None:
    assert american(word) == word
