"""What `eval drafts` measures with: the way of every draft, and all that can draft on this machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from daemon.config import Home
from daemon.evaluation.baselines import ChoosingDrafter, all_of_them, best_for, leading, passages_as_units
from daemon.evaluation.draft_content import KINDS
from daemon.evaluation.draft_measure import Entrant, Peak
from daemon.model.document import Document
from daemon.model.draft import Draft, Statement
from daemon.model.passage import Passage, Reading
from daemon.model.source import Source
from daemon.ports import Clock, Drafter
from daemon.wiring import engines

if TYPE_CHECKING:
    from daemon.adapters.models.installed_model import InstalledModel
    from daemon.model.drafting_fitness import Choice

Manner = Literal["statement", "section"]
MANNERS: tuple[Manner, ...] = ("statement", "section")
QUOTING, COPY, LEADING, BEST_PASSAGES, BEST_QUOTES = "quoting", "copy", "leading", "best-passages", "best-quotes"
OTHERS = (COPY, LEADING, QUOTING, BEST_PASSAGES, BEST_QUOTES)
"""Whoever drafts without a language model, simplest first; the last two know what a person wrote."""


class MeasuredWay:
    """`evaluation.draft_measure.Way`: the reader of texts, and the steps draft and verify, as every job goes."""

    def __init__(self, clock: Clock, watch: Callable[[], AbstractContextManager[Peak]]) -> None:
        """`watch`: what looks at the memory of children."""
        self._clock, self.watched = clock, watch

    def read(self, dialogue: str) -> Reading:
        """The passages of a text; `media-…`."""
        from daemon.adapters.reading.text_reader import read_text

        untrusted = dialogue.encode()
        return read_text(Source("s1", "text", sha256(untrusted).hexdigest()), untrusted)

    def draft(self, document: Document, reading: Reading, drafter: Drafter) -> Draft:
        """Drafted and verified."""
        from daemon.steps.draft import draft
        from daemon.steps.verify import verify

        return verify(draft("0" * 16, document, reading, drafter, self._clock), document)


class _Model:
    """One installed model in one manner; its drafter is made when it is first asked for."""

    def __init__(self, home: Home, name: str, manner: Manner) -> None:
        language = home.settings.language.model_copy(update={"model": name})
        draft = home.settings.draft.model_copy(update={"manner": manner})
        self._home = _with(home, drafter="llm", language=language, draft=draft)

    @cached_property
    def drafter(self) -> Drafter:
        return engines.drafter(self._home)()

    def close(self) -> None:
        """End the child, if there is one, so that no two models are in memory."""
        made = self.__dict__.pop("drafter", None)
        if made is not None and hasattr(made, "close"):
            made.close()


def entrants(home: Home, names: Collection[str] = (), manners: Sequence[Manner] = MANNERS) -> list[Entrant]:
    """All that can draft: without a model first, then each installed language model in each manner. `names`: only these.

    Raises RetryableError("model-altered"|"adapter-altered").
    """
    choice = default_choice(home)
    models = [model for model in engines.models(home).installed() if model.kind == "language"]
    found = [
        *_without_model(choice),
        *(_entrant(home, model, manner, choice) for model in models for manner in manners),
    ]
    return [one for one in found if not names or one.name in names]


def default_choice(home: Home) -> Choice:
    """What `drafter = "auto"` comes to in this home."""
    draft = home.settings.draft.model_copy(update={"manner": "auto"})
    return engines.drafting_choice(_with(home, drafter="auto", draft=draft))


def _with(home: Home, **settings: Any) -> Home:
    return home.model_copy(update={"settings": home.settings.model_copy(update=settings)})


def _without_model(choice: Choice) -> list[Entrant]:
    from daemon.adapters.drafting.quoting_drafter import QuotingDrafter

    quoting = QuotingDrafter()

    def quotes(document: Document, passages: Sequence[Passage]) -> list[Statement]:
        return [one for section in quoting.draft(document, passages) for one in section.statements]

    copied = ChoosingDrafter(COPY, all_of_them, passages_as_units)
    return [
        Entrant(COPY, "", "baseline", lambda row, corpus: copied, placed=False, copies=True),
        Entrant(LEADING, "", "baseline", lambda row, corpus: ChoosingDrafter(LEADING, leading(corpus.length_share), passages_as_units), placed=False),
        Entrant(QUOTING, "quoted", "rules", lambda row, corpus: quoting, default=choice.drafter == "quoting"),
        Entrant(BEST_PASSAGES, "", "bound", lambda row, corpus: ChoosingDrafter(BEST_PASSAGES, best_for(row.gold), passages_as_units), placed=False),
        Entrant(BEST_QUOTES, "", "bound", lambda row, corpus: ChoosingDrafter(BEST_QUOTES, best_for(row.gold), quotes), placed=False),
    ]  # fmt: skip


def _entrant(home: Home, model: InstalledModel, manner: Manner, choice: Choice) -> Entrant:
    made = _Model(home, model.name, manner)
    default = choice.drafter == "llm" and model.name == home.settings.language.model and manner == choice.manner
    adapter = model.adapter_sha256 if manner == "statement" else ""
    return Entrant(
        model.name, manner, "model", lambda row, corpus: made.drafter, default=default, model_sha256=model.main_sha256,
        adapter_sha256=adapter, size_bytes=model.size_bytes, close=made.close,
    )  # fmt: skip


def remember(home: Home, entry: dict[str, Any]) -> None:
    """Keep what was measured of a model for `drafter = "auto"`. Raises RetryableError("disk-full"|"state-unwritable")."""
    from daemon.model.drafting_fitness import Measured, first_rows

    def share(name: str, without: float) -> float:
        found: float | None = entry[name]
        return without if found is None else found

    # Another file of the same name is another corpus, and takes no measurement's place.
    corpus = f"{entry['data']} ({entry['data_sha256'][:8]})"
    engines.measurements(home).remember(
        Measured(
            model_sha256=entry["model_sha256"],
            adapter_sha256=entry["adapter_sha256"],
            manner=entry["manner"],
            corpus=corpus if entry["rows"] == entry["all_rows"] else first_rows(corpus, entry["rows"]),
            rows=entry["rows"],
            statements=entry["statements"],
            high_rate=share("unsupported", 0.0),
            drugs=share("drugs_in_source", 1.0),
            numbers=share("numbers_in_source", 1.0),
            negated=share("negated_in_source", 1.0),
            schema_failures=entry["failures"],
            quoted=share("quoted", 1.0),
            high_of_written=share("unsupported_written", 0.0),
            fewest=min(entry[f"{kind}_drafted"] for kind in KINDS),
        )
    )


def circumstances(home: Home) -> str:
    """What a draft here depends on besides the model and the text: this code, the settings, and the practice's own documents."""
    found = sha256(f"{code_fingerprint()}\0{home.settings.model_dump_json()}".encode())
    for file in sorted(home.documents.glob("*.toml")) if home.documents else ():
        found.update(file.name.encode(errors="surrogateescape") + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]


def code_fingerprint() -> str:
    """What this code is known by: a hash of all of its own files. Rows that other code measured are not mixed with its own."""
    package = Path(__file__).resolve().parents[1]
    found = sha256()
    for file in sorted(package.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            found.update(file.relative_to(package).as_posix().encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:16]
