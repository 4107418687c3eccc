"""A statement with its numbers, and what of the source they may rest on."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from daemon.faithfulness.medicines.drug_doses import owner
from daemon.faithfulness.medicines.drugs import DrugMention, find_drugs
from daemon.faithfulness.quantity.mention import Mention
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.quantity.sayings import STEM_LENGTH, Said, Saying, said, stems
from daemon.faithfulness.texts import Claim, Texts

_MOST_SAYINGS = 200
_MOST_TOKENS = 2000
_BACK = 3
"""Passages: what somebody asks about is named a little before the answer."""


MOST_JUDGED = 200
"""Numbers of one statement that are held against the source; no sentence has so many."""


class Stated:
    """A claim and its source. Reads no more of either than its numbers ask for.

    `anywhere` says that a passage which is not cited may be meant as well.
    """

    def __init__(self, claim: Claim, source: Texts, *, anywhere: bool) -> None:
        self.claim, self.source, self.anywhere = claim, source, anywhere
        self.tokens, self.found = mentions(claim.text)
        self._about: dict[int, bool] = {}

    @cached_property
    def elsewhere(self) -> Stated:
        """The same claim held against the whole source; read once, however many of its numbers ask for it."""
        return Stated(self.claim, self.source, anywhere=True)

    @cached_property
    def said(self) -> Said:
        """All numbers of the source."""
        return self.source.learn(said)

    @cached_property
    def stems(self) -> frozenset[str]:
        """What the statement is about."""
        return stems(self.tokens)

    @cached_property
    def cited(self) -> frozenset[int]:
        """The numbers of the passages it rests on."""
        return frozenset(self.said.places[each] for each in self.source.cited(self.claim))

    @cached_property
    def near_cited(self) -> frozenset[int]:
        """Those passages and their neighbours: an answer next to its question."""
        return frozenset(at + step for at in self.cited for step in (-1, 0, 1))

    @cached_property
    def drugs(self) -> tuple[DrugMention, ...]:
        """The drugs it names."""
        return find_drugs(self.claim.text)

    def span(self, mention: Mention) -> tuple[int, int]:
        """Where `mention` stands in the statement's text."""
        return self.tokens[mention.first].start, self.tokens[mention.end - 1].end

    def drug_of(self, mention: Mention) -> str | None:
        """The generic name of the drug that `mention` is the dose of, where the statement names one."""
        found = owner(self.claim.text, self.drugs, self.span(mention))
        return None if found is None or (found.is_class and "insulin" not in found.generic) else found.generic

    def within(self, sayings: Iterable[Saying]) -> list[Saying]:
        """Those that the statement may rest on; of very many the first, so that no text takes long."""
        allowed = sayings if self.anywhere else (one for one in sayings if one.place in self.cited)
        return list(islice(allowed, _MOST_SAYINGS))

    def is_about(self, place: int) -> bool:
        """Whether a passage, or one close to it, speaks of what the statement is about."""
        if place not in self._about:
            passages = self.said.passages[max(0, place - _BACK) : place + 2]
            self._about[place] = any(
                token.text[:STEM_LENGTH] in self.stems for one in passages for token in one.tokens[:_MOST_TOKENS]
            )
        return self._about[place]

    def fits(self, saying: Saying) -> bool:
        """Whether somebody cited the passage, or the words around the saying are about the same.

        That a passage was found for the statement says nothing: it may have been found for the number alone.
        """
        if not self.claim.inferred and saying.place in self.near_cited:
            return True
        return not self.stems or bool(self.said.stems_near(saying) & self.stems)

    @cached_property
    def is_quote(self) -> bool:
        """Whether a cited passage holds the statement word for word, which then says nothing of its own."""
        quote = self.claim.text.strip().rstrip(".")
        return bool(quote) and any(_holds(self.source.by_id[each], quote) for each in self.source.cited(self.claim))

    def ids(self, sayings: Iterable[Saying]) -> tuple[str, ...]:
        """The passages of these sayings, at most three, in their order."""
        places = sorted({one.place for one in sayings})[:3]
        return tuple(self.said.passages[place].id for place in places)


def _holds(text: str, quote: str) -> bool:
    """Whether `quote` stands in `text` as whole words: "5 mg" does not in "15 mg", nor "2" in "2.5"."""
    at = text.find(quote)
    before, after = text[at - 1 : at] if at > 0 else "", text[at + len(quote) : at + len(quote) + 2]
    return at >= 0 and not (before.isalnum() or before in {".", "/", ","} or after[:1].isalnum() or after[1:].isdigit())
