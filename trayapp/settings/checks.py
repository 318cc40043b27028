"""Checks the values of the config file. Each check returns the value in the program's form, or raises Refusal.

The phrase of a Refusal says what is allowed; `settings.schema` adds the key.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Iterable
from datetime import time
from ipaddress import ip_address
from pathlib import Path
from typing import TypeVar
from urllib.parse import SplitResult, urlsplit

from trayapp.i18n.deferred import Phrase, Refusal, phrase
from trayapp.model import QuietHours

T = TypeVar("T")
ValueCheck = Callable[[object], T]

MIN_INTERVAL, MAX_INTERVAL = 15.0, 3600.0
"""Bounds of an interval in seconds."""
MIN_COSTLY_INTERVAL = 300.0
_UNIT_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MAX_URL_LENGTH = 2000
_ADDRESS_PHRASE = phrase("an address such as https://status.example.com (http or https, with a host)")
_PROXY_PHRASE = phrase("an address such as http://proxy.example.com:3128 (http or https, with a host)")
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)


def parse_duration(text: str) -> float:
    """Parse a duration such as "90s", "2m" or "1h" into seconds. Raises Refusal."""
    match = re.fullmatch(r"([0-9]{1,6})([smh])", text)
    if match is None:
        raise Refusal(phrase('a duration such as "90s", "2m" or "1h"'))
    return int(match[1]) * _UNIT_SECONDS[match[2]]


def check_interval(raw: object) -> float:
    """Check a time between two polls; in seconds."""
    return _check_span(raw, MIN_INTERVAL, phrase('a duration from "15s" to "1h", such as "90s" or "2m"'))


def check_costly_interval(raw: object) -> float:
    """Check a time between two requests that cost money; in seconds."""
    return _check_span(raw, MIN_COSTLY_INTERVAL, phrase('a duration from "5m" to "1h", such as "15m"'))


def _check_span(raw: object, least: float, allowed: Phrase) -> float:
    try:
        span = parse_duration(check_text(raw))
    except Refusal:
        span = 0.0
    if not least <= span <= MAX_INTERVAL:
        raise Refusal(allowed)
    return span


def check_text(raw: object) -> str:
    """Check a text, which must be printable and not blank."""
    if not isinstance(raw, str) or not raw.strip() or not raw.isprintable():
        raise Refusal(phrase("a text in quotes, not empty, without control characters"))
    return raw


def check_boolean(raw: object) -> bool:
    """Check a boolean."""
    if not isinstance(raw, bool):
        raise Refusal(phrase("true or false"))
    return raw


def one_of(*allowed: T) -> ValueCheck[T]:
    """Return a check for one of a few words."""

    def check(raw: object) -> T:
        for word in allowed:
            if isinstance(raw, str) and raw == word:
                return word
        raise Refusal(phrase("one of {words}", words=", ".join(f'"{word}"' for word in allowed)))

    return check


def check_length(most: int, raw: list[T]) -> list[T]:
    """Check that a list has at most `most` items, so that repeated requests do not become a flood."""
    if len(raw) > most:
        raise Refusal(phrase("a list of {count} at most", count=most))
    return raw


def list_of(check: ValueCheck[T], *, at_least: int = 0, most: int = 10_000) -> ValueCheck[tuple[T, ...]]:
    """Return a check for a list of values; a repeated value counts once."""

    def check_list(raw: object) -> tuple[T, ...]:
        if not isinstance(raw, list) or len(raw) < at_least:
            raise Refusal(
                phrase("a list in brackets, not empty") if at_least else phrase("a list in brackets")
            )
        check_length(most, raw)
        try:
            return tuple(dict.fromkeys(check(item) for item in raw))
        except Refusal as error:
            raise Refusal(phrase("a list in brackets, each item {allowed}", allowed=error.phrase)) from error

    return check_list


def check_names(raw: object) -> tuple[str, ...]:
    """Check a non-empty list of names; names that differ only in case or outer blanks count once."""
    return _unique_names(list_of(check_text, at_least=1)(raw))


def check_optional_names(raw: object) -> tuple[str, ...]:
    """Check a list of names as `check_names` does; it may be empty."""
    return _unique_names(list_of(check_text)(raw))


def _unique_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({name.strip().casefold(): name for name in reversed(names)}.values())[::-1]


def check_argv(raw: object) -> tuple[str, ...]:
    """Check a program and its arguments; the list may be empty, and arguments may be repeated or empty."""
    if not isinstance(raw, list) or not all(isinstance(item, str) and "\0" not in item for item in raw):
        raise Refusal(phrase("a list in brackets: the program and its arguments, each a text in quotes"))
    if raw and not raw[0]:
        raise Refusal(phrase("a list in brackets that begins with a program"))
    return tuple(raw)


def check_url(raw: object) -> str:
    """Check an http or https address without a user name or password."""
    if "@" in _parse_address(raw).netloc:
        raise Refusal(phrase("an address without a user name or password"))
    return str(raw)


def check_page_url(raw: object) -> str:
    """Check an address to which "/api/v2" can be appended; without a final slash."""
    address = urlsplit(check_url(raw))
    if address.query or address.fragment:
        raise Refusal(phrase("an address without ? and #"))
    return str(raw).rstrip("/")


def check_base_url(raw: object) -> str:
    """Check an address to which a key may be sent: an https one, or one of this computer."""
    url = check_page_url(raw)
    address = urlsplit(url)
    if address.scheme != "https" and not _is_loopback(address.hostname or ""):
        raise Refusal(phrase("an https address, because a key is sent there"))
    return url


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_proxy(raw: object) -> str:
    """Check a proxy's address, with or without a user name and password; empty for the system's proxy."""
    return "" if raw == "" else _parse_address(raw, _PROXY_PHRASE).geturl()


def check_ca_file(raw: object) -> Path | None:
    """Check a readable file of certificates (PEM); None, from an empty text, for the system's store."""
    if raw == "":
        return None
    path = Path(check_text(raw)).expanduser()
    try:
        if not path.is_absolute() or not path.is_file():
            raise Refusal(phrase("the full path of a file that is there"))
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, RuntimeError) as error:  # ssl.SSLError is an OSError
        raise Refusal(phrase("a file of certificates (PEM) that can be read")) from error
    return path


