"""The least versions of Python, OpenSSL, SQLite and expat that a package may bring, each with what was mended in it.

The build, `selftest` and the tests of installed packages all read them here. SECURITY.md says when they are raised.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LeastVersion:
    """The least version of one series of a part, such as OpenSSL 3.5."""

    part: str
    series: str
    version: str
    reason: str


PYTHON_REASON = (
    "CVE-2025-12084, CVE-2025-13836 and CVE-2025-13837: memory and time that an answer or a document can take"
)
OPENSSL_REASON = "CVE-2025-9230 and CVE-2025-9232: reads and writes past the end; and CVE-2024-6119, the name check of TLS clients"
LEAST_VERSIONS = (
    LeastVersion("Python", "3.11", "3.11.14", "CVE-2025-8194 and CVE-2025-8291: hostile tar and zip files"),
    LeastVersion("Python", "3.12", "3.12.12", "CVE-2025-8194 and CVE-2025-8291: hostile tar and zip files"),
    LeastVersion("Python", "3.13", "3.13.11", PYTHON_REASON),
    LeastVersion("Python", "3.14", "3.14.2", PYTHON_REASON),
    LeastVersion("OpenSSL", "3.0", "3.0.18", OPENSSL_REASON),
    LeastVersion("OpenSSL", "3.4", "3.4.3", OPENSSL_REASON),
    LeastVersion("OpenSSL", "3.5", "3.5.4", OPENSSL_REASON),
    LeastVersion("SQLite", "3", "3.50.2", "CVE-2025-6965: more terms than a query has room for"),
    LeastVersion("expat", "2", "2.7.2", "CVE-2025-59375: a small document that takes much memory"),
)
"""A series above the highest one named is new enough; one between or below those named is not looked after any more."""

DEBIAN_REASON = "the newest of its release when this was written: Debian mends faults and keeps the number"
LEAST_DEBIAN_VERSIONS = (
    LeastVersion("Python", "3.11", "3.11.2-6+deb12u9", DEBIAN_REASON),
    LeastVersion("Python", "3.13", "3.13.5-2+deb13u5", DEBIAN_REASON),
    LeastVersion("OpenSSL", "3.0", "3.0.22-1~deb12u2", DEBIAN_REASON),
    LeastVersion("OpenSSL", "3.5", "3.5.7-1~deb13u3", DEBIAN_REASON),
    LeastVersion("SQLite", "3.40", "3.40.1-2+deb12u2", DEBIAN_REASON),
    LeastVersion("SQLite", "3.46", "3.46.1-7+deb13u2", DEBIAN_REASON),
    LeastVersion("expat", "2.5", "2.5.0-1+deb12u5", DEBIAN_REASON),
)
"""For parts that are Debian's own, as the versions of its packages; the series is the upstream number's beginning."""
PARTS = ("Python", "OpenSSL", "SQLite", "expat")


def explain_too_old(part: str, version: str, debian_version: str = "") -> str:
    """Say why this version of a part may not be brought along; empty if it may.

    `debian_version` is that of the Debian package that the part was taken from, if it was.
    """
    found = _numbers(version)
    if not found:
        return f"{part} {version or 'of an unknown version'}: not a version"
    known = [least for least in LEAST_VERSIONS if least.part == part]
    of_series = next((least for least in known if _is_of_series(found, least.series)), None)
    if of_series is None and found > max(_numbers(least.version) for least in known):
        return ""
    if of_series is not None and found >= _numbers(of_series.version):
        return ""
    if debian_version:
        of_debian = [
            least
            for least in LEAST_DEBIAN_VERSIONS
            if least.part == part and _is_of_series(found, least.series)
        ]
        if of_debian and not is_older_in_debian(debian_version, of_debian[0].version):
            return ""
        version = f"{version} (Debian's {debian_version})"
        of_series = of_debian[0] if of_debian else of_series
    least = of_series or known[-1]
    return f"{part} {version} is older than {least.version} ({least.reason})"


def find_too_old(versions: Mapping[str, str], debian_versions: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with each part's version; a part that is not among them is wrong too."""
    for part in PARTS:
        why = explain_too_old(part, versions.get(part, ""), debian_versions.get(part, ""))
        if why:
            yield why


def is_older_in_debian(version: str, other: str) -> bool:
    """Whether a version of a Debian package comes before another, by Debian policy 5.6.12; neither has an epoch."""
    return _debian_key(version) < _debian_key(other)


def _numbers(version: str) -> tuple[int, ...]:
    begin = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, begin[0].split("."))) if begin else ()


def _is_of_series(numbers: tuple[int, ...], series: str) -> bool:
    of_series = _numbers(series)
    return numbers[: len(of_series)] == of_series


def _debian_key(version: str) -> tuple[tuple[tuple[int, ...], int], ...]:
    upstream, _, revision = version.rpartition("-")
    return tuple(
        part for text in (upstream or revision, revision if upstream else "0") for part in _pieces(text)
    )


def _pieces(text: str) -> Iterator[tuple[tuple[int, ...], int]]:
    """Yield each run of other characters with the number after it: `~` is before the end, and letters before signs."""
    for others, digits in re.findall(r"(\D*)(\d*)", text + "\0"):
        if others or digits:
            yield (*(_rank(character) for character in others.rstrip("\0")), 0), int(digits or 0)


def _rank(character: str) -> int:
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256
