"""Trains the starter adapter: SmolLM2-135M learns to write what was said in a few lines as one clinical sentence.

    python scripts/train_starter.py --data FOLDER --out FOLDER       train and write starter.gguf, starter.json, loss.json

Needs `requirements/starter.txt` and the two public data sets. The base is the installed GGUF itself, so that the adapter learns
beside the very weights that it will run with. What the model answers counts alone; what it is asked is read with the run time's
own words (`daemon.model.statement_request`).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from starter_aligned import Pair  # noqa: E402 - needs the path above
from starter_data import counts, digest, file_digests, training_pairs  # noqa: E402
from starter_gguf import NAMES, write_adapter  # noqa: E402

from daemon.model.statement_request import STARTER_INSTRUCTIONS, request_text  # noqa: E402

SEED = 20261122
RANK, ALPHA = 16, 32
BATCH = 16
PEAK_RATE, LAST_SHARE, WARM_STEPS = 8e-4, 0.03, 20
HORIZON, TURN, STEPS = 321, 75, 190
"""The rate follows a cosine that would end after `HORIZON` steps, one pass over all pairs; from step `TURN` on it falls straight to its
end at `STEPS`. The shipped adapter was trained so, since its run had to be shortened while it ran; a whole pass was never tried."""
MOST_TOKENS = 256
LEAST_SURENESS, LEAST_IN_NEW_WORDS = -0.6, -0.4
"""What is written less surely does not stand; docs/experiments.md says how this was chosen."""
_POOL = 16 * BATCH  # so many pairs are sorted by length before they are parted into batches


def examples(pairs: Sequence[Pair], tokenizer: Any) -> list[tuple[list[int], int]]:
    """The tokens of each pair and how many of them are asked; too long ones are left out. Parts are tokenized as at run time."""
    mark = {name: tokenizer(name, add_special_tokens=False)["input_ids"] for name in ("<|im_start|>", "<|im_end|>")}

    def plain(text: str) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False)["input_ids"])

    system = [*mark["<|im_start|>"], *plain("system\n"), *plain(STARTER_INSTRUCTIONS)]
    user = [*mark["<|im_end|>"], *plain("\n"), *mark["<|im_start|>"], *plain("user\n")]
    answer = [*mark["<|im_end|>"], *plain("\n"), *mark["<|im_start|>"], *plain("assistant\n")]
    found = []
    for pair in pairs:
        asked = [*system, *user, *plain(request_text(pair.voice, pair.subject, pair.lines)), *answer]
        whole = [*asked, *plain(pair.target), *mark["<|im_end|>"]]
        if len(whole) <= MOST_TOKENS:
            found.append((whole, len(asked)))
    return found


def batches(found: Sequence[tuple[list[int], int]]) -> Iterator[list[tuple[list[int], int]]]:
    """Batches of pairs of nearly one length, the batches of a pool in an order that does not go by length."""
    generator = torch.Generator().manual_seed(SEED)
    for start in range(0, len(found), _POOL):
        pool = sorted(found[start : start + _POOL], key=lambda one: len(one[0]))
        parts = [pool[at : at + BATCH] for at in range(0, len(pool), BATCH)]
        yield from (parts[at] for at in torch.randperm(len(parts), generator=generator).tolist())


def loss_of(model: Any, batch: Sequence[tuple[list[int], int]]) -> torch.Tensor:
    """Mean cross entropy of what is answered. The vocabulary's large layer sees these places alone."""
    longest = max(len(tokens) for tokens, _ in batch)
    ids = torch.zeros((len(batch), longest), dtype=torch.long)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    rows, places, targets = [], [], []
    for row, (tokens, asked) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        mask[row, : len(tokens)] = 1
        for place in range(asked - 1, len(tokens) - 1):
            rows.append(row)
            places.append(place)
            targets.append(tokens[place + 1])
    base = model.base_model.model
    hidden = base.model(input_ids=ids, attention_mask=mask).last_hidden_state[rows, places]
    return torch.nn.functional.cross_entropy(base.lm_head(hidden), torch.tensor(targets))


