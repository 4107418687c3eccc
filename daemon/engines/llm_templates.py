r"""How families of language models mark turns, chosen by what a model's file says of itself. Pure rules.

A file's own template is a program (Jinja) that renders text and control tokens alike; here it is only searched, never run:
what was dictated or scanned must not come near anything that could make control tokens of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Template:
    """How a family marks turns. It is known by its `marks`: tokens of the vocabulary that the file's own template uses."""

    family: str
    marks: tuple[str, ...]
    before_system: str
    before_user: str
    before_answer: str


TEMPLATES = (
    # Llama 3 and 3.1: https://www.llama.com/docs/model-cards-and-prompt-formats/llama3_1/, "Prompt Template". The templates of
    # 3.1 and later also write "Cutting Knowledge Date: … Today Date: 26 Jul 2024" before the system's text; we leave these
    # lines out, because a date that nobody said must not stand where a model could take it for the day of the visit.
    # The first token is added where the file asks for it.
    Template("llama-3", ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
             "<|start_header_id|>system<|end_header_id|>\n\n",
             "<|eot_id|><|start_header_id|>user<|end_header_id|>\n\n",
             "<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\n"),
    # Gemma 2 and 3: https://ai.google.dev/gemma/docs/core/prompt-structure: two roles only, "provide system-level
    # instructions directly within the initial user prompt"; the template of Gemma 3 puts one empty line between them.
    Template("gemma", ("<start_of_turn>", "<end_of_turn>"),
             "<start_of_turn>user\n", "\n\n", "<end_of_turn>\n<start_of_turn>model\n"),
    # https://github.com/openai/openai-python/blob/release-v0.28.0/chatml.md; `chat_template` in the tokenizer_config.json of
    # SmolLM2-135M-Instruct, Qwen2.5-7B-Instruct and Qwen3-8B (https://huggingface.co/Qwen/Qwen3-8B).
    Template("chatml", ("<|im_start|>", "<|im_end|>"), "<|im_start|>system\n", "<|im_end|>\n<|im_start|>user\n",
             "<|im_end|>\n<|im_start|>assistant\n"),
)  # fmt: skip

_NO_THOUGHT = re.compile(r"<think>\n*</think>\n*")


def choose_template(chat_template: str, is_token: Callable[[str], bool]) -> Template | None:
    """The template for a file; None for a family that is not known here, and for a model that cannot but think aloud.

    `chat_template` is the file's `tokenizer.chat_template` ("" without one); `is_token` says whether a text is one token of the
    vocabulary.
    """
    for template in TEMPLATES:
        if all(mark in chat_template and is_token(mark) for mark in template.marks):
            return _without_thinking(template, chat_template)
    return None


def _without_thinking(template: Template, chat_template: str) -> Template | None:
    r"""With the empty thought that the file's template begins an answer with when thinking is off (Qwen3: `enable_thinking`
    false gives `<think>\n\n</think>\n\n`, https://qwen.readthedocs.io/en/latest/getting_started/quickstart.html).

    None if an answer begins with a thought and the template knows of no empty one.
    """
    _, _, beginning = chat_template.rpartition("add_generation_prompt")
    beginning = beginning.replace("\\n", "\n")
    if "<think>" not in beginning:
        return template
    empty = _NO_THOUGHT.search(beginning)
    return replace(template, before_answer=template.before_answer + empty.group()) if empty else None
