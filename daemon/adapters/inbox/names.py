"""What names in an inbox say: which document a folder is for, whether it can be one visit's, which page comes before which.

A folder in the inbox's root may be one visit of one patient (a packet), or a tray for many ("scans", "Monday", "referrals"). To
take a tray for a packet would put several patients into one draft, which is the worst harm there is; to take a packet for a tray
costs a note and a new name. So every name that could be a tray's is one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from difflib import SequenceMatcher

# How alike two names are that may be one with a slip of the hand. "refferal" and "emial" are (0.87, 0.80), "letter" and "litter"
# too; of four letters one may be another ("soup"). A shorter one must be right.
_ALIKE = 0.8
_ALIKE_FOUR = 0.75
# A word so long is not a patient's name with a slip, so it counts among other words too ("Jane Doe refferal").
_TELLING = 7

# Words that name no visit, but a kind of paper, a place, a day or a state of work. A name made of nothing else (and numbers) is a
# tray's. The singular "visit", "encounter", "packet", "patient", "case" is not here: "Visit 3" is one.
_GENERAL_WORDS = """
    a all an and by for from in my new of on or our the to with
    admission advance after aftercare allergy appeal approval assessment auth authorisation authorization bill billing
    certificate chart checklist chronic claim clinical coding communication complaint consent consult consultation
    correspondence coverage death demographic denial diagnosis diagnostic dictation directive disability discharge doc
    document draft ecg echo education ekg eligibility eob email encounters er evaluation excuse exam fax fmla followup form
    gap analysis goal handout health hipaa history hp hpi imaging immunization immunisation information instruction insurance
    intake invoice lab laboratory letter list mail med medical medication memo message mri notice note nursing op operative
    order paper paperwork pathology payer phi photo physical picture plan policy prescription preventive prior procedure
    progress questionnaire radiology receipt record referral refill registration release report request response result rx
    scan school screening script sheet signature sms soap subpoena summary superbill surgery surgical text therapy transcript
    transfer transition treatment triage ultrasound vaccine vital voicemail waiver work xray x ray
    archive audio backup batch bin box camera clip completed copy dcim do deleted desktop download draft dropbox drive dump
    error export failed fail file final folder forward history image img import inbox incoming input internal item job
    library media misc miscellaneous movie old other outbox outgoing output page pdf pending personal phone print private
    processed queue raw recent recording recycled rejected retry root sample saved screenshot sent share shared sort source
    stack stuff temp template test tmp todo trash tray unfiled unfinished unknown unprocessed unread unreviewed unsorted
    untitled upload urgent video voice whatsapp airdrop icloud ipad iphone android tablet scanner usb
    done hold important later next now ready review stat wait waiting
    admin assistant back call clerk clinic clinician department desk doctor dr front hospital md nurse office physician
    practice provider reception receptionist room staff team telehealth ward
    am afternoon today tomorrow tonight yesterday daily day evening friday fri monday mon month monthly morning night noon
    pm quarter saturday sat sunday sun thursday thu thur thurs tuesday tue tues wednesday wed week weekend weekly year
    january jan february feb march mar april apr may june jun july jul august aug september sep sept october oct november
    nov december dec
    appointments cases clients encounters packets patients people persons visits
"""
_GENERAL = frozenset(_GENERAL_WORDS.split())
# These may stand in a document's title ("Patient education") and say nothing of it.
_OF_ONE = frozenset({"case", "client", "encounter", "packet", "patient", "visit"})
_PACKAGE_SUFFIXES = """
    app band bundle composition download dsym fcpbundle framework gdoc imovielibrary key keynote kext lproj logicx mpkg
    notebook numbers pages photoslibrary pkg playground plugin rtfd scriptd sparsebundle textbundle theater webarchive xcodeproj
"""
_PACKAGES = frozenset(_PACKAGE_SUFFIXES.split())
_DATE = re.compile(r"\D*((19|20)\d{2}|(19|20)\d{6}|\d{1,4}\D+\d{1,2}\D+\d{1,4}|\d{1,2}\D+\d{1,2})\D*")
_PAGE = re.compile(r"(.*?)(\d{1,9})\.([^.]+)", re.DOTALL)


def fold(name: str) -> str:
    """Canonical caseless matching: Unicode 16, section 3.13, D145."""
    return unicodedata.normalize("NFD", unicodedata.normalize("NFD", name).casefold())


def natural_key(untrusted_name: str) -> tuple[tuple[int, int, str], ...]:
    """What sorts "Scan_2" before "Scan_10"; names that read the same keep an order all the same."""
    pieces = re.split(r"([0-9]+)", fold(untrusted_name))
    read = tuple((0, int(each), "") if each.isdecimal() else (1, 0, each) for each in pieces if each)
    return (*read, (2, 0, untrusted_name))


def page_of(untrusted_name: str) -> tuple[str, int, str] | None:
    """ "Scan_0004.jpg" as ("Scan_", 4, "jpg"), what a scanner counts up; None for a name without a number at its end."""
    found = _PAGE.fullmatch(untrusted_name)
    return (found[1], int(found[2]), found[3].lower()) if found else None


def is_package(untrusted_name: str) -> bool:
    """Whether a folder is one document of some macOS program, which shows it as a file."""
    return untrusted_name.lower().rpartition(".")[2] in _PACKAGES and "." in untrusted_name.strip(".")


def is_general(untrusted_name: str) -> bool:
    """Whether a folder's name is a tray's, not a visit's: a kind of paper, a place, a day, a year, nothing at all."""
    words = _words(untrusted_name)
    named = [word for word in words if not word.isdecimal()]
    if not named:
        return not words or _DATE.fullmatch(untrusted_name) is not None
    return all(word in _GENERAL or _plain(word) in _GENERAL for word in named)


def near_document(untrusted_name: str, documents: Mapping[str, str]) -> str:
    """The key of the document that a folder's name seems to mean without being its name, or "": a plural, a slip of the hand,
    one of its words, its words among others. `documents` are titles by key."""
    said = [_plain(word) for word in _words(untrusted_name) if not word.isdecimal()]
    for key, title in documents.items():
        if said and any(_means(said, [_plain(word) for word in _words(label)]) for label in (key, title)):
            return key
    return ""


def _means(said: list[str], label: list[str]) -> bool:
    if not label:
        return False
    if (
        (set(said) <= set(label) and not set(said) <= _OF_ONE)
        or set(label) <= set(said)
        or _alike("".join(said), "".join(label))
    ):
        return True
    telling = [word for word in said if len(word) >= _TELLING and word not in _OF_ONE]
    return any(len(word) >= _TELLING and _alike(word, each) for word in label for each in telling)


def _alike(one: str, other: str) -> bool:
    shorter = min(len(one), len(other))
    if shorter < 4:
        return one == other
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= (_ALIKE_FOUR if shorter == 4 else _ALIKE)


def _words(untrusted_text: str) -> list[str]:
    """Runs of letters and runs of digits, without case and accents."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", untrusted_text) if not unicodedata.combining(char))
    return re.findall(r"[^\W\d_]+|[0-9]+", bare.casefold())


def _plain(word: str) -> str:
    """A plural as its singular, roughly: it is compared with what went the same way."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses", "zes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
