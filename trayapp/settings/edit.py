"""Changes one setting in the person's file and leaves the rest as it is. The only importer of tomlkit.

Comments, order and formatting stay byte for byte. The new file is complete on disk before it replaces the old one, so
that a crash in between leaves the old one.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Array

from trayapp.i18n.deferred import Phrase, Refusal, os_error_phrase, phrase
from trayapp.places import create_folder
from trayapp.settings.layers import NO_SITE, SiteSettings
from trayapp.settings.schema import Config, ConfigError, load_config

PRIVATE_MODE = 0o600
_BOM = "\ufeff"
_RETRY_PAUSES = (0.05, 0.1, 0.2, 0.4)
"""Seconds between attempts to replace a file that another program has open."""


class SettingsError(Refusal):
    """A setting could not be written: one sentence with the reason. The file is unchanged."""


def change_setting(
    path: Path, key: str, value: str | tuple[str, ...], site: SiteSettings = NO_SITE
) -> Config:
    """Write one setting, `key` as in "notify.level", and return the new settings. Raises SettingsError.

    A file that is not valid as settings is never overwritten. A missing one is created, with its folder. What the site
    locks is not written, as it would be without effect.
    """
    if key in site.locked:
        raise SettingsError(phrase("{key} is set by your organisation", key=key))
    target = path.resolve()  # a symbolic link stays; the file it points to is replaced
    before = _read_content(target)
    try:
        load_config(path, site=site)
        text = before.decode().removeprefix(_BOM)
        after = (_BOM if before.startswith(_BOM.encode()) else "") + _edit_text(text, key, value)
    except (ConfigError, TOMLKitError) as error:
        why = error.phrase if isinstance(error, ConfigError) else str(error)
        raise SettingsError(phrase("not changed, because of a mistake in it: {why}", why=why)) from error
    return _replace_file(target, before, after.encode(), site)


def create_file(path: Path, content: str) -> None:
    """Create the file, with its folder, if it does not exist. Raises SettingsError."""
    if path.exists():
        return
    _replace_file(path.resolve(), b"", content.encode())


def _edit_text(text: str, key: str, value: str | tuple[str, ...]) -> str:
    document = tomlkit.parse(text)
    *sections, name = key.split(".")
    table: Any = document
    for section in sections:
        if section not in table:
            table.add(section, tomlkit.table())
        table = table[section]
    if isinstance(value, tuple) and isinstance(table.get(name), Array):
        _refill_array(table[name], value)
    else:
        table[name] = list(value) if isinstance(value, tuple) else value
    return tomlkit.dumps(document)


def _refill_array(array: Array, items: tuple[str, ...]) -> None:
    """Change the list to these items; comments beside remaining items stay."""
    for item in [item for item in array if item not in items]:
        array.remove(item)
    for item in items:
        if item not in array:
            array.append(item)


def _read_content(target: Path) -> bytes:
    try:
        return target.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise SettingsError(
            _file_phrase(target, phrase("cannot be read: {why}", why=os_error_phrase(error)))
        ) from error


def _replace_file(target: Path, before: bytes, after: bytes, site: SiteSettings = NO_SITE) -> Config:
    """Replace the old content. Raises SettingsError if the new one is invalid or somebody has changed the file."""
    try:
        create_folder(target.parent)
        temporary = _write_temporary(target, after)
    except OSError as error:
        raise SettingsError(_write_error_phrase(target, error)) from error
    try:
        config = load_config(temporary, site=site)
        if _read_content(target) != before:
            raise SettingsError(
                _file_phrase(target, phrase("not changed, because somebody else is changing it"))
            )
        _put_in_place(temporary, target)
    except ConfigError as error:
        why = phrase("not changed, it would be wrong: {why}", why=error.reason)
        raise SettingsError(_file_phrase(target, why)) from error
    except OSError as error:
        raise SettingsError(_write_error_phrase(target, error)) from error
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(target.parent)
    return config


def _put_in_place(temporary: Path, target: Path) -> None:
    """Rename the file, with retries on Windows, where a virus scanner may have it open for a moment. Raises OSError."""
    for pause in _RETRY_PAUSES if sys.platform == "win32" else ():
        try:
            temporary.replace(target)
        except PermissionError:
            time.sleep(pause)
        else:
            return
    temporary.replace(target)


def _file_phrase(target: Path, why: Phrase) -> Phrase:
    return phrase("{what}: {cause}", what=str(target), cause=why)


def _write_error_phrase(target: Path, error: OSError) -> Phrase:
    return _file_phrase(target, phrase("cannot be written: {why}", why=os_error_phrase(error)))


def _write_temporary(target: Path, content: bytes) -> Path:
    """Write the content to a temporary file beside the target, with the target's mode. Raises OSError."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            temporary.chmod(stat.S_IMODE(target.stat().st_mode) if target.exists() else PRIVATE_MODE)
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _sync_folder(folder: Path) -> None:
    """Flush the renamed entry to disk. Windows cannot open a folder and does not need this."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
