"""What was measured of a model counts only for the way of drafting that it was measured with."""

from __future__ import annotations

from daemon.model.drafting_fitness import WAY
from tests.fakes.drafting_way import recorded, way


def test_a_way_of_drafting_that_changed_is_another_way() -> None:
    """When this fails: raise WAY, measure again, and record it (`python -m tests.fakes.drafting_way`)."""
    before, now = recorded(), way()
    assert before.pop("way") == WAY
    assert before == now


def test_the_record_would_show_a_change() -> None:
    """It sees what stands and what does not, and groups that are asked for and left out."""
    stand = recorded()["stand"]
    assert stand["Doctor: Any fever or chills?\nPatient: No."]["She denies fever and chills."] == ""
    codes = {code for answers in stand.values() for code in answers.values()}
    assert len(codes) >= 6
    talk, visit = recorded()["asked"]
    assert not any("drive" in request for _, _, request, *_ in talk)
    assert any(parts for _, _, _, *parts in talk)
    assert all(len({section for section, *_ in asked}) >= 3 for asked in (talk, visit))
