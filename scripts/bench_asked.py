"""What is asked of the command line and of the language model: `status` on many jobs, prompt tokens for a note."""

from __future__ import annotations

import statistics
import subprocess
import time
from datetime import UTC, datetime, timedelta

from bench_home import CHARTDRAFT, throw_away
from bench_table import Row

from daemon import wiring
from daemon.adapters.drafting.llm_drafter import LlmDrafter
from daemon.adapters.drafting.quoting_drafter import QuotingDrafter
from daemon.model.errors import ChartdraftError
from daemon.model.job import JobRow
from daemon.model.passage import EngineInfo, Passage, TimeAnchor

STARTS = 5
JOBS = 1_000

# An invented visit, as it is dictated.
TRANSCRIPT = """\
Walter Brandt is a sixty eight year old man who comes in for his diabetes and because his left knee hurts.
The knee has been hurting for about three weeks, mostly on the inside, and it is worse when he goes down stairs.
He did not fall and he does not remember twisting it.
It is a dull ache, four out of ten at rest and seven out of ten after a longer walk.
It swells a little in the evening, and it is stiff for about ten minutes in the morning.
There is no locking, and it has not given way.
He took ibuprofen four hundred milligrams now and then, which helped, but it upset his stomach.
He has had no fever and no chills, and no other joint is painful.
As for his sugar, he measures it in the morning, and the values are between one hundred and forty and one hundred and eighty.
He takes metformin five hundred milligrams twice a day and lisinopril ten milligrams once a day.
He forgets the evening metformin about twice a week.
He has had no episode of low sugar.
He has some tingling in both feet at night, which is not new, and he looks at his feet every day.
He denies chest pain, shortness of breath and swelling of the legs.
He is allergic to penicillin, which gave him hives as a child.
He stopped smoking eleven years ago, and drinks a glass of wine on weekends.
He lives with his wife, and walks the dog twice a day, which he now cuts short because of the knee.
His brother had a heart attack at the age of fifty nine.
On examination he is well and in no distress.
Blood pressure is one thirty eight over eighty four, pulse is seventy two and regular, temperature is thirty six point eight.
Weight is ninety four kilograms, which is two kilograms more than in March.
The heart sounds are normal, there is no murmur, and the lungs are clear.
The left knee has a small effusion, it is not red and not warm.
There is tenderness over the medial joint line.
He bends it to one hundred and twenty degrees, and extension is full.
The ligaments are stable, and the McMurray test is doubtful.
The right knee is normal.
Pulses of the feet are palpable on both sides, and the skin of the feet is intact.
He does not feel the monofilament at two of ten points on the right and at one of ten on the left.
The hemoglobin A one C from last week is seven point nine percent, it was seven point four in March.
Creatinine is one point one, and the urine shows no albumin.
I think the knee is osteoarthritis of the medial compartment, less likely a degenerative tear of the meniscus.
His type two diabetes is not well enough controlled, with a mild neuropathy of the feet.
His blood pressure is slightly above where we want it.
For the knee we get an x-ray while standing, and he begins with physical therapy, twice a week for six weeks.
He stops the ibuprofen and takes acetaminophen one thousand milligrams up to three times a day when he needs it.
If it is not better in six weeks, we talk about an injection.
We raise metformin to one thousand milligrams twice a day, with meals, and he sets an alarm for the evening dose.
He keeps a record of his morning sugar and brings it along.
Lisinopril goes up to twenty milligrams, and we check potassium and creatinine in two weeks.
He is due for his eye examination, so I refer him to ophthalmology.
He gets the flu vaccine today.
He comes back in six weeks, or earlier if the knee locks, turns red or if he gets a fever.
"""


def status() -> Row:
    """The wall time of the command as a person starts it."""
    with throw_away() as home:
        board, now = wiring.board(home), datetime.now(UTC)
        for number in range(JOBS):
            job, at = f"{number:026d}".translate(str.maketrans("0189", "abcd")), now - timedelta(minutes=number)
            board.add(
                JobRow(id=job, state="delivered", document="soap", sources=("recording",), manifest="", updated_at=at)
            )
        seconds = {
            option: _median([*_status(home.config.parent.as_posix()), *option.split()]) for option in ("", "--json")
        }
    return Row(
        f"`status` on {JOBS:,} jobs",
        "≤ 0.5 s",
        f"{seconds['']:.2f} s",
        max(seconds.values()) <= 0.5,
        f"median of {STARTS} starts; with `--json`, which lists all of them, {seconds['--json']:.2f} s",
    )


def _status(root: str) -> list[str]:
    return [str(CHARTDRAFT), "--home", root, "status"]


def _median(command: list[str]) -> float:
    seconds = []
    for _ in range(1 + STARTS):
        started = time.monotonic()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        seconds.append(time.monotonic() - started)
    return statistics.median(seconds[1:])  # the first one fills the file cache


def prompt_tokens() -> Row:
    """Tokens that the language model evaluates for a whole note, over those of the transcript."""
    with throw_away() as home:
        settings, store, document = home.settings, wiring.models(home), wiring.documents(home)["soap"]
        try:
            model = store.get(settings.language.model)
        except ChartdraftError as error:
            raise SystemExit(str(error)) from None
        drafter = LlmDrafter(
            lambda: model.main_path,
            EngineInfo(model.name, model.main_sha256),
            limits=settings.language_limits,
            threads=settings.threads,
            context_tokens=settings.language.context_tokens,
            quoting=QuotingDrafter(),
        )
        passages = [
            Passage(f"p{n}", text, TimeAnchor("s1", n * 6.0, n * 6.0 + 5), 0.9)
            for n, text in enumerate(TRANSCRIPT.splitlines(), 1)
        ]
        drafter.draft(document, passages)
        drafter.close()
    evaluated, transcript = (drafter.last_usage[name] for name in ("prompt_tokens_evaluated", "transcript_tokens"))
    sections = sum(not spec.computed for spec in document.sections)
    return Row(
        f"prompt tokens evaluated for a {sections}-section note over tokens of one transcript",
        "≤ 1.3",
        f"{evaluated / transcript:.2f}",
        evaluated / transcript <= 1.3,
        f"{evaluated:,} over {transcript:,}, {model.name}",
    )
