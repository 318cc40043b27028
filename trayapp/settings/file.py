"""Reads the config file safely, and formats values of it as one harmless line."""

from __future__ import annotations

import json
import os
import re
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.ownership import resolve_owned_program
from trayapp.redact import redact, safe_address

MAX_BYTES = 64 * 1024
"""Bytes of a config file at most: some thirty times a full one."""
_MAX_SHOWN = 80
"""Characters of a value that are shown at most."""
_MAX_DOTS = 400
"""Dots in the keys of a line; valid keys have one. tomllib needs quadratic time for a key's parts (Python 3.11:
14 s for 60 kB)."""
_TEXT_OR_COMMENT = re.compile(r"""\"(?:[^\"\\]|\\.)*+\"?|'[^']*+'?|\#.*""")
"""A string or a comment within one line."""


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """The content of the file, and whether it is trusted to name a program to run."""

    table: Mapping[str, Any]
    trust_problem: Phrase | None = None
    """Why somebody else may have written the file; None if nobody could."""


def read_config_file(path: Path, *, required: bool) -> ConfigSource:
    """Read the file as TOML; a missing one counts as empty unless it is `required`. Raises Refusal with the reason."""
    try:
        return ConfigSource(read_toml(path), _find_trust_problem(path))
    except (FileNotFoundError, NotADirectoryError):
        if required:
            raise Refusal(phrase("there is no such file")) from None
        return ConfigSource({})
    except OSError as error:
        raise Refusal(phrase("cannot be read: {why}", why=os_error_phrase(error))) from error


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file as TOML. Raises Refusal with the reason if that is not what it holds, OSError if it cannot be read."""
    content = _read_content(path)
    try:
        # Windows' Notepad writes a byte order mark first.
        return _parse_toml(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refusal(phrase("is not UTF-8 text")) from error


def format_value(value: object) -> str:
    """Format a value as one short line of TOML without secrets: only hosts of addresses, only keys of tables."""
    try:
        return printable_text(_format_toml(value))
    except (ValueError, RecursionError):  # a number of thousands of digits; deeply nested tables
        return "…"


def _format_toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(map(str, value)) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_format_toml, value)) + "]"
    if isinstance(value, str) and ("://" in value or "@" in value):
        value = safe_address(value)
    return json.dumps(value, default=str, ensure_ascii=False)


def printable_text(text: str, most: int = _MAX_SHOWN) -> str:
    """Format a text from outside as one short printable line without secrets."""
    text = redact(text[: 20 * most])  # before clipping, which could cut off what marks a secret
    text = "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
    return text if len(text) <= most else text[:most] + "…"


def _read_content(path: Path) -> bytes:
    with open(path, "rb", opener=_open_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Refusal(phrase("is not a file"))
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise Refusal(phrase("is larger than {size} kB", size=MAX_BYTES // 1024))
    return content


def _open_without_waiting(path: str, flags: int) -> int:
    """Open without blocking, which a pipe without a writer would do for ever. Windows has no such pipes or flag."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _parse_toml(text: str) -> dict[str, Any]:
    if _has_endless_key(text):
        raise Refusal(phrase("is nested too deeply"))
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise Refusal(phrase("is nested too deeply")) from error
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise Refusal(_syntax_error_phrase(text, str(error))) from error


def _has_endless_key(text: str) -> bool:
    lines = text.split("\n")
    if not any(
        quotes in text for quotes in ('"""', "'''")
    ):  # otherwise only a parser knows where a string ends
        lines = [_TEXT_OR_COMMENT.sub("", line) for line in lines]
    return any(line.count(".") > _MAX_DOTS for line in lines)


def _syntax_error_phrase(text: str, message: str) -> Phrase:
    """Return the line with the syntax error, up to the first string in it, and the parser's message in English."""
    lines = text.splitlines()
    found = re.search(r"at line (\d+)", message)
    number = int(found[1]) if found else len(lines)  # otherwise the message says "at end of document"
    line = printable_text(_cut_before_text(lines[number - 1].strip())) if 0 < number <= len(lines) else ""
    why = printable_text(re.sub(r" \(at [^)]*\)$", "", message))
    return phrase("is not TOML, line {number}: {line} ({why})", number=number, line=line, why=why)


def _cut_before_text(line: str) -> str:
    """Return a line up to its first string, quoted or not, which may be an address with a key in it."""
    before, quote, _ = line.replace("'", '"').partition('"')
    if "://" in before or "@" in before:
        before, quote = before.partition("=")[0] + "= ", "…"
    return f"{before}…" if quote else before


def _find_trust_problem(path: Path) -> Phrase | None:
    try:
        resolve_owned_program(path)
    except OSError as error:
        return os_error_phrase(error)
    return None
