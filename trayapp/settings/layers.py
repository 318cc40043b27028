"""Merges the layers of the settings: built-in defaults, then the site's, then the person's, then the site's locks.

The site is whoever looks after the computer, such as a company; its files hold settings for all of the computer's users.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from trayapp.i18n.deferred import Phrase

CheckedValues = Mapping[str, Any]
"""Values in the program's form by their key, as in "notify.level"."""


class Layer(StrEnum):
    """The layers; a later one wins."""

    BUILT_IN = "built-in"
    SITE = "site"
    PERSON = "person"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the value in force of one setting comes from."""

    layer: Layer
    file: Path | None = None
    """The file that says it; None for a built-in default."""
    overrides_person: bool = False
    """Whether the person's file sets it, too, in vain, because the site locks it."""


@dataclass(frozen=True, slots=True)
class SiteFile:
    """One file of the site's settings that is there."""

    path: Path
    values: CheckedValues = field(default_factory=dict)
    """What holds unless the person sets it."""
    locked: CheckedValues = field(default_factory=dict)
    """What holds whatever the person sets."""
    problem: Phrase | None = None
    """Why the file, or a part of it, is not used, in one line with the path; None if all of it is."""


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """The settings that the site gives to all of the computer's users."""

    paths: tuple[Path, ...] = ()
    """Where its files may lie, the most important first."""
    files: tuple[SiteFile, ...] = ()
    """Those that are there, in the same order."""

    @property
    def locked(self) -> frozenset[str]:
        """The keys that a person cannot set."""
        return frozenset(key for file in self.files for key in file.locked)

    @property
    def problems(self) -> tuple[Phrase, ...]:
        """One line for each file that is not used as a whole."""
        return tuple(file.problem for file in self.files if file.problem is not None)

    def has_value(self, key: str) -> bool:
        """Whether a file sets the key, locked or not."""
        return any(key in file.values or key in file.locked for file in self.files)


NO_SITE = SiteSettings()
"""For a demo and for tests: no files, wherever this computer may have some."""


def merge_layers(
    keys: Iterable[str], site: SiteSettings, personal: CheckedValues, file: Path | None
) -> tuple[dict[str, Any], dict[str, Origin]]:
    """Return the values that are not built in, and the origin of each of the keys; `file` is the person's.

    Among the site's files the first that sets a key wins, as the XDG specification orders folders.
    """
    values: dict[str, Any] = {}
    origins: dict[str, Origin] = {}
    for key in keys:
        locking = next((one for one in site.files if key in one.locked), None)
        setting = next((one for one in site.files if key in one.values), None)
        if locking is not None:
            values[key] = locking.locked[key]
            origins[key] = Origin(Layer.LOCKED, locking.path, overrides_person=key in personal)
        elif key in personal:
            values[key], origins[key] = personal[key], Origin(Layer.PERSON, file)
        elif setting is not None:
            values[key], origins[key] = setting.values[key], Origin(Layer.SITE, setting.path)
        else:
            origins[key] = Origin(Layer.BUILT_IN)
    return values, origins
