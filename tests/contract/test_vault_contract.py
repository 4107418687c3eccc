"""What every vault keeps to, the real one and the fake; then what only files and age can show."""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pytest

from daemon.adapters import age
from daemon.adapters.keys import Keys, init_keys
from daemon.adapters.vault.age_vault import AgeVault
from daemon.model.blob_reference import parse_reference
from daemon.model.errors import ChartdraftError, PermanentError, RetryableError
from daemon.ports import Vault
from tests.fakes.clock import FakeClock
from tests.fakes.streams import BrokenSource, failing_after
from tests.fakes.vault import FakeVault

CANARY = b"Zebulon Quatermass takes metformin. "
SHA = hashlib.sha256(b"x").hexdigest()


@dataclass
class Subject:
    """A vault, and how to do to it from outside what the contract speaks of."""

    vault: Vault
    clock: FakeClock
    seal_for_it: Callable[[bytes], bytes]
    damage: Callable[[str], None]
    remove: Callable[[str], None]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    home = tmp_path_factory.mktemp("home")
    return init_keys(home / "keys", home / "recovery.txt")


def blob_path(folder: Path, blob: str) -> Path:
    reference = parse_reference(blob)
    assert reference is not None
    return folder / "blobs" / str(reference.day) / f"{reference.id}.age"


def sealed_to(*recipients: str) -> Callable[[bytes], bytes]:
    def seal(data: bytes) -> bytes:
        out = io.BytesIO()
        age.encrypt(io.BytesIO(data), out, recipients)
        return out.getvalue()

    return seal


@pytest.fixture(params=["real", "fake"])
def subject(request: pytest.FixtureRequest, tmp_path: Path, keys: Keys) -> Subject:
    clock = FakeClock()
    if request.param == "fake":
        fake = FakeVault(clock)
        return Subject(
            fake,
            clock,
            lambda data: fake.AGE_MARK + data,
            lambda blob: fake.blobs.update({blob: b"?"}),
            lambda blob: fake.blobs.pop(blob) and None,
        )

    def damage(blob: str) -> None:
        path = blob_path(tmp_path, blob)
        data = bytearray(path.read_bytes())
        data[-1] ^= 1
        path.write_bytes(data)

    return Subject(
        AgeVault(tmp_path, keys, clock),
        clock,
        sealed_to(*keys.recipients),
        damage,
        lambda blob: blob_path(tmp_path, blob).unlink(),
    )


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 300_000])
def test_what_is_sealed_comes_back(subject: Subject, size: int) -> None:
    data = os.urandom(size)
    sealed = subject.vault.seal(io.BytesIO(data))
    assert (sealed.sha256, sealed.bytes) == (hashlib.sha256(data).hexdigest(), size)
    assert subject.vault.open(sealed.blob) == data


def test_the_same_content_is_the_same_blob_on_one_day_however_it_comes(subject: Subject) -> None:
    sealed = subject.vault.seal(io.BytesIO(CANARY))
    assert subject.vault.seal_age(io.BytesIO(subject.seal_for_it(CANARY))) == sealed
    assert subject.vault.seal(io.BytesIO(CANARY)) == sealed
    assert subject.vault.seal_bytes(CANARY + b"!").blob != subject.vault.seal_bytes(CANARY).blob
    assert subject.vault.open(sealed.blob) == CANARY


def test_a_blobs_name_says_its_day_and_class_and_not_its_hash(subject: Subject) -> None:
    came, made = subject.vault.seal(io.BytesIO(CANARY)), subject.vault.seal_bytes(CANARY)
    assert came.blob.startswith("o20261121-")
    assert made.blob.startswith("m20261121-")
    assert came.blob[10:] == made.blob[10:]
    assert came.sha256[:8] not in came.blob
    subject.clock.advance(24 * 3600)
    assert subject.vault.seal_bytes(CANARY).blob.startswith("m20261122-")
    assert [str(day) for day in subject.vault.days()] == ["2026-11-21.made", "2026-11-21.original", "2026-11-22.made"]


