"""Makes text from outside harmless and short.

Text of a status page is shown as plain text only: it must neither steer a terminal, a panel or a notification
server, nor pass one word off as another, nor push the program's own words out of sight.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from itertools import accumulate

ELLIPSIS = "…"
TITLE_UNITS = 60
BODY_UNITS = 200
"""The most UTF-16 units of a notification that every server shows; Windows cuts at 63 and 255."""

_MAX_INPUT = 4_000
"""The most characters of a text that are read: no place shows more, and hostile input stays cheap."""

_INVISIBLE = re.compile(
    "["
    "\x00-\x1f\x7f-\x9f"  # controls; blanks among them have become spaces before
    "\ud800-\udfff"  # lone surrogates, which no encoder takes
    "\u200b-\u200f\u2060-\u2064\ufeff\u00ad\u180e"  # zero width, direction marks, soft hyphen
    "\u202a-\u202e\u2066-\u206f\u061c"  # direction overrides and isolates
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\ufff9-\ufffb"  # the remaining format characters
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff"  # tags, which hide a second text in a first
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # fillers, which are letters and marks without a shape
    "]+"
)
_MAX_MARKS = 4
"""The most marks on one letter: no language uses more, and they would run over the lines above and below."""

_MARKDOWN = (
    (re.compile(r"^[ \t]*(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*[-*+][ \t]+", re.MULTILINE), ""),
    (re.compile(r"<br ?/?>"), " "),
    (
        re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:[ \t]+(?:\"[^\"\n]*\"|'[^'\n]*'))?\)|\[[^\[\]]*\])"),
        r"\1",
    ),
    (re.compile(r"<(https?://[^<>\s]+)>"), r"\1"),
    (re.compile(r"(?<!\\)(\*{1,3}|~~)(?=\S)([^*~\n]+)(?<=[^\s\\])\1"), r"\2"),
    (re.compile(r"(?<!\w)(_{1,3})(?=\S)([^_\n]+)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"`+([^`\n]+)`+"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!<>~-])"), r"\1"),
)
"""CommonMark's markup, in the order of its removal; a word like `max_output_tokens` keeps its underscores."""


def clean_text(text: str) -> str:
    """Returns one line of NFC without control, direction, zero-width or tag characters, blanks collapsed."""
    one_line = " ".join(text[:_MAX_INPUT].split())
    return _limit_marks(" ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", one_line)).split()))


def _limit_marks(text: str) -> str:
    """Returns the text with no more than `_MAX_MARKS` marks in a row."""
    if text.isascii():
        return text
    kept, marks = [], 0
    for character in text:
        marks = marks + 1 if unicodedata.category(character).startswith("M") else 0
        if marks <= _MAX_MARKS:
            kept.append(character)
    return "".join(kept)


def strip_markdown(markdown: str) -> str:
    """Returns a Markdown text as one clean line: links become their text, other markup is removed."""
    text = markdown[:_MAX_INPUT].replace("\r", "\n")
    for pattern, instead in _MARKDOWN:
        text = pattern.sub(instead, text)
    return clean_text(text)


def utf16_length(text: str) -> int:
    """Returns the length in UTF-16 units, in which Windows and this program's limits count."""
    return len(text) + sum(character > "\uffff" for character in text)


def clip_text(text: str, most: int) -> str:
    """Returns the text in at most `most` UTF-16 units, ended by "…" if something was left out.

    A surrogate pair is never split. A letter keeps its accents, an emoji its skin tone and a flag both halves
    unless these alone need more than `most` units.
    """
    if utf16_length(text) <= most:
        return text
    end = _fitting_length(text, most - utf16_length(ELLIPSIS))
    whole = _cluster_start(text, end)
    return (text[: whole or end].rstrip() + ELLIPSIS)[: max(most, 0)]


def _fitting_length(text: str, most: int) -> int:
    """Returns how many characters fit into `most` UTF-16 units."""
    return bisect_right(list(accumulate(map(utf16_length, text))), most)


def _cluster_start(text: str, end: int) -> int:
    while 0 < end < len(text) and _is_joined(text, end):
        end -= 1
    return end


def _is_joined(text: str, index: int) -> bool:
    """Whether the character at `index` belongs to the one before it."""
    character = text[index]
    return (
        unicodedata.category(character).startswith("M")
        or "\U0001f3fb" <= character <= "\U0001f3ff"  # skin tones
        or (_is_flag_half(character) and _has_odd_flag_halves(text, index))
    )


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _has_odd_flag_halves(text: str, end: int) -> bool:
    start = end
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return (end - start) % 2 == 1
