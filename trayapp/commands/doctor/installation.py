"""Examines for `doctor` the program's files, the certificates and the person's hook program."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from trayapp.app.context import CommandContext
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.i18n.deferred import Phrase, os_error_phrase, phrase
from trayapp.ownership import resolve_owned, resolve_owned_program
from trayapp.settings.layers import Layer
from trayapp.sources.trust import create_tls_context, system_store


def path_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yields whether settings, memory and log can be used, and whether others can read the proxy's password."""
    say, places = context.speech.say, context.places
    config = context.config_file
    absent = "" if os.path.exists(config) else " (" + say("not there: defaults") + ")"  # noqa: PTH110  # Path's raises
    if context.mistake:
        do = say(
            "Correct this file: until then the program does not start, and this report uses the default settings."
        )
        yield DoctorFinding(say("Settings"), False, context.speech.translate_phrase(context.mistake), do)
    elif (
        "@" in context.config.network.proxy
        and _is_own_setting(context, "network.proxy")
        and _is_readable_by_others(config)
    ):
        found = say("others may read it, and the proxy's password is in it")
        yield DoctorFinding(say("Settings"), False, f"{config}: {found}", f"chmod 600 {config}")
    else:
        yield DoctorFinding(say("Settings"), True, f"{config}{absent}")
    for what, file in ((say("Memory"), places.state_file), (say("Log"), places.log_file)):
        why = _unwritable_reason(file)
        do = say("Make that folder writable, or set OPENAI_STATUS_TRAY_HOME to one that is.") if why else ""
        found = f"{file}: {context.speech.translate_phrase(why)}" if why else str(file)
        yield DoctorFinding(what, not why, found, do)


def site_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yields, for each file of the site's settings that is there, what it locks and what of it is not used."""
    say = context.speech.say
    for file in context.site.files:
        locked = [
            key
            for key, origin in context.origins.items()
            if origin.layer is Layer.LOCKED and origin.file == file.path
        ]
        in_vain = [key for key in locked if context.origins[key].overrides_person]
        found, do = str(file.path), ""
        if locked:
            found = say(
                "{file} (set by your organisation: {keys})", file=str(file.path), keys=", ".join(locked)
            )
        if in_vain:
            do = say("Your own settings of these are not used: {keys}.", keys=", ".join(in_vain))
        if file.problem is not None:
            yield DoctorFinding(
                say("Site settings"),
                False,
                context.speech.translate_phrase(file.problem),
                say("Ask whoever looks after this computer to mend it; what it names is not used."),
            )
        if file.problem is None or file.values or file.locked:
            yield DoctorFinding(say("Site settings"), True, found, do)


def _is_readable_by_others(file: Path) -> bool:
    return sys.platform != "win32" and bool(file.stat().st_mode & 0o077)


def _is_own_setting(context: CommandContext, key: str) -> bool:
    """Whether the person's own file says it, and not the site's."""
    origin = context.origins.get(key)
    return origin is None or origin.layer is Layer.PERSON


def _unwritable_reason(file: Path) -> Phrase | None:
    """Return why the file cannot be written, or created in its nearest existing folder; None if it can."""
    try:
        real = resolve_owned(file)
        place = next(p for p in (real, *real.parents) if os.path.lexists(p))
    except OSError as error:
        return os_error_phrase(error)
    fit = os.access(place, os.W_OK) and (place == real or place.is_dir())
    return None if fit else phrase("cannot be written")


def certificates_finding(context: CommandContext) -> DoctorFinding:
    """Say which certificates are trusted, and whether they can be loaded."""
    say, file = context.speech.say, context.config.network.ca_file
    if not file and (store := system_store()) and store.is_empty:
        do = say("Install your system's certificates (the package ca-certificates).")
        return DoctorFinding(say("Certificates"), False, say("the system's store is empty"), do)
    try:
        create_tls_context(str(file or ""))
    except OSError as error:
        do = say("Set ca_file under [network] to a file of certificates in PEM form.")
        return DoctorFinding(say("Certificates"), False, str(error), do)
    return DoctorFinding(say("Certificates"), True, str(file or say("the system's store")))


def hook_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yields whether the hook program can be run; nothing without a hook."""
    say, argv = context.speech.say, context.config.hooks.on_transition
    if argv:
        why = _unrunnable_reason(argv[0])
        do = say("Name a program that may be run, with its full path, in on_transition under [hooks].")
        found = f"{argv[0]}: {context.speech.translate_phrase(why)}" if why else argv[0]
        yield DoctorFinding(say("Hook"), not why, found, do if why else "")


def _unrunnable_reason(program: str) -> Phrase | None:
    """Return why the hook program cannot be run; None if it can."""
    found = shutil.which(program)
    if found is None:
        return phrase("cannot be run")
    try:
        resolve_owned_program(Path(found))
    except OSError as error:
        return os_error_phrase(error)
    return None
