"""The practice's settings reach its letters; what is empty leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest

from daemon import wiring
from daemon.config import load_home
from daemon.model.letterhead import Letterhead
from tests.fakes import forms


@pytest.mark.parametrize(
    ("head", "signature", "numbers"),
    [
        (forms.PRACTICE, "Dana Whitfield, MD, FAAFP", "Telephone (419) 555-0134 · Fax (419) 555-0135"),
        (Letterhead(clinician="Dana Whitfield", fax="1"), "Dana Whitfield", "Fax 1"),
        (Letterhead(), "", ""),
    ],
)
def test_what_is_empty_leaves_no_comma_and_no_dot(head: Letterhead, signature: str, numbers: str) -> None:
    assert (head.signature, head.numbers) == (signature, numbers)


def test_the_settings_name_and_address_stand_on_the_letters_in_the_outbox(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[practice]\nname = "Riverside"\naddress = ["12 Mill Road"]\nclinician = "D. W."\n'
    )
    (tmp_path / "outbox").mkdir()
    outbox = wiring.outbox(load_home(tmp_path, None))
    word, page = outbox.publish_draft(forms.letter(), stem="memo", short="7f3k", revision=1)
    texts = [one.text for one in docx.Document(str(tmp_path / "outbox" / word)).paragraphs]
    assert texts[1:3] == ["Riverside", "12 Mill Road"]
    assert texts.count("D. W.") == 1
    assert '<p class="practice">Riverside</p>' in (tmp_path / "outbox" / page).read_text("utf-8")