def test_what_is_poured_is_what_is_opened(subject: Subject) -> None:
    data = os.urandom(3_000_001)
    blob = subject.vault.seal(io.BytesIO(data)).blob
    sink = Sipping()
    subject.vault.pour(blob, sink)
    assert sink.getvalue() == data
    subject.damage(blob)
    with pytest.raises(PermanentError, match="vault-unreadable"):
        subject.vault.pour(blob, io.BytesIO())


def test_a_destroyed_day_ends_what_it_sealed_and_nothing_else(subject: Subject) -> None:
    came = [subject.vault.seal(io.BytesIO(b"%d" % number)).blob for number in range(3)]
    made = subject.vault.seal_bytes(CANARY).blob
    subject.clock.advance(24 * 3600)
    later = subject.vault.seal(io.BytesIO(CANARY)).blob
    ended = subject.vault.days()[1]
    assert subject.vault.open(came[0]) == b"0"
    assert subject.vault.destroy(ended) == 3
    assert subject.vault.destroy(ended) == 0
    for blob in came:
        with pytest.raises(PermanentError, match="vault-purged"):
            subject.vault.open(blob)
    assert subject.vault.open(made) == subject.vault.open(later) == CANARY
    assert ended not in subject.vault.days()


def test_a_clock_that_is_put_back_seals_nothing_to_a_destroyed_day(subject: Subject) -> None:
    subject.vault.seal_bytes(CANARY)
    (day,) = subject.vault.days()
    subject.vault.destroy(day)
    again = subject.vault.seal_bytes(CANARY).blob
    assert again.startswith("m20261122-")
    assert subject.vault.open(again) == CANARY


def test_what_was_removed_stays_purged_until_it_comes_again(subject: Subject) -> None:
    one, two = subject.vault.seal_bytes(b"one").blob, subject.vault.seal_bytes(b"two").blob
    for _ in range(2):
        subject.vault.remove(one)
        with pytest.raises(PermanentError, match="vault-purged"):
            subject.vault.open(one)
    assert subject.vault.open(two) == b"two"
    assert subject.vault.seal_bytes(b"one").blob == one
    assert subject.vault.open(one) == b"one"
    with pytest.raises(PermanentError, match="vault-missing"):
        subject.vault.remove("../../keys/identity")


@pytest.mark.parametrize(
    "blob",
    [
        "a" * 26,
        "o20261121-" + "a" * 26,
        "o20261131-" + "a" * 26,
        "x20261121-" + "a" * 26,
        "",
        "../../keys/identity",
        "A" * 26,
        "a" * 26 + "\n",
    ],
)
def test_a_blob_that_is_not_there_is_missing(subject: Subject, blob: str) -> None:
    with pytest.raises(PermanentError, match="vault-missing"):
        subject.vault.open(blob)


def test_a_removed_blob_is_missing(subject: Subject) -> None:
    blob = subject.vault.seal_bytes(CANARY).blob
    subject.remove(blob)
    with pytest.raises(PermanentError, match="vault-missing"):
        subject.vault.open(blob)


def test_a_damaged_blob_is_unreadable_and_sealing_again_mends_it(subject: Subject) -> None:
    sealed = subject.vault.seal_bytes(CANARY)
    subject.damage(sealed.blob)
    with pytest.raises(PermanentError, match="vault-unreadable"):
        subject.vault.open(sealed.blob)
    assert subject.vault.seal_bytes(CANARY) == sealed
    assert subject.vault.open(sealed.blob) == CANARY


def test_a_file_that_was_not_sealed_for_this_machine_is_refused(subject: Subject) -> None:
    with pytest.raises(PermanentError, match="seal-unreadable"):
        subject.vault.seal_age(io.BytesIO(b"not age at all"))


def test_a_source_that_cannot_be_read_to_its_end_is_tried_again(subject: Subject) -> None:
    with pytest.raises(RetryableError, match="file-changed"):
        subject.vault.seal(BrokenSource(CANARY))


