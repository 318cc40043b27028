"""Examines for `doctor` where the person's keys are kept, and whether they can be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from trayapp.app.context import CommandContext
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.commands.key.cost import cost_text
from trayapp.commands.key.wording import SET_COMMANDS, key_place_text, key_trouble_phrase
from trayapp.desktop.keys.base import KeyAccessError, KeyProblem, KeyPurpose
from trayapp.desktop.keys.chooser import choose_storage
from trayapp.desktop.session import connect_session_bus

if TYPE_CHECKING:
    from trayapp.desktop.dbus.bus import Bus  # Windows has no such library

_KEY_TROUBLES = frozenset({KeyProblem.LOCKED, KeyProblem.TIMED_OUT, KeyProblem.BAD_ANSWER})
"""Problems that are reported even without a wish for the check; a missing keyring matters only to users of a key."""


def key_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yields where the key is kept and whether it can be read; nothing without a key. Starts no keyring."""
    bus = connect_session_bus()
    if bus is None:
        yield from _findings_on_bus(context, None)
        return
    with closing(bus):
        yield from _findings_on_bus(context, bus)


def _findings_on_bus(context: CommandContext, bus: Bus | None) -> Iterator[DoctorFinding]:
    yield from _findings_of_key(context, bus, KeyPurpose.API, wanted=context.config.key_check.on)
    if "downdetector" in context.config.crowd.sources:
        yield from _findings_of_key(context, bus, KeyPurpose.DOWNDETECTOR, wanted=True)


def _findings_of_key(
    context: CommandContext, bus: Bus | None, purpose: KeyPurpose, *, wanted: bool
) -> Iterator[DoctorFinding]:
    speech, is_api = context.speech, purpose is KeyPurpose.API
    command = (context.config.key_check if is_api else context.config.crowd).key_command
    what = speech.say("API key") if is_api else speech.say("Downdetector key")
    try:
        place = choose_storage(command, lambda: bus, purpose)
        if not place.is_running() and not wanted:
            return
        key = place.read()
    except KeyAccessError as error:
        trouble = error.problem
        if wanted or command or trouble in _KEY_TROUBLES:
            yield DoctorFinding(what, False, speech.translate_phrase(key_trouble_phrase(trouble, purpose)))
        return
    if key is not None:
        kept = key_place_text(speech, place.kind, key)
        cost = f" {cost_text(context, datetime.now(UTC))}" if wanted and is_api else ""
        yield DoctorFinding(what, True, kept + cost)
    elif wanted:
        command_text = SET_COMMANDS[purpose]
        yield DoctorFinding(
            what,
            False,
            speech.say("There is no key to ask with: keep one with `{command}`.", command=command_text),
        )