def check_host(raw: object) -> str:
    """Check a bare host name; in lower case."""
    name = raw.lower() if isinstance(raw, str) else ""
    if not _HOST_NAME.fullmatch(name):
        raise Refusal(phrase('the name of a host, such as "status.example.com"'))
    return name


def check_country(raw: object) -> str:
    """Check a country's two letters (ISO 3166), or an empty text."""
    if not isinstance(raw, str) or not re.fullmatch(r"(?:[A-Z]{2})?", raw):
        raise Refusal(phrase('a country\'s two large letters such as "TR", or ""'))
    return raw


def check_quiet_hours(raw: object) -> QuietHours | None:
    """Check a span of local time such as "23:00-07:00"; None, from an empty text, for never."""
    if raw == "":
        return None
    hour = r"([01][0-9]|2[0-3]):[0-5][0-9]"
    if not isinstance(raw, str) or not re.fullmatch(f"{hour}-{hour}", raw):
        raise Refusal(phrase('two times such as "23:00-07:00", or ""'))
    start, end = (time.fromisoformat(part) for part in raw.split("-"))
    if start == end:
        raise Refusal(phrase('two different times such as "23:00-07:00", or ""'))
    return QuietHours(start, end)


def _parse_address(raw: object, allowed: Phrase = _ADDRESS_PHRASE) -> SplitResult:
    refusal = Refusal(allowed)
    if not isinstance(raw, str) or len(raw) > _MAX_URL_LENGTH or not raw.isprintable() or " " in raw:
        raise refusal
    try:
        address = urlsplit(raw)
        # Reading the port validates it; encoding the host finds empty and overlong labels.
        is_valid = (
            address.scheme in ("http", "https")
            and address.port != 0
            and (address.hostname or "").encode("idna")
        )
    except ValueError:
        is_valid = False
    if not is_valid:
        raise refusal
    return address


def nearest_key(key: str, known_keys: Iterable[str]) -> str:
    """Return the known key that is most similar, by its whole name or its last part alone."""
    key = re.sub(r"\s", "", key)[:60].lower()  # the comparison takes quadratic time

    from difflib import SequenceMatcher  # loaded late: only a mistake needs it

    def similarity(known: str) -> tuple[float, float]:
        whole = SequenceMatcher(None, key, known).ratio()
        last_part = SequenceMatcher(None, key.rpartition(".")[2], known.rpartition(".")[2]).ratio()
        return max(whole, last_part), whole

    return max(known_keys, key=similarity)
