"""Words become sentences and clauses; boxes become lines in reading order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.engines.layout import UNREADABLE, Line, in_reading_order, page_box, split_line
from daemon.engines.loops import is_loop
from daemon.engines.passages import MAX_WORDS, Heard, passage_text, split_passages


def _heard(text: str, gaps: dict[int, float] | None = None) -> list[Heard]:
    """Words of 0.3 s; `gaps` are the pauses after the n-th word (else 0.05 s)."""
    words, now = [], 0.0
    for index, word in enumerate(text.split()):
        words.append(Heard(" " + word, now, now + 0.3, 0.9))
        now += 0.3 + (gaps or {}).get(index, 0.05)
    return words


def _split(text: str, gaps: dict[int, float] | None = None) -> list[str]:
    return [passage_text(words) for words in split_passages(_heard(text, gaps))]


def test_sentences_end_at_their_punctuation() -> None:
    assert _split("She has a cough. Any fever? No. Lungs are clear!") == [
        "She has a cough.",
        "Any fever?",
        "No.",
        "Lungs are clear!",
    ]


def test_abbreviations_and_decimals_do_not_end_a_sentence() -> None:
    text = "Seen by Dr. Okafor with an A1c of 8.2 and 5 mg. of amlodipine b.i.d. as before"
    assert _split(text) == [text]


def test_a_word_in_pieces_is_never_cut() -> None:
    words = [Heard(" 8.", 0, 0.3, 0.9), Heard("2", 5.0, 5.2, 0.9), Heard(" percent.", 5.3, 5.5, 0.9)]
    assert [passage_text(each) for each in split_passages(words)] == ["8.2 percent."]


def test_a_pause_cuts_where_a_clause_begins() -> None:
    text = "she has had a cough for two weeks he gave her honey"
    assert _split(text) == [text]
    assert _split(text, {7: 0.9}) == ["she has had a cough for two weeks", "he gave her honey"]


def test_a_pause_does_not_cut_a_list_off_its_negation() -> None:
    text = "The patient denies chest pain, shortness of breath, or palpitations"
    assert _split(text, {4: 1.2, 7: 1.2}) == [text]


def test_a_pause_does_not_cut_a_number_off_what_it_measures() -> None:
    text = "her blood pressure today was one thirty eight over eighty four"
    assert _split(text, {4: 1.5}) == [text]


def test_a_long_pause_always_cuts() -> None:
    assert _split("the left knee swollen and warm", {2: 2.5}) == ["the left knee", "swollen and warm"]


@given(
    st.lists(st.sampled_from(["and", "pain,", "the", "138", "knee.", "Dr.", "no", "so;"]), min_size=1, max_size=150),
    st.dictionaries(st.integers(0, 149), st.floats(0.0, 4.0), max_size=20),
)
def test_no_word_is_lost_and_no_passage_is_long(words: list[str], gaps: dict[int, float]) -> None:
    heard = _heard(" ".join(words), gaps)
    passages = split_passages(heard)
    assert [word for passage in passages for word in passage] == heard
    assert all(0 < len(passage) <= MAX_WORDS for passage in passages)


def test_loops_are_told_from_emphasis() -> None:
    assert is_loop("and the pain " * 6)
    assert is_loop("no " * 12)
    assert not is_loop("No, no, no. The pain is in the knee, the knee hurts, and the knee is swollen.")


def _line(text: str, left: float, top: float, width: float = 0.0, height: float = 0.02) -> Line:
    return Line(text, 0.9, left, top, left + (width or 0.01 * len(text)), top + height)


def _texts(*lines: Line) -> list[str]:
    return [line.text for line in in_reading_order(lines)]


def test_a_label_goes_with_its_value_and_the_next_field_does_not() -> None:
    assert _texts(
        _line("03/14/1968", 0.62, 0.10),
        _line("Name:", 0.05, 0.101),
        _line("Eleanor Whitcombe", 0.12, 0.098),
        _line("Date of birth:", 0.45, 0.10),
    ) == ["Name: Eleanor Whitcombe", "Date of birth: 03/14/1968"]


def test_an_empty_label_does_not_take_the_next_label() -> None:
    assert _texts(_line("Phone:", 0.05, 0.1), _line("Fax:", 0.13, 0.1)) == ["Phone:", "Fax:"]


def test_each_tick_stands_with_what_it_ticks() -> None:
    assert _texts(_line("[X] Asthma [ ] Diabetes [ ] Stroke", 0.05, 0.1)) == [
        "[X] Asthma",
        "[ ] Diabetes",
        "[ ] Stroke",
    ]
    assert _texts(_line("Asthma [X] Diabetes [ ]", 0.05, 0.1)) == ["Asthma [X]", "Diabetes [ ]"]
    assert _texts(_line("Smoker: [ ] Yes [X] No", 0.05, 0.1)) == ["Smoker: [ ] Yes [X] No"]
    beside = _texts(_line("[X] High blood pressure", 0.05, 0.1), _line("[ ] Stroke", 0.32, 0.1))
    assert beside == ["[X] High blood pressure", "[ ] Stroke"]


def test_rows_of_a_table_stay_together_and_name_what_is_unreadable() -> None:
    cells = [
        ("Medication", "Dose", "How often"),
        ("Metformin", "500 mg", "twice a day"),
        ("Atorvastatin", "", "at bedtime"),
    ]
    lines = [
        _line(text, left, 0.1 + 0.04 * row, 0.1)
        for row, texts in enumerate(cells)
        for text, left in zip(texts, (0.05, 0.35, 0.6), strict=True)
    ]
    assert _texts(*lines) == [
        "Medication | Dose | How often",
        "Metformin | 500 mg | twice a day",
        f"Atorvastatin | {UNREADABLE} | at bedtime",
    ]


def test_an_unreadable_place_of_its_own_is_no_line() -> None:
    assert _texts(_line("Surgeries: none", 0.05, 0.1), _line("", 0.05, 0.3, 0.2)) == ["Surgeries: none"]
    assert _texts(_line("", 0.05, 0.3, 0.2)) == []


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [_line(f"left {number} {'x' * 25}", 0.05, 0.1 + 0.03 * number, 0.35) for number in range(8)]
    right = [_line(f"right {number} {'x' * 25}", 0.45, 0.1 + 0.03 * number, 0.35) for number in range(8)]
    title = _line("A title across the whole page", 0.1, 0.05, 0.6)
    texts = _texts(*right, title, *left)
    assert texts == [line.text for line in [title, *left, *right]]


def test_a_form_with_two_fields_a_row_is_read_row_by_row() -> None:
    rows = [(_line(f"Left {n}:", 0.05, 0.1 + 0.03 * n), _line(f"Right {n}:", 0.5, 0.1 + 0.03 * n)) for n in range(12)]
    assert _texts(*(field for row in rows for field in row)) == [field.text for row in rows for field in row]


def test_a_crooked_scan_still_has_rows() -> None:
    def tilted(text: str, left: float, top: float) -> Line:
        return Line(text, 0.9, left, top + 0.04 * left, left + 0.15, top + 0.02 + 0.04 * left, 0.04)

    rows = [(tilted(f"a{n}", 0.02, 0.1 + 0.03 * n), tilted(f"b{n}", 0.6, 0.1 + 0.03 * n)) for n in range(3)]
    assert _texts(*(cell for row in rows for cell in row)) == ["a0 | b0", "a1 | b1", "a2 | b2"]


@given(st.lists(st.tuples(st.floats(0, 0.7), st.floats(0, 0.95)), min_size=1, max_size=25))
def test_no_text_is_lost_on_a_page(places: list[tuple[float, float]]) -> None:
    lines = [_line(f"word{number}", *place) for number, place in enumerate(places)]
    words = " ".join(_texts(*lines)).replace(" | ", " ").split()
    assert sorted(words) == sorted(line.text for line in lines)


@given(st.floats(0, 0.5), st.floats(0, 0.5), st.integers(0, 3))
def test_boxes_of_turned_pages_lie_on_the_page(left: float, top: float, turns: int) -> None:
    box = page_box(Line("x", 1.0, left, top, left + 0.2, top + 0.1), 0.77, turns)
    assert 0 <= box[0] <= box[2] <= 1
    assert 0 <= box[1] <= box[3] <= 1


def test_a_page_that_was_turned_left_to_be_upright_was_scanned_lying_to_the_right() -> None:
    heading = Line("x", 1.0, 0.0, 0.0, 0.7, 0.1)
    assert [round(edge, 3) for edge in page_box(heading, 0.7, 1)] == [0.9, 0.0, 1.0, 1.0]


def test_pieces_of_a_line_share_its_box() -> None:
    pieces = split_line(Line("NAME: ROE     DOB: 1959", 1.0, 0.1, 0.1, 0.9, 0.12))
    assert [piece.text for piece in pieces] == ["NAME: ROE", "DOB: 1959"]
    assert 0.1 == pieces[0].left < pieces[0].right < pieces[1].left < pieces[1].right <= 0.9
