"""What `chartdraft check` found, as a list to work off: gravest first, with the words in doubt and what was said instead."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence

from daemon.faithfulness.checking import CheckedNote, CheckedStatement
from daemon.faithfulness.plain_words import LEVELS, finding_sentence, omission_sentence
from daemon.faithfulness.reading.transcript import Transcript
from daemon.model.finding import Finding, Omission
from daemon.model.visible_text import visible_text

WIDTH = 100
_MOST_PASSAGES = 3
_LONGEST_PASSAGE = 300  # characters; what is longer is cut around its beginning, the whole stands in the source

Found = tuple[Finding, CheckedStatement, str]
"""A finding, the statement it is about, and the heading that stands over it."""


def check_list(report: CheckedNote, transcript: Transcript, show_all: bool = False) -> Iterator[str]:
    """The list, line by line. Doubts of severity low are only counted, unless all are asked for."""
    found = [
        (finding, one, section.title)
        for section in report.sections
        for one in section.statements
        for finding in one.findings
    ]
    found.sort(key=lambda one: LEVELS[one[0].severity].rank)
    omitted = sorted(report.omissions, key=lambda one: LEVELS[one.severity].rank)
    yield from _summary([one[0] for one in found], omitted, show_all)
    for each in found:
        if show_all or each[0].severity != "low":
            yield from _finding(each, transcript)
    shown = [one for one in omitted if show_all or one.severity != "low"]
    if shown:
        yield from ["", "SAID, AND NOT IN THE NOTE"]
    for omission in shown:
        yield from _omission(omission, transcript)


def _summary(findings: Sequence[Finding], omissions: Sequence[Omission], show_all: bool) -> Iterator[str]:
    """How much there is of each severity; what is not shown is said."""
    doubts = Counter(one.severity for one in findings)
    left_out = Counter(one.severity for one in omissions)
    slight = doubts.pop("low", 0) + left_out.pop("low", 0)
    if not doubts and not left_out:
        yield "Nothing grave was found. What rules cannot see still has to be read."
    else:
        yield f"To check: {_count(doubts.total(), 'doubt')} and {_count(left_out.total(), 'omission')}."
    if slight:
        yield f"And {_count(slight, 'slight one')}{'' if show_all else ', shown with --all'}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _finding(found: Found, transcript: Transcript) -> Iterator[str]:
    finding, statement, title = found
    level = LEVELS[finding.severity]
    yield ""
    yield from _wrapped(f"{level.sign} {level.word}: {finding_sentence(finding)} ({finding.code})", "  ")
    yield from _wrapped(f"  {title}: {_marked(statement.text, finding)}", "    ")
    if finding.suggestions:
        yield from _wrapped(f"  perhaps: {', '.join(finding.suggestions)}", "    ")
    if finding.evidence:
        yield from _quotes(finding.evidence, transcript)
    else:
        yield from _quotes(statement.evidence, transcript, "nearest: ")


def _omission(omission: Omission, transcript: Transcript) -> Iterator[str]:
    level = LEVELS[omission.severity]
    yield ""
    yield from _wrapped(f"{level.sign} {level.word}: {omission_sentence(omission)} ({omission.kind})", "  ")
    yield from _quotes(omission.evidence, transcript)


def _marked(text: str, finding: Finding) -> str:
    """The sentence with the words in doubt between marks."""
    if finding.span is None or finding.span == (0, len(text)):
        return text
    start, end = finding.span
    return f"{text[:start]}»{text[start:end]}«{text[end:]}"


def _quotes(passages: Sequence[str], transcript: Transcript, lead: str = "") -> Iterator[str]:
    known = [each for each in passages if each in transcript.texts.by_id]
    for name in known[:_MOST_PASSAGES]:
        text = transcript.texts.by_id[name]
        said = text if len(text) <= _LONGEST_PASSAGE else f"{text[:_LONGEST_PASSAGE].rstrip()}…"
        yield from _wrapped(f"  {lead}{_where(name, transcript)}: “{said}”", "    ")
    if len(known) > _MOST_PASSAGES:
        yield f"  and {len(known) - _MOST_PASSAGES} more"


def _where(name: str, transcript: Transcript) -> str:
    """The passage, when it was said, and by whom, as far as they are known: "p12, 1:05, patient"."""
    parts = [name]
    if name in transcript.times:
        whole = int(transcript.times[name][0])
        hours, minutes = divmod(whole // 60, 60)
        parts.append(f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}")
    if name in transcript.texts.speakers:
        parts.append(transcript.texts.speakers[name])
    return ", ".join(parts)


def _wrapped(line: str, indent: str) -> list[str]:
    """A line of the width of a terminal, in which nothing from a file can hide or move what stands around it."""
    lead = line[: len(line) - len(line.lstrip(" "))]
    shown = visible_text(line).strip()
    if 0 < len(lead) + len(shown) <= WIDTH:
        return [f"{lead}{shown}"] if shown else []
    return textwrap.wrap(shown, WIDTH, initial_indent=lead, subsequent_indent=indent, break_on_hyphens=False)