def rate(step: int) -> float:
    """The learning rate of a step."""
    if step < WARM_STEPS:
        return PEAK_RATE * (step + 1) / WARM_STEPS
    if step <= TURN:
        share = (1 + math.cos(math.pi * (step - WARM_STEPS) / (HORIZON - WARM_STEPS))) / 2
        return PEAK_RATE * (LAST_SHARE + (1 - LAST_SHARE) * share)
    turned = rate(TURN)
    return turned + (PEAK_RATE * LAST_SHARE - turned) * (step - TURN) / (STEPS - TURN)


def save(model: Any, path: Path) -> None:
    """The adapter as GGUF."""
    layers = {}
    for block, layer in enumerate(model.base_model.model.model.layers):
        for name in NAMES:
            part = layer.get_submodule(name)
            layers[block, name] = tuple(
                getattr(part, side)["default"].weight.detach().numpy() for side in ("lora_A", "lora_B")
            )
    config = model.base_model.model.config
    write_adapter(path, layers, alpha=ALPHA, heads=(config.num_attention_heads, config.num_key_value_heads))


def train(
    model: Any, every: Sequence[list[tuple[list[int], int]]], out: Path, save_every: int
) -> list[tuple[int, float]]:
    """One pass over the batches; the losses by step."""
    optimizer = torch.optim.AdamW((p for p in model.parameters() if p.requires_grad), lr=PEAK_RATE, weight_decay=0.01)
    losses = []
    start = time.monotonic()
    for step, batch in enumerate(every):
        for group in optimizer.param_groups:
            group["lr"] = rate(step)
        loss = loss_of(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        losses.append((step, loss.item()))
        if step % 10 == 9:
            recent = sum(value for _, value in losses[-10:]) / 10
            print(f"step {step + 1} of {len(every)}: loss {recent:.3f}, {time.monotonic() - start:.0f} s", flush=True)
        if save_every and step % save_every == save_every - 1:
            save(model, out / "starter.gguf")
    return losses


def main() -> None:
    """Train, and write the adapter with its facts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with both data sets' train files")
    parser.add_argument("--base", type=Path, required=True, help="the base model's GGUF")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--save-every", type=int, default=0, help="also write the adapter after so many steps")
    asked = parser.parse_args()
    torch.manual_seed(SEED)
    torch.set_num_threads(asked.threads)
    asked.out.mkdir(parents=True, exist_ok=True)
    pairs = training_pairs(asked.data, SEED)
    print(counts(pairs), digest(pairs)[:12], flush=True)
    loaded = {"pretrained_model_name_or_path": asked.base.parent, "gguf_file": asked.base.name}
    tokenizer = AutoTokenizer.from_pretrained(**loaded)
    base = AutoModelForCausalLM.from_pretrained(**loaded, dtype=torch.float32)
    model = get_peft_model(
        base, LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=[name.split(".")[1] for name in NAMES])
    )
    found = examples(pairs, tokenizer)
    every = list(batches(found))[:STEPS]
    print(f"{len(found)} pairs, of which {sum(map(len, every))} are read, in {len(every)} steps", flush=True)
    started = time.monotonic()
    losses = train(model, every, asked.out, asked.save_every)
    save(model, asked.out / "starter.gguf")
    facts = {
        "base": asked.base.name,
        "base_sha256": hashlib.sha256(asked.base.read_bytes()).hexdigest(),
        "sha256": hashlib.sha256((asked.out / "starter.gguf").read_bytes()).hexdigest(),
        "forms": ["note"],
        "least_sureness": LEAST_SURENESS,
        "least_in_new_words": LEAST_IN_NEW_WORDS,
        "rank": RANK,
        "alpha": ALPHA,
        "seed": SEED,
        "batch": BATCH,
        "peak_rate": PEAK_RATE,
        "steps": len(every),
        "pairs_read": sum(map(len, every)),
        "pairs": counts(pairs),
        "pairs_sha256": digest(pairs),
        "data_sha256": file_digests(asked.data),
        "minutes": round((time.monotonic() - started) / 60, 1),
    }
    (asked.out / "starter.json").write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    (asked.out / "loss.json").write_text(json.dumps(losses) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
