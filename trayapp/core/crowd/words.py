"""Finds reports of trouble in people's own words: a product and a word of trouble in one text, as whole words.

English, Turkish and Indonesian. Texts are folded first: people write "coktu" for "çöktü", and Python's case folding
knows neither the Turkish İ nor ı.
"""

from __future__ import annotations

import re
import unicodedata

_MAX_LENGTH = 4000
"""Characters of a text that are read."""

_PRODUCTS = (
    ("ChatGPT", r"chat ?gpt"),
    ("Codex", r"codex"),
    ("Sora", r"sora"),
    ("", r"openai|open ai"),
)
"""Products by the names that people give them; OpenAI is all of them, and none by itself."""
_TAGS = (("ChatGPT", r"#chatgptdown"), ("Codex", r"#codexdown"), ("", r"#openaidown"))
"""Tags that are a report without any other word."""

_TROUBLE = r"""
down | outages? | not working | isn'?t working | can'?t log ?in | can ?not log ?in
| error in (?:the )?message stream | stream disconnected | 502 | 503
| coktu | kesinti(?:si)? | erisim sorunu | acilmiyor | calismiyor | hata veriyor
| gangguan | tidak bisa diakses | lemot
"""
_INDONESIAN_TROUBLE = r"error"
"""A word that says nothing in English, where every program has errors: it counts in an Indonesian text only."""
_INDONESIAN = r"""
apakah | bisa | gak | ga | nggak | kenapa | kok | lagi | sedang | tidak | ya | dari tadi | terus | semua | saya | kalian
"""
_HARMLESS = r"""
(?:cool|calm|slim|shut|break|brok|narrow|dumb|count|doubl|wind|wound|track|hunt|boil|slow|scal|writ|wrote|scroll)
    [a-z]{0,4} \s (?:(?:it|that|this|them|things) \s)? down
| down \s (?:payments?|the \s (?:road|line|drain|rabbit|street)|to|under|votes?|voted)
| (?:elektrik|su|dogal \s? gaz) \s kesinti(?:si|leri)?
"""
"""Turns of phrase with a word of trouble that are about something else; they are taken out before the words are looked for."""


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])", re.VERBOSE)


def _keep_spaces(pattern: str) -> str:
    """Makes the spaces of a pattern count, which `re.VERBOSE` would skip, but not those around "|"."""
    return "|".join(part.strip().replace(" ", r"\ ") for part in pattern.split("|"))


_TROUBLE_WORD = _whole(_keep_spaces(_TROUBLE))
_INDONESIAN_TROUBLE_WORD = _whole(_INDONESIAN_TROUBLE)
_INDONESIAN_WORD = _whole(_keep_spaces(_INDONESIAN))
_HARMLESS_PHRASE = _whole(_HARMLESS)
_PRODUCT_NAMES = tuple((name, _whole(_keep_spaces(pattern))) for name, pattern in _PRODUCTS)
_REPORT_TAGS = tuple((name, re.compile(rf"{pattern}(?![a-z0-9])")) for name, pattern in _TAGS)


def fold_text(text: str) -> str:
    """Returns a text without case, marks and typographic apostrophes, its blanks single; İ, I and ı all become "i"."""
    # Marks go first: İ is I with one, and letters of other shapes, such as 𝐂, have a size only when taken apart.
    letters = _without_marks(text[:_MAX_LENGTH].replace("’", "'").replace("‘", "'"))
    folded = letters.replace("I", "i").casefold().replace("ı", "i")
    return " ".join(_without_marks(folded).split())


def named_products(text: str) -> frozenset[str] | None:
    """Returns the products that a text names, empty for OpenAI as a whole; None if it names none."""
    return _products(fold_text(text))


def read_report(text: str) -> frozenset[str] | None:
    """Returns the products of which a text reports trouble, empty for OpenAI as a whole; None if it reports none."""
    folded = fold_text(text)
    tagged = [name for name, tag in _REPORT_TAGS if tag.search(folded)]
    if tagged:
        return frozenset(filter(None, tagged))
    products = _products(folded)
    return products if products is not None and _tells_of_trouble(folded) else None


def _products(folded: str) -> frozenset[str] | None:
    named = [name for name, pattern in _PRODUCT_NAMES if pattern.search(folded)]
    return frozenset(filter(None, named)) if named else None


def _tells_of_trouble(folded: str) -> bool:
    rest = _HARMLESS_PHRASE.sub(" ", folded)
    if _TROUBLE_WORD.search(rest):
        return True
    return bool(_INDONESIAN_TROUBLE_WORD.search(rest) and _INDONESIAN_WORD.search(rest))


def _without_marks(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
