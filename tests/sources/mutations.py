"""Bodies that look like a status page's and are broken in some places: bytes, tokens, keys, kinds of values."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from random import Random
from typing import Any

from trayapp.demo.component_names import COMPONENTS_BY_GROUP
from trayapp.demo.story import build_frames

Place = tuple[Any, Any]
"""An object or list, and a key or index in it."""

TOKENS = (
    b"null", b"true", b"-0", b"1e999", b"-1e-999", b"NaN", b"-Infinity", b"9" * 5000, b'"', b"\\", b"{", b"}", b"[",
    b"]", b",", b":", b'"id":', b'"status":{', b'"components":[],', b'"name":null,', b'"updated_at":"', b"\\ud800",
    b"\\u0000", b"\xff\xfe", b"\xef\xbb\xbf", b"\x00", b"<!doctype html>", b"[" * 3000, b'{"a":' * 3000,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, "", " ", [], {}, [[]], [{}], {"": {}}, [None] * 50, {"id": []},
    "none", "operational", "major_outage", "critical", "resolved", "under_maintenance", "scheduled", "no such word",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2024-02-30T00:00:00Z", "2026-W01", "T", "20310508",
    "http://[", "javascript:alert(1)", "https://", "//x", "..", "%", "\ud800", "\u202eabc", "\x00\x1b[2J", "🏴" * 40,
    "A" * 20000, "*" * 20000, "[" * 20000, "_a" * 10000, "`" * 20000, "> " * 10000, "<b>&amp;", "{0.__class__}", "%s",
    "ChatGPT", "APIs", "Login", "Codex", "suspected", "page",
)  # fmt: skip


def documents(start: datetime) -> tuple[tuple[bytes, ...], ...]:
    """An outage in time order: summary, components, incidents and native feed as they came."""
    return tuple((*frame.pages.values(), _native(frame.pages)) for frame in build_frames(start))


def _native(pages: Mapping[str, bytes]) -> bytes:
    rows = [json.loads(body) for body in pages.values()]
    ids = {c["name"]: c["id"] for c in rows[1]["components"]}
    structure = [
        {"group": {"name": group, "components": [{"component_id": ids[name]} for name in names]}}
        for group, names in COMPONENTS_BY_GROUP.items()
    ]
    named = [
        {"id": i["id"], "component_impacts": [{"component_id": c}]}
        for i, c in zip(rows[2]["incidents"], ids.values(), strict=False)
    ]
    return json.dumps({"summary": {"structure": {"items": structure}, "ongoing_incidents": named}}).encode()


def mutate_body(body: bytes, seed: int) -> bytes:
    """The body with up to four faults; some seeds leave it whole."""
    dice = Random(seed)  # noqa: S311 - which faults is no secret
    for _ in range(dice.choice([0, 1, 1, 2, 4])):
        body = dice.choice(_FAULTS)(body, dice)
    return body


def _flip(body: bytes, dice: Random) -> bytes:
    if not body:
        return body
    at = dice.randrange(len(body))
    return body[:at] + bytes([body[at] ^ 1 << dice.randrange(8)]) + body[at + 1 :]


def _cut(body: bytes, dice: Random) -> bytes:
    return body[: dice.randrange(len(body) + 1)]


def _leave_out(body: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    return body[:at] + body[at + dice.randrange(60) :]


def _repeat(body: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    return body[:at] + body[at : at + dice.randrange(400)] * dice.choice([2, 2, 30]) + body[at:]


def _put_in(body: bytes, dice: Random) -> bytes:
    at = dice.randrange(len(body) + 1)
    return body[:at] + dice.choice(TOKENS) + body[at:]


def _double_a_key(body: bytes, dice: Random) -> bytes:
    """The same key twice in one object, with another value first."""
    keys = body.split(b'"')
    at = body.find(b'"' + dice.choice(keys) + b'": ')
    return body if at < 0 else body[:at] + body[at : body.index(b":", at)] + b": 7, " + body[at:]


def _in_tree(change: Callable[[Place, Random], None]) -> Callable[[bytes, Random], bytes]:
    def change_body(body: bytes, dice: Random) -> bytes:
        try:
            root = {"": json.loads(body)}
        except (ValueError, RecursionError):
            return body
        change(dice.choice(list(_places(root))), dice)
        return json.dumps(root[""]).encode()

    return change_body


def _places(root: Any) -> Iterator[Place]:
    waiting = [root]
    while waiting:
        holder = waiting.pop()
        for key in holder if isinstance(holder, dict) else range(len(holder)):
            yield holder, key
            if isinstance(holder[key], dict | list):
                waiting.append(holder[key])


def _swap_kind(place: Place, dice: Random) -> None:
    holder, key = place
    holder[key] = dice.choice(VALUES)


def _wrap(place: Place, dice: Random) -> None:
    holder, key = place
    for _ in range(dice.choice([1, 1, 300])):
        holder[key] = [holder[key]] if dice.random() < 0.5 else {"id": holder[key]}


def _multiply(place: Place, dice: Random) -> None:
    holder, key = place
    if isinstance(holder[key], list):
        holder[key] *= dice.choice([0, 2, 20])


_FAULTS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _flip,
    _cut,
    _leave_out,
    _repeat,
    _put_in,
    _double_a_key,
    _in_tree(_swap_kind),
    _in_tree(_swap_kind),
    _in_tree(_swap_kind),
    _in_tree(_wrap),
    _in_tree(_multiply),
)
