"""Examines for `doctor` those who are asked for other people's reports: what each answered last, and who refuses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime

from trayapp.app.context import CommandContext, create_http_client
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.commands.key.wording import SET_COMMANDS
from trayapp.core.wording.labels import cause_label
from trayapp.core.wording.short_forms import crowd_source_name
from trayapp.desktop.control import NotRunningError, send_request
from trayapp.desktop.keys.base import KeyPurpose
from trayapp.i18n.translator import Translator
from trayapp.model import Cause, parse_timestamp
from trayapp.store.codec import CodecError, from_json
from trayapp.store.reader import read_last_saved

_ANSWER_SECONDS = 2.0
CROWD_TIMEOUT = 60.0
"""Seconds for all of them, one after the other: five sources of 8 s, the network's own word, the person's program."""


def crowd_findings(context: CommandContext, now: datetime) -> Iterator[DoctorFinding]:
    """Yields the newest answer of each source in the settings; nothing without one.

    The running program says what it was answered. If none runs, or if it has not asked yet, they are asked once now.
    """
    wanted = context.config.crowd.sources
    if not wanted:
        return
    told = _ask_program(context)
    if not told.get("sources") and not told.get("spared"):
        told = _ask_sources(context, now)
    answers = {row.get("source"): row for row in _rows(told)}
    speech, learning = context.speech, _find_learning(context, now)
    for source in wanted:
        what = speech.say(
            "Others at {source}", source=crowd_source_name(source, context.config.crowd.mastodon)
        )
        row = answers.get(source)
        if row is not None:
            yield _finding(speech, what, row, now, learning=source in learning)
        elif told.get("spared"):
            yield DoctorFinding(
                what, True, speech.say("not asked, because this connection costs by the byte")
            )
        else:
            yield DoctorFinding(what, True, speech.say("not asked yet: only while something is wrong"))


def _ask_program(context: CommandContext) -> Mapping[str, object]:
    try:
        return send_request(context.places.state, {"do": "crowd"}, timeout=_ANSWER_SECONDS)
    except NotRunningError:  # nor does one that is silent, or on another computer, say anything here
        return {}


def _ask_sources(context: CommandContext, now: datetime) -> Mapping[str, object]:
    from trayapp.app.crowd_sources import CrowdAsking, create_background
    from trayapp.app.key_on_demand import KeyOnDemand
    from trayapp.app.upgrade import UpgradeWatch
    from trayapp.desktop.session import connect_session_bus

    config = context.config.crowd
    key = KeyOnDemand(lambda: config.key_command, UpgradeWatch(), "downdetector")
    key.bus = connect_session_bus() if "downdetector" in config.sources else None
    asking = CrowdAsking(
        create_background(
            config,
            config.country_or(context.speech.find_country()),
            lambda: create_http_client(context.config),
            key,
        )
    )
    try:
        asking.ask_now(now)
    finally:
        if key.bus is not None:
            with closing(key.bus):
                key.bus = None
    return asking.describe()


def _rows(told: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    rows = told.get("sources")
    yield from (row for row in rows if isinstance(row, dict)) if isinstance(rows, list) else ()


def _finding(
    speech: Translator, what: str, row: Mapping[str, object], now: datetime, *, learning: bool
) -> DoctorFinding:
    """Says what one source answered last, and when."""
    if row.get("no_key"):
        do = speech.say(
            "There is no key to ask with: keep one with `{command}`.",
            command=SET_COMMANDS[KeyPurpose.DOWNDETECTOR],
        )
        return DoctorFinding(what, False, speech.say("not asked"), do)
    at = parse_timestamp(str(row.get("at")), now.tzinfo)
    found = f"{_answer_text(speech, row)} ({speech.time_text(at, now)})"
    if row.get("refused") is not None:
        found = speech.say("{what}; it refuses, and is not asked any more until a restart", what=found)
    if learning:
        found = speech.say("{what}; still learning how many are usual, which takes three days", what=found)
    return DoctorFinding(what, "cause" not in row, found)


def _answer_text(speech: Translator, row: Mapping[str, object]) -> str:
    if "people" in row:
        number = row["people"] if isinstance(row["people"], int) else 0
        return speech.say_many(
            "{number} person reported trouble within 20 minutes",
            "{number} people reported trouble within 20 minutes",
            number,
            number=number,
        )
    if "rank" in row:
        rank = row["rank"]
        if rank is None:
            return speech.say("not among the most searched")
        return speech.say("number {rank} of the most searched", rank=str(rank))
    status = row.get("status")
    return cause_label(speech, Cause(str(row.get("cause"))), status if isinstance(status, int) else None)


def _find_learning(context: CommandContext, now: datetime) -> frozenset[str]:
    """Returns the sources of which too little is known to say what is unusual."""
    from trayapp.core.crowd.votes import FAMILIES, CrowdMemory

    kept = read_last_saved(context.places.state_file).crowd
    try:
        memory = from_json(CrowdMemory, kept) if kept else CrowdMemory()
    except CodecError:
        memory = CrowdMemory()
    known = {source for source, m in memory.sources.items() if m.baseline.is_learned(now)}
    return frozenset(set(FAMILIES) - known)