def test_an_items_id_depends_on_document_contents_and_order(subject: Subject) -> None:
    other = hashlib.sha256(b"y").hexdigest()
    make = subject.vault.content_id
    ids = {
        make("soap", [SHA, other]),
        make("soap", [other, SHA]),
        make("soap", [SHA]),
        make("intake", [SHA]),
        make("", [SHA]),
    }
    assert len(ids) == 5
    assert {len(value) for value in ids} == {26}
    assert make("soap", [SHA]) == make("soap", [SHA])
    with pytest.raises(ValueError, match="SHA-256"):
        make("soap", ["x"])


# -- the real one alone -----------------------------------------------------------------------------------------------
class Sipping(io.BytesIO):
    """Takes less than it is given."""

    def write(self, data: object) -> int:
        return super().write(bytes(memoryview(data)[:5_000]))  # type: ignore[arg-type]  # Buffer is 3.12's


@pytest.fixture
def vault(tmp_path: Path, keys: Keys) -> AgeVault:
    return AgeVault(tmp_path, keys, FakeClock())


def sealed_files(folder: Path) -> list[Path]:
    """All but the keys of days."""
    return [path for path in folder.rglob("*") if path.is_file() and path.parent != folder / "days"]


def test_at_rest_there_is_ciphertext_alone_and_private(tmp_path: Path, vault: AgeVault) -> None:
    sealed = vault.seal_bytes(CANARY * 10_000)
    (path,) = sealed_files(tmp_path)
    assert path == blob_path(tmp_path, sealed.blob)
    assert path.stat().st_mode & 0o777 == 0o600
    assert b"Quatermass" not in path.read_bytes()


def test_the_names_differ_between_installations(tmp_path: Path, vault: AgeVault) -> None:
    other = AgeVault(tmp_path / "o", init_keys(tmp_path / "keys", tmp_path / "recovery.txt"), FakeClock())
    (tmp_path / "o").mkdir()
    assert other.seal_bytes(CANARY).blob != vault.seal_bytes(CANARY).blob
    assert other.content_id("soap", [SHA]) != vault.content_id("soap", [SHA])


@pytest.mark.parametrize("keep", [0, 10, 200, 65_536 + 400, -1])
def test_a_cut_blob_is_unreadable(tmp_path: Path, vault: AgeVault, keep: int) -> None:
    sealed = vault.seal_bytes(CANARY * 10_000)
    path = blob_path(tmp_path, sealed.blob)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(PermanentError, match="vault-unreadable"):
        vault.open(sealed.blob)


def test_a_blob_under_anothers_name_is_unreadable(tmp_path: Path, vault: AgeVault) -> None:
    """It decrypts, but anyone could have made it."""
    one, two = vault.seal_bytes(b"one"), vault.seal_bytes(b"two")
    blob_path(tmp_path, two.blob).write_bytes(blob_path(tmp_path, one.blob).read_bytes())
    with pytest.raises(PermanentError, match="vault-unreadable"):
        vault.open(two.blob)


@pytest.mark.parametrize(
    ("room", "size"), [(0, 2_000_000), (0, 3), (100, 3), (190, 3), (100, 2_000_000), (70_000, 80_000)]
)
def test_a_full_disk_leaves_no_blob_and_no_temp(tmp_path: Path, keys: Keys, room: int, size: int) -> None:
    full = AgeVault(tmp_path, keys, FakeClock(), opened=failing_after(room))
    for seal in (full.seal, lambda stream: full.seal_age(io.BytesIO(sealed_to(*keys.recipients)(stream.read())))):
        with pytest.raises(RetryableError, match="disk-full"):
            seal(io.BytesIO(os.urandom(size)))
    assert sealed_files(tmp_path) == []
    assert AgeVault(tmp_path, keys, FakeClock()).seal_bytes(CANARY).bytes == len(CANARY)


@pytest.mark.parametrize("seal", [AgeVault.seal, AgeVault.seal_age])
def test_a_file_larger_than_the_disk_is_not_begun(
    tmp_path: Path, keys: Keys, seal: Callable[[AgeVault, BinaryIO], object]
) -> None:
    huge = tmp_path / "huge.m4a"
    huge.touch()
    os.truncate(huge, shutil.disk_usage(tmp_path).free)

    def opened(descriptor: int) -> BinaryIO:
        os.close(descriptor)
        pytest.fail("begun")

    with huge.open("rb") as stream, pytest.raises(RetryableError, match="disk-full"):
        seal(AgeVault(tmp_path, keys, FakeClock(), opened=opened), stream)


