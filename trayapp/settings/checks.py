"""What a value of the config file may be. Each check gives the value as the program wants it, or refuses.

A refusal's phrase says what is allowed; `settings.schema` adds which key it is.
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
"""Bounds of an interval, in seconds."""
MIN_COSTLY_INTERVAL = 300.0
_UNIT_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0}
_MAX_URL_LENGTH = 2000
_ADDRESS_PHRASE = phrase("an address such as https://status.example.com (http or https, with a host)")
_PROXY_PHRASE = phrase("an address such as http://proxy.example.com:3128 (http or https, with a host)")
_HOST_NAME = re.compile(
    r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)


def parse_duration(text: str) -> float:
    """A duration such as "90s", "2m" or "1h", in seconds. Raises Refusal."""
    found = re.fullmatch(r"([0-9]{1,6})([smh])", text)
    if found is None:
        raise Refusal(phrase('a duration such as "90s", "2m" or "1h"'))
    return int(found[1]) * _UNIT_SECONDS[found[2]]


def check_interval(raw: object) -> float:
    """A time between two looks."""
    return _check_span(raw, MIN_INTERVAL, phrase('a duration from "15s" to "1h", such as "90s" or "2m"'))


def check_costly_interval(raw: object) -> float:
    """A time between two requests that cost."""
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
    """A text that says something."""
    if not isinstance(raw, str) or not raw.strip() or not raw.isprintable():
        raise Refusal(phrase("a text in quotes, not empty, without control characters"))
    return raw


def check_boolean(raw: object) -> bool:
    """A boolean."""
    if not isinstance(raw, bool):
        raise Refusal(phrase("true or false"))
    return raw


def one_of(*allowed: T) -> ValueCheck[T]:
    """One of a few words."""

    def check(raw: object) -> T:
        for word in allowed:
            if isinstance(raw, str) and raw == word:
                return word
        raise Refusal(phrase("one of {words}", words=", ".join(f'"{word}"' for word in allowed)))

    return check


def check_length(most: int, raw: list[T]) -> list[T]:
    """The list, if it is no longer: what is asked for all the time must not become a flood."""
    if len(raw) > most:
        raise Refusal(phrase("a list of {count} at most", count=most))
    return raw


def list_of(check: ValueCheck[T], *, at_least: int = 0, most: int = 10_000) -> ValueCheck[tuple[T, ...]]:
    """A list of such values; one that is repeated counts once."""

    def checked(raw: object) -> tuple[T, ...]:
        if not isinstance(raw, list) or len(raw) < at_least:
            raise Refusal(
                phrase("a list in brackets, not empty") if at_least else phrase("a list in brackets")
            )
        check_length(most, raw)
        try:
            return tuple(dict.fromkeys(check(item) for item in raw))
        except Refusal as error:
            raise Refusal(phrase("a list in brackets, each item {allowed}", allowed=error.phrase)) from error

    return checked


def check_names(raw: object) -> tuple[str, ...]:
    """A list of names, not empty; one that is repeated counts once, however it is spelled."""
    return _unique_names(list_of(check_text, at_least=1)(raw))


def check_optional_names(raw: object) -> tuple[str, ...]:
    """The same, and it may be empty."""
    return _unique_names(list_of(check_text)(raw))


def _unique_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple({name.strip().casefold(): name for name in reversed(names)}.values())[::-1]


def check_argv(raw: object) -> tuple[str, ...]:
    """A program and its arguments, which may repeat and may be empty."""
    if not isinstance(raw, list) or not all(isinstance(item, str) and "\0" not in item for item in raw):
        raise Refusal(phrase("a list in brackets: the program and its arguments, each a text in quotes"))
    if raw and not raw[0]:
        raise Refusal(phrase("a list in brackets that begins with a program"))
    return tuple(raw)


def check_url(raw: object) -> str:
    """An address of the web, without credentials."""
    if "@" in _parse_address(raw).netloc:
        raise Refusal(phrase("an address without a user name or password"))
    return str(raw)


def check_page_url(raw: object) -> str:
    """The address that "/api/v2" can be put after."""
    address = urlsplit(check_url(raw))
    if address.query or address.fragment:
        raise Refusal(phrase("an address without ? and #"))
    return str(raw).rstrip("/")


def check_base_url(raw: object) -> str:
    """Where a key may be sent: over https, or to this computer itself."""
    found = check_page_url(raw)
    address = urlsplit(found)
    if address.scheme != "https" and not _is_loopback(address.hostname or ""):
        raise Refusal(phrase("an https address, because a key is sent there"))
    return found


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def check_proxy(raw: object) -> str:
    """A proxy's address, with a user name and password if it wants them; empty for the system's."""
    return "" if raw == "" else _parse_address(raw, _PROXY_PHRASE).geturl()


def check_ca_file(raw: object) -> Path | None:
    """A file of certificates that can be read; empty for the system's store."""
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
    """The name of a host, and nothing around it."""
    name = raw.lower() if isinstance(raw, str) else ""
    if not _HOST_NAME.fullmatch(name):
        raise Refusal(phrase('the name of a host, such as "status.example.com"'))
    return name


def check_quiet_hours(raw: object) -> QuietHours | None:
    """From when to when, local time; empty for never."""
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
    refused = Refusal(allowed)
    if not isinstance(raw, str) or len(raw) > _MAX_URL_LENGTH or not raw.isprintable() or " " in raw:
        raise refused
    try:
        address = urlsplit(raw)
        # Asking for the port checks it; encoding the host finds empty and overlong labels.
        good = (
            address.scheme in ("http", "https")
            and address.port != 0
            and (address.hostname or "").encode("idna")
        )
    except ValueError:
        good = False
    if not good:
        raise refused
    return address


def nearest_key(key: str, known_keys: Iterable[str]) -> str:
    """The known key most like it, by its whole name or its last part alone."""
    key = re.sub(r"\s", "", key)[:60].lower()  # comparing long texts takes quadratic time

    from difflib import SequenceMatcher  # only a mistake needs it

    def likeness(known: str) -> float:
        whole = SequenceMatcher(None, key, known).ratio()
        return max(whole, SequenceMatcher(None, key.rpartition(".")[2], known.rpartition(".")[2]).ratio())

    return max(known_keys, key=likeness)
