"""The quantities of a statement, and which of them have nothing to rest on in the evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from daemon.faithfulness.quantity.lexicon import SAME_NAMES
from daemon.faithfulness.quantity.mention import Mention, Value, plain_number
from daemon.faithfulness.quantity.mentions import mentions
from daemon.faithfulness.quantity.names import name_keys
from daemon.faithfulness.quantity.units import compatible, in_base_unit
from daemon.faithfulness.reading.tokens import Token


@dataclass(frozen=True, slots=True)
class Quantity:
    """One quantity as a text says it, in its plain reading.

    `value` is a number, or a tuple whose first string is its kind (see `daemon.faithfulness.quantity.mention.Value`); `unit` is
    canonical ("mg", "times/day"); `text` is `source[span[0]:span[1]]`, the number with its unit.
    """

    value: Value
    unit: str | None
    span: tuple[int, int]
    text: str


@dataclass(slots=True)
class Support:
    """All that a text can be evidence for: values with the units they were said in, and names."""

    values: dict[Value, set[str | None]] = field(default_factory=dict)
    converted: set[tuple[str, Decimal]] = field(default_factory=set)
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, text: str) -> Support:
        """Read `text` in every admissible way."""
        tokens, found = mentions(text)
        support = cls(names=name_keys(tokens, found))
        for mention in found:
            for value, unit in mention.readings:
                support.values.setdefault(value, set()).add(unit)
                if isinstance(value, Decimal) and (base := in_base_unit(value, unit)):
                    support.converted.add(base)
        return support

    def holds(self, value: Value, unit: str | None) -> bool:
        """Whether some way to read the evidence says `value`, in a unit that does not contradict `unit`."""
        if isinstance(value, tuple):
            return self._holds_tuple(value, unit)
        if self._says(value, unit) or self._says(("part", plain_number(value)), unit):
            return True
        base = in_base_unit(value, unit)
        return base is not None and base in self.converted

    def _says(self, value: Value, unit: str | None) -> bool:
        return any(compatible(unit, said) for said in self.values.get(value, ()))

    def _holds_tuple(self, value: tuple[str, ...], unit: str | None) -> bool:
        if value[0] == "name":
            return SAME_NAMES.get(value[1], value[1]) in self.names
        if self._says(value, unit):
            return True
        if value[0] == "pair":
            return self._holds_pair(value[1], value[2], unit)
        if value[0] == "time":
            hour, minute = Decimal(value[1]), Decimal(value[2])
            return self._says(hour * 100 + minute, None) or (not minute and self._says(hour, None))
        known_day = self._says(("date", "", *value[2:]), None)
        return value[0] == "date" and known_day and (not value[1] or self._says(Decimal(value[1]), None))

    def _holds_pair(self, above: str, below: str, unit: str | None) -> bool:
        """A fraction, a day of the calendar, or two numbers that were said apart ("systolic 138 … diastolic 84")."""
        first, second = Decimal(above), Decimal(below)
        if second and self._says(first / second, unit):
            return True
        return self._says(("date", "", above, below), None) or (self._says(first, unit) and self._says(second, unit))


def quantities(text: str) -> tuple[Quantity, ...]:
    """The quantities that `text` states, in order. Linear in its length; any text will do."""
    tokens, found = mentions(text)
    return tuple(_quantity(text, tokens, mention) for mention in found if mention.counted)


def unsupported_quantities(statement: str, evidence: str) -> tuple[Quantity, ...]:
    """The quantities of `statement` that `evidence` says in none of its admissible readings."""
    stated_tokens, stated = mentions(statement)
    counted = [mention for mention in stated if mention.counted]
    if not counted:
        return ()
    support = Support.of(evidence)
    return tuple(
        _quantity(statement, stated_tokens, mention)
        for mention in counted
        if not support.holds(mention.value, mention.unit) and not _is_known_name(stated_tokens, mention, support)
    )


def _is_known_name(tokens: list[Token], mention: Mention, support: Support) -> bool:
    """ "PHQ 9" where the evidence says "PHQ-9"."""
    if not mention.first or mention.unit or tokens[mention.first - 1].kind != "word" or mention.end - mention.first > 1:
        return False
    key = tokens[mention.first - 1].text + tokens[mention.first].text
    return SAME_NAMES.get(key, key) in support.names


def _quantity(text: str, tokens: list[Token], mention: Mention) -> Quantity:
    start, end = tokens[mention.first].start, tokens[mention.end - 1].end
    return Quantity(mention.value, mention.unit, (start, end), text[start:end])