@pytest.mark.parametrize("size", [3, 80_000])
def test_short_writes_are_continued(tmp_path: Path, keys: Keys, vault: AgeVault, size: int) -> None:
    data = os.urandom(size)
    sealed = AgeVault(tmp_path, keys, FakeClock(), opened=failing_after(10**9, chunk=100)).seal_bytes(data)
    assert vault.open(sealed.blob) == data


def test_a_file_sealed_for_others_or_cut_leaves_nothing(tmp_path: Path, vault: AgeVault, keys: Keys) -> None:
    sealed = sealed_to(*keys.recipients)(CANARY * 10_000)
    for bad in (sealed[:-1], sealed[:70_000], b"", sealed_to(keys.recovery)(CANARY), sealed + b"x"):
        with pytest.raises(PermanentError, match="seal-unreadable"):
            vault.seal_age(io.BytesIO(bad))
    with pytest.raises(RetryableError, match="file-changed"):
        vault.seal_age(BrokenSource(sealed))
    assert sealed_files(tmp_path) == []


def test_an_error_from_the_sources_own_adapter_is_passed_on(vault: AgeVault) -> None:
    class Vanished(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise PermanentError("file-vanished")

    with pytest.raises(PermanentError, match="file-vanished"):
        vault.seal(Vanished())


def test_no_error_holds_a_word_of_the_content(tmp_path: Path, keys: Keys, vault: AgeVault) -> None:
    attempts: list[Callable[[], object]] = [
        lambda: vault.seal_age(io.BytesIO(CANARY)),
        lambda: vault.seal(BrokenSource(CANARY)),
        lambda: AgeVault(tmp_path, keys, FakeClock(), opened=failing_after(0)).seal_bytes(CANARY),
        lambda: vault.open(CANARY.decode()),
    ]
    for attempt in attempts:
        with pytest.raises(ChartdraftError) as raised:
            attempt()
        assert "Quatermass" not in f"{raised.value!r} {raised.value} {raised.value.args}"


def test_what_a_dead_writer_left_is_swept(tmp_path: Path, vault: AgeVault) -> None:
    assert vault.sweep() == 0
    vault.seal_bytes(CANARY)
    (tmp_path / "blobs" / f".chartdraft-{'0' * 16}.part").touch()
    assert vault.sweep() == 1
    assert len(sealed_files(tmp_path)) == 1


# -- with age's own program -----------------------------------------------------------------------------------------
@pytest.mark.needs("age")
def test_age_opens_any_blob_with_either_identity(tmp_path: Path) -> None:
    keys = init_keys(tmp_path / "keys", tmp_path / "recovery.txt")
    (tmp_path / "vault").mkdir()
    sealed = AgeVault(tmp_path / "vault", keys, FakeClock()).seal_bytes(CANARY * 9000)
    for identity in (tmp_path / "keys" / "identity.txt", tmp_path / "recovery.txt"):
        command = ["age", "-d", "-i", identity, tmp_path / "vault" / "days" / "2026-11-21.made.age"]
        key = subprocess.run(command, capture_output=True, check=True).stdout
        command = ["age", "-d", "-i", "-", blob_path(tmp_path / "vault", sealed.blob)]
        assert subprocess.run(command, input=key, capture_output=True, check=True).stdout == CANARY * 9000


@pytest.mark.needs("age")
@pytest.mark.parametrize("armor", [[], ["-a"]])
def test_files_sealed_with_the_recipients_file_are_taken(
    tmp_path: Path, vault: AgeVault, keys: Keys, armor: list[str]
) -> None:
    recipients = tmp_path / "RECIPIENT.txt"
    recipients.write_text(keys.recipients_text())
    command = ["age", *armor, "-R", recipients]
    made = subprocess.run(command, input=CANARY * 9000, capture_output=True, check=True).stdout
    sealed = vault.seal_age(io.BytesIO(made))
    assert vault.open(sealed.blob) == CANARY * 9000
