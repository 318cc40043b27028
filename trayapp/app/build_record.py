"""Reads when this copy was built, and which versions of Python and its libraries run in it."""

from __future__ import annotations

import json
import pyexpat
import ssl
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pkgutil import get_data

from trayapp.store.file import SQLITE_VERSION

RECORD_FILE = "assets/build.json"
"""Within the package; the packages' builders write it, and a checkout or a wheel has none."""
OLD_AFTER = timedelta(days=180)
"""The age of a build with parts of its own from which `doctor` advises a newer one."""


@dataclass(frozen=True, slots=True)
class BuildRecord:
    """When a copy was built, and the versions of the Debian packages that its parts were taken from."""

    built_at: datetime | None = None
    debian_versions: Mapping[str, str] = field(default_factory=dict)
    """Part -> version; only of parts that came from Debian's packages."""


def read_build_record() -> BuildRecord:
    """Return what the builder wrote; an empty record if there is none or it cannot be read."""
    try:
        record = json.loads(get_data("trayapp", RECORD_FILE) or b"{}")
        built_at = datetime.fromtimestamp(int(record["built"]), UTC)
        taken = {part: str(taken["version"]) for part, taken in record["debian"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return BuildRecord()
    return BuildRecord(built_at, taken)


def running_versions() -> dict[str, str]:
    """Return the versions of the parts that this very process runs with."""
    return {
        "Python": ".".join(map(str, sys.version_info[:3])),
        "OpenSSL": ssl.OPENSSL_VERSION.split()[1],
        "SQLite": SQLITE_VERSION,
        "expat": pyexpat.EXPAT_VERSION.removeprefix("expat_"),
    }


def describe_versions(record: BuildRecord) -> str:
    """Return the running versions as one text, with those of the Debian packages that parts were taken from."""
    taken = record.debian_versions
    return ", ".join(
        f"{part} {version} (Debian {taken[part]})" if part in taken else f"{part} {version}"
        for part, version in running_versions().items()
    )


def has_own_python() -> bool:
    """Whether this copy brings Python and its libraries, which then only a newer copy can mend."""
    return bool(getattr(sys, "frozen", False))
