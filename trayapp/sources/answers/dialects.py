"""Writes requests and reads answers in OpenAI's two API dialects: Responses, and Chat Completions for gateways."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from trayapp.model import KeyUsage
from trayapp.sources.answers.sse import ServerSentEvent

PROMPT = "Reply with OK."
OUTPUT_TOKEN_LIMIT = 16
"""The smallest limit that OpenAI accepts."""


class ApiDialect(StrEnum):
    """The two dialects."""

    RESPONSES = "responses"
    CHAT = "chat"


class AnswerEnd(StrEnum):
    """How an answer ended."""

    WHOLE = "whole"
    FAILED = "failed"
    UNCLEAR = "unclear"
    """An unknown kind of end."""


@dataclass(frozen=True, slots=True)
class PartialAnswer:
    """The part of an answer that has come so far."""

    end: AnswerEnd | None = None
    is_last: bool = False
    """Whether nothing more follows."""
    code: str = ""
    """The code of an error, as OpenAI spells it."""
    spent: KeyUsage = field(default_factory=KeyUsage)
    newest_type: str = ""
    """The type of the newest event, for the log."""


def models_url(base: str) -> str:
    """Returns the address of the list of models that a key may use."""
    return f"{base}/models"


def endpoint_path(api: ApiDialect) -> str:
    """Returns the path of the answers, below the base address."""
    return "/responses" if api is ApiDialect.RESPONSES else "/chat/completions"


def request_body(api: ApiDialect, model: str, *, streamed: bool) -> bytes:
    """Writes the JSON that requests one tiny answer, which OpenAI is asked not to store."""
    if api is ApiDialect.RESPONSES:
        asked: dict[str, Any] = {
            "model": model,
            "input": PROMPT,
            "reasoning": {"effort": "none"},
            "max_output_tokens": OUTPUT_TOKEN_LIMIT,
            "stream": streamed,
            "store": False,
        }
    else:
        # Only fields that every gateway knows.
        asked = {
            "model": model,
            "messages": [{"role": "user", "content": PROMPT}],
            "max_tokens": OUTPUT_TOKEN_LIMIT,
            "stream": streamed,
        }
    return json.dumps(asked).encode()


def read_event(api: ApiDialect, heard: PartialAnswer, event: ServerSentEvent) -> PartialAnswer:
    """Adds one event to the answer. An event of an unknown type, or that is not JSON, changes nothing."""
    if event.data.strip() == "[DONE]":
        done = api is ApiDialect.CHAT
        return replace(heard, end=AnswerEnd.WHOLE if done else heard.end, is_last=done, newest_type="[DONE]")
    found = parse_object(event.data)
    kind = text_or_empty(found.get("type")) or event.type
    heard = replace(heard, newest_type=kind[:60])
    if api is ApiDialect.CHAT:
        return _read_chunk(heard, found)
    if kind not in _FINAL_EVENTS:
        return heard
    return replace(_FINAL_EVENTS[kind](found), is_last=True, newest_type=heard.newest_type)


def _read_chunk(heard: PartialAnswer, found: Mapping[str, Any]) -> PartialAnswer:
    if "error" in found:
        return replace(heard, end=AnswerEnd.FAILED, is_last=True, code=error_code(found))
    choices = found.get("choices")
    first = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else {}
    # Some gateways end without "[DONE]"; `finish_reason` shows that nothing is missing.
    finished = bool(first.get("finish_reason"))
    usage = object_or_empty(found.get("usage"))
    spent = _count_tokens(usage, "prompt_tokens", "completion_tokens") if usage else heard.spent
    return replace(heard, end=AnswerEnd.WHOLE if finished else heard.end, spent=spent)


def read_whole_answer(api: ApiDialect, body: bytes) -> PartialAnswer | None:
    """Reads an answer that came as one JSON document; None if it is not an answer."""
    found = parse_body(body)
    if api is ApiDialect.CHAT:
        heard = _read_chunk(PartialAnswer(), found) if "choices" in found else None
        return heard if heard is not None and heard.end else None
    status = found.get("status")
    if found.get("object") != "response" or not isinstance(status, str):
        return None
    return _FINAL_EVENTS.get(f"response.{status}", _read_unclear)({"response": found})


def parse_body(body: bytes) -> Mapping[str, Any]:
    """Parses a body as a JSON object; empty if it is none. A byte order mark is not JSON, but harmless."""
    return parse_object(body.decode("utf-8-sig", "replace"))


def parse_object(text_: str) -> Mapping[str, Any]:
    """Parses a text as a JSON object; empty if it is none."""
    try:
        found = json.loads(text_)
    except (ValueError, RecursionError):
        return {}
    return object_or_empty(found)


def object_or_empty(found: object) -> Mapping[str, Any]:
    """Returns a value if it is an object; else an empty one."""
    return found if isinstance(found, dict) else {}


def text_or_empty(found: object) -> str:
    """Returns the first 200 characters of a value if it is a text; else ""."""
    return found[:200] if isinstance(found, str) else ""


def error_code(found: Mapping[str, Any]) -> str:
    """Returns the code of an error, or else its type; empty if it has neither."""
    error = object_or_empty(found.get("error"))
    inner = error or found
    kind = "" if inner is found else text_or_empty(inner.get("type"))
    return text_or_empty(inner.get("code")) or kind


def _read_completed(found: Mapping[str, Any]) -> PartialAnswer:
    return PartialAnswer(AnswerEnd.WHOLE, spent=_read_usage(found))


def _read_incomplete(found: Mapping[str, Any]) -> PartialAnswer:
    reason = text_or_empty(
        object_or_empty(object_or_empty(found.get("response")).get("incomplete_details")).get("reason")
    )
    is_whole = reason in {"max_output_tokens", "content_filter"}
    return PartialAnswer(
        AnswerEnd.WHOLE if is_whole else AnswerEnd.UNCLEAR, code=reason, spent=_read_usage(found)
    )


def _read_failed(found: Mapping[str, Any]) -> PartialAnswer:
    return PartialAnswer(
        AnswerEnd.FAILED, code=error_code(object_or_empty(found.get("response"))), spent=_read_usage(found)
    )


def _read_error(found: Mapping[str, Any]) -> PartialAnswer:
    return PartialAnswer(AnswerEnd.FAILED, code=error_code(found))


def _read_unclear(_found: Mapping[str, Any]) -> PartialAnswer:
    return PartialAnswer(AnswerEnd.UNCLEAR)


_FINAL_EVENTS: Mapping[str, Callable[[Mapping[str, Any]], PartialAnswer]] = {
    "response.completed": _read_completed,
    "response.incomplete": _read_incomplete,
    "response.failed": _read_failed,
    "error": _read_error,
}
"""The events after which no other comes."""


def _read_usage(found: Mapping[str, Any]) -> KeyUsage:
    usage = object_or_empty(object_or_empty(found.get("response")).get("usage"))
    return _count_tokens(usage, "input_tokens", "output_tokens")


def _count_tokens(usage: Mapping[str, Any], name_in: str, name_out: str) -> KeyUsage:
    return KeyUsage(0, _token_count(usage.get(name_in)), _token_count(usage.get(name_out)))


def _token_count(found: object) -> int:
    return (
        min(found, 1_000_000) if isinstance(found, int) and not isinstance(found, bool) and found > 0 else 0
    )
