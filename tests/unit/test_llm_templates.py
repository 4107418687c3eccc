"""Which family a model's file is known as, by parts of the templates that these files really carry."""

from __future__ import annotations

import pytest

from daemon.engines.llm_templates import TEMPLATES, choose_template

END = "{%- if add_generation_prompt %}\n    {{- '<|im_start|>assistant\\n' }}\n"
CHATML = "{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' }}" + END
OFF = (
    "{%- if enable_thinking is defined and enable_thinking is false %}{{- '<think>\\n\\n</think>\\n\\n' }}{%- endif %}"
)
LLAMA = (
    "{{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n'+ message['content'] | trim + '<|eot_id|>' }}"
    "{%- if add_generation_prompt %}{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}{%- endif %}"
)
GEMMA = "{{ '<start_of_turn>' + role + '\n' + message['content'] | trim + '<end_of_turn>\n' }}{% if add_generation_prompt %}{{'<start_of_turn>model\n'}}{% endif %}"


def prompt(said: str) -> str:
    template = choose_template(said, lambda _: True)
    assert template is not None
    return f"{template.before_system}S{template.before_user}U{template.before_answer}"


@pytest.mark.parametrize(
    ("said", "rendered"),
    [
        (CHATML, "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n"),
        (CHATML + OFF, "<|im_start|>system\nS<|im_end|>\n<|im_start|>user\nU<|im_end|>\n<|im_start|>assistant\n<think>\n\n</think>\n\n"),
        (LLAMA, "<|start_header_id|>system<|end_header_id|>\n\nS<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nU<|eot_id|>"
                "<|start_header_id|>assistant<|end_header_id|>\n\n"),
        (GEMMA, "<start_of_turn>user\nS\n\nU<end_of_turn>\n<start_of_turn>model\n"),
    ],
    ids=["qwen-2.5", "qwen-3", "llama-3", "gemma"],
)  # fmt: skip
def test_a_prompt_is_what_the_file_would_make_of_it(said: str, rendered: str) -> None:
    assert prompt(said) == rendered


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{{ '[INST] ' + message['content'] + ' [/INST]' }}",
        # Always thinks: https://huggingface.co/Qwen/QwQ-32B, tokenizer_config.json.
        CHATML.replace("assistant\\n", "assistant\\n<think>\\n"),
        # DeepSeek-R1-Distill-Llama-8B has the tokens of Llama 3 and turns of its own.
        "{{'<｜User｜>' + message['content'] + '<｜Assistant｜>'}}",
    ],
)
def test_an_unknown_way_of_talking_is_refused(said: str) -> None:
    assert choose_template(said, lambda _: True) is None


@pytest.mark.parametrize("said", [CHATML, LLAMA, GEMMA])
def test_a_mark_that_is_no_token_is_no_mark(said: str) -> None:
    missing = [
        choose_template(said, lambda mark, gone=gone: mark != gone)
        for t in TEMPLATES
        for gone in t.marks
        if gone in said
    ]
    assert missing
    assert missing == [None] * len(missing)


def test_a_thought_of_the_past_is_not_the_beginning_of_an_answer() -> None:
    said = "{%- if '</think>' in content %}{%- set content = content.split('<think>') %}{%- endif %}" + CHATML
    assert prompt(said).endswith("<|im_start|>assistant\n")
