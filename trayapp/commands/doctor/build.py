"""Examines for `doctor` how old this build is, and what it brings that only a newer one mends."""

from __future__ import annotations

from datetime import datetime

from trayapp import __version__
from trayapp.app.build_record import OLD_AFTER, BuildRecord, describe_versions, running_versions
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.i18n.translator import Translator
from trayapp.model.least_versions import find_too_old


def build_finding(
    speech: Translator, now: datetime, record: BuildRecord, *, brings_python: bool
) -> DoctorFinding:
    """Say how old this build is and which Python it runs with; it is not well if it brings parts that are old."""
    say, built_at = speech.say, record.built_at
    versions = describe_versions(record)
    if built_at is None:
        age = say("{version}, nobody noted when it was built", version=__version__)
    else:
        days = max(0, (now - built_at).days)
        age = speech.say_many(
            "{version} of {date}, {count} day old",
            "{version} of {date}, {count} days old",
            days,
            version=__version__,
            date=f"{built_at:%Y-%m-%d}",
            count=days,
        )
    if not brings_python:
        found = say("{age}; it runs with {versions}, which are not its own", age=age, versions=versions)
        return DoctorFinding(say("Build"), True, found)
    found = say("{age}; it brings {versions}", age=age, versions=versions)
    is_old = built_at is not None and now - built_at > OLD_AFTER
    do = ""
    if is_old or list(find_too_old(running_versions(), record.debian_versions)):
        do = say("Install the newest version: what this one brings is not mended on this computer.")
    return DoctorFinding(say("Build"), not do, found, do)
