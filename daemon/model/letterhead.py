"""What stands at the head and the foot of a practice's letters, as its settings say it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Name, lines of the address, numbers, and who signs. What is empty is not printed."""

    name: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    clinician: str = ""
    credentials: str = ""

    @property
    def signature(self) -> str:
        """ "Dana Whitfield, MD, FAAFP"."""
        return ", ".join(part for part in (self.clinician, self.credentials) if part)

    @property
    def numbers(self) -> str:
        """ "Telephone (419) 555-0134 · Fax (419) 555-0135"."""
        named = (("Telephone", self.phone), ("Fax", self.fax))
        return " · ".join(f"{name} {number}" for name, number in named if number)
