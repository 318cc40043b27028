"""How an answer is asked for and how it ends, in OpenAI's two dialects: Responses, and Chat Completions for gateways."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from trayapp.model import Spent
from trayapp.sources.answers.sse import Event

PROMPT = "Reply with OK."
MOST_TOKENS = 16
"""The fewest that OpenAI takes."""


class Api(StrEnum):
    """Which of the two is spoken."""

    RESPONSES = "responses"
    CHAT = "chat"


class End(StrEnum):
    """How an answer came to its end."""

    WHOLE = "whole"
    FAILED = "failed"
    UNCLEAR = "unclear"
    """An end that nobody foresaw."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a stream has said so far."""

    end: End | None = None
    is_last: bool = False
    """Nothing more is to come."""
    code: str = ""
    """Of an error, as OpenAI spells it."""
    spent: Spent = field(default_factory=Spent)
    newest: str = ""
    """The type of the newest event, for the log."""


def models_url(base: str) -> str:
    """Where the models are listed that a key may use, below a base address."""
    return f"{base}/models"


def path_of(api: Api) -> str:
    """Where it is asked for, below the base address."""
    return "/responses" if api is Api.RESPONSES else "/chat/completions"


def body_of(api: Api, model: str, *, streamed: bool) -> bytes:
    """What is posted: one tiny answer, kept nowhere."""
    if api is Api.RESPONSES:
        asked: dict[str, Any] = {
            "model": model,
            "input": PROMPT,
            "reasoning": {"effort": "none"},
            "max_output_tokens": MOST_TOKENS,
            "stream": streamed,
            "store": False,
        }
    else:
        # No more than what every gateway knows.
        asked = {
            "model": model,
            "messages": [{"role": "user", "content": PROMPT}],
            "max_tokens": MOST_TOKENS,
            "stream": streamed,
        }
    return json.dumps(asked).encode()


def hear(api: Api, heard: Heard, event: Event) -> Heard:
    """What has been said after one more event. One of an unknown type, or that is no JSON, changes nothing."""
    if event.data.strip() == "[DONE]":
        done = api is Api.CHAT
        return replace(heard, end=End.WHOLE if done else heard.end, is_last=done, newest="[DONE]")
    found = parsed(event.data)
    kind = text(found.get("type")) or event.type
    heard = replace(heard, newest=kind[:60])
    if api is Api.CHAT:
        return _hear_chunk(heard, found)
    if kind not in _LAST:
        return heard
    return replace(_LAST[kind](found), is_last=True, newest=heard.newest)


def _hear_chunk(heard: Heard, found: Mapping[str, Any]) -> Heard:
    if "error" in found:
        return replace(heard, end=End.FAILED, is_last=True, code=code_of(found))
    choices = found.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    # Some gateways end without "[DONE]"; a reason to finish says that nothing is missing.
    finished = bool(first.get("finish_reason"))
    usage = mapping(found.get("usage"))
    spent = _spent(usage, "prompt_tokens", "completion_tokens") if usage else heard.spent
    return replace(heard, end=End.WHOLE if finished else heard.end, spent=spent)


def in_one_piece(api: Api, body: bytes) -> Heard | None:
    """What an answer says that came as one document; None if it is none."""
    found = parsed_body(body)
    if api is Api.CHAT:
        heard = _hear_chunk(Heard(), found) if "choices" in found else None
        return heard if heard is not None and heard.end else None
    status = found.get("status")
    if found.get("object") != "response" or not isinstance(status, str):
        return None
    return _LAST.get(f"response.{status}", _unclear)({"response": found})


def parsed_body(body: bytes) -> Mapping[str, Any]:
    """The JSON object that an answer is; empty for anything else. A byte order mark is not JSON, but harmless."""
    return parsed(body.decode("utf-8-sig", "replace"))


def parsed(text_: str) -> Mapping[str, Any]:
    """A JSON object; empty for anything else."""
    try:
        found = json.loads(text_)
    except (ValueError, RecursionError):
        return {}
    return mapping(found)


def mapping(found: object) -> Mapping[str, Any]:
    """An object within a document; empty where it is something else."""
    return found if isinstance(found, dict) else {}


def text(found: object) -> str:
    """A text within a document, cut short; empty where it is something else."""
    return found[:200] if isinstance(found, str) else ""


def code_of(found: Mapping[str, Any]) -> str:
    """The code of an error, else its type; of one that names neither, empty."""
    error = mapping(found.get("error"))
    inner = error or found
    kind = "" if inner is found else text(inner.get("type"))
    return text(inner.get("code")) or kind


def _completed(found: Mapping[str, Any]) -> Heard:
    return Heard(End.WHOLE, spent=_used(found))


def _incomplete(found: Mapping[str, Any]) -> Heard:
    reason = text(mapping(mapping(found.get("response")).get("incomplete_details")).get("reason"))
    is_whole = reason in {"max_output_tokens", "content_filter"}
    return Heard(End.WHOLE if is_whole else End.UNCLEAR, code=reason, spent=_used(found))


def _failed(found: Mapping[str, Any]) -> Heard:
    return Heard(End.FAILED, code=code_of(mapping(found.get("response"))), spent=_used(found))


def _error(found: Mapping[str, Any]) -> Heard:
    return Heard(End.FAILED, code=code_of(found))


def _unclear(_found: Mapping[str, Any]) -> Heard:
    return Heard(End.UNCLEAR)


_LAST: Mapping[str, Callable[[Mapping[str, Any]], Heard]] = {
    "response.completed": _completed,
    "response.incomplete": _incomplete,
    "response.failed": _failed,
    "error": _error,
}
"""The events after which nothing comes."""


def _used(found: Mapping[str, Any]) -> Spent:
    usage = mapping(mapping(found.get("response")).get("usage"))
    return _spent(usage, "input_tokens", "output_tokens")


def _spent(usage: Mapping[str, Any], name_in: str, name_out: str) -> Spent:
    return Spent(0, _count(usage.get(name_in)), _count(usage.get(name_out)))


def _count(found: object) -> int:
    return (
        min(found, 1_000_000) if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0
    )
