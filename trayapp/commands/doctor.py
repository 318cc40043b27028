"""`doctor`: what works here, line by line, and what to do about what does not."""

from __future__ import annotations

import argparse
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from trayapp.commands import USAGE
from trayapp.commands.found import Finding, notifications, tray
from trayapp.commands.prepared import Prepared, reached
from trayapp.config_file import printable
from trayapp.core import judge
from trayapp.core.memory import Memory
from trayapp.core.reasons import reason
from trayapp.core.speech import Speech, mark
from trayapp.core.terms import cause_words
from trayapp.desktop.clock import clock
from trayapp.desktop.control import NoAnswer, NotRunning, ask
from trayapp.desktop.network import os_word
from trayapp.desktop.tray.host import tray_host
from trayapp.model import Cause, Line, Miss, OsWord, Outcome, Page, Plan, ProbeResult, Round, Why
from trayapp.sources.proxies import configured, system_proxies
from trayapp.sources.trust import trust

_OS_WORDS = {
    OsWord.FULL: mark("connected"),
    OsWord.PORTAL: mark("a sign-in page"),
    OsWord.LIMITED: mark("limited"),
    OsWord.NONE: mark("not connected"),
}

_REMEDIES = {
    Cause.CLOCK: mark("Set this computer's clock."),
    Cause.NAMES: mark("Check the DNS servers in the settings of your network."),
}


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Print what was found; 0 when all is well, 64 when the settings are wrong, 1 when something else is."""
    findings = list(examined(prepared))
    if arguments.json:
        print(json.dumps([asdict(f) for f in findings]))
    else:
        print(*(_printed(prepared.speech, finding) for finding in findings), sep="\n")
    if prepared.mistake:
        return USAGE
    return 0 if all(f.ok for f in findings) else 1


def examined(prepared: Prepared) -> Iterator[Finding]:
    """All that can be looked at, one after the other; nothing is changed."""
    yield _running(prepared)
    host = tray_host()
    yield tray(prepared.speech, host)
    yield notifications(prepared.speech, host)
    yield from _paths(prepared)
    yield _certificates(prepared)
    yield _proxy(prepared)
    yield from _hook(prepared)
    round_ = _round(prepared)
    yield _network(prepared.speech, round_)
    yield _page(prepared, round_)
    yield from _unlisted(prepared, round_)
    yield from (_probe(prepared.speech, result, round_.line) for result in round_.probes)


def _printed(speech: Speech, finding: Finding) -> str:
    mark = speech.say("ok") if finding.ok else speech.say("NOT OK")
    line = f"{mark:7} {finding.what}: {finding.found}"
    return f"{line}\n{'':7} → {finding.do}" if finding.do else line


def _running(prepared: Prepared) -> Finding:
    say = prepared.speech.say
    what = say("Program")
    try:
        ask(prepared.places.state, {"do": "nothing"}, timeout=2.0)
    except NoAnswer:
        return Finding(what, False, say("runs but does not answer"), say("End it and start it again."))
    except NotRunning:
        return Finding(what, True, say("not running"))
    return Finding(what, True, say("running"))


def _paths(prepared: Prepared) -> Iterator[Finding]:
    say, where = prepared.speech.say, prepared.places
    config = prepared.config_file
    absent = "" if config.exists() else " (" + say("not there: defaults") + ")"
    if prepared.mistake:
        do = say(
            "Mend it; until then the program does not start, and what follows here goes by the defaults."
        )
        yield Finding(say("Settings"), False, prepared.speech.put(prepared.mistake), do)
    else:
        yield Finding(say("Settings"), True, f"{config}{absent}")
    for what, file in ((say("Memory"), where.state_file), (say("Log"), where.log_file)):
        ok = _writable(file)
        do = "" if ok else say("Make that folder writable, or set OPENAI_STATUS_TRAY_HOME to one that is.")
        yield Finding(what, ok, str(file) if ok else f"{file}: " + say("cannot be written"), do)


def _writable(file: Path) -> bool:
    """Whether the file, or the nearest folder that is there, may be written."""
    place = next(p for p in (file, *file.parents) if p.exists())
    return os.access(place, os.W_OK)


def _certificates(prepared: Prepared) -> Finding:
    say, file = prepared.speech.say, prepared.config.network.ca_file
    try:
        trust(str(file or ""))
    except OSError as error:
        do = say("Set ca_file under [network] to a file of certificates in PEM form.")
        return Finding(say("Certificates"), False, str(error), do)
    return Finding(say("Certificates"), True, str(file or say("the system's store")))


def _proxy(prepared: Prepared) -> Finding:
    """A PAC file or a SOCKS proxy is named as not supported: requests go straight, or not at all."""
    say, own = prepared.speech.say, prepared.config.network.proxy
    found = configured(own) if own else system_proxies(os.environ)
    shown = ", ".join(sorted({proxy.address for proxy in found.by_scheme.values()})) or say("none")
    if not all(proxy.is_supported for proxy in found.by_scheme.values()):
        do = say("SOCKS is not supported: name an HTTP proxy under [network].")
    elif found.unread:
        entries = ", ".join(printable(f"{each.variable} {each.entry}".strip()) for each in found.unread)
        do = say("Correct or remove what cannot be read and is not used: {entries}.", entries=entries)
    elif os.environ.get("AUTO_PROXY"):
        do = say("A PAC file is not supported: name its proxy under [network].")
    else:
        return Finding(say("Proxy"), True, shown)
    return Finding(say("Proxy"), False, shown, do)


def _hook(prepared: Prepared) -> Iterator[Finding]:
    """Without a hook there is nothing to say of it."""
    say, argv = prepared.speech.say, prepared.config.hooks.on_transition
    if argv:
        ok = shutil.which(argv[0]) is not None
        do = (
            ""
            if ok
            else say("Name a program that may be run, with its full path, in on_transition under [hooks].")
        )
        yield Finding(say("Hook"), ok, argv[0] if ok else f"{argv[0]}: " + say("cannot be run"), do)


def _round(prepared: Prepared) -> Round:
    http, sources = reached(prepared)
    probes = tuple(spec.name for spec in prepared.config.probes)
    try:
        return sources.look(Plan(0.0, "doctor", page=True, probes=probes), clock())
    finally:
        http.close()


def _network(speech: Speech, round_: Round) -> Finding:
    word = os_word()
    said = (
        ""
        if word is OsWord.SILENT
        else " (" + speech.say("the system says: {word}", word=speech.say(_OS_WORDS[word])) + ")"
    )
    if round_.line is Line.OFFLINE:
        refused = isinstance(round_.page, Miss) and round_.page.cause is Cause.PROXY
        do = speech.say("Check your connection, and the proxy: it lets nothing through.") if refused else ""
        do = do or speech.say("Check your connection.")
        return Finding(speech.say("Network"), False, speech.say("offline") + said, do)
    if round_.line is Line.PORTAL:
        do = speech.say("Open any page in your browser and sign in to the network.")
        return Finding(speech.say("Network"), False, speech.say("a sign-in page answers") + said, do)
    if round_.line is Line.EDGE:
        return Finding(
            speech.say("Network"), False, speech.say("Cloudflare does not answer from here") + said
        )
    return Finding(speech.say("Network"), True, speech.say("works") + said)


def _page(prepared: Prepared, round_: Round) -> Finding:
    say, url = prepared.speech.say, prepared.config.page.url
    what = say("Status page")
    if isinstance(round_.page, Page):
        count = say("{count} components", count=len(round_.page.components))
        return Finding(what, True, f"{url} ({count})")
    cause = cause_words(prepared.speech, round_.page.cause, round_.page.status) if round_.page else ""
    do = (
        _not_online(prepared.speech, round_.line)
        or _remedy(prepared.speech, round_.page)
        or say("Look at the address in a browser; [page] url in the settings names another or a mirror.")
    )
    return Finding(what, False, f"{url}: {cause}", do)


def _unlisted(prepared: Prepared, round_: Round) -> Iterator[Finding]:
    """What is followed and will never be told of, most often because it is spelled otherwise."""
    speech = prepared.speech
    _, verdict, _ = judge.step(Memory(), round_, prepared.config.limits())
    for fact in verdict.reasons:
        if fact.why is Why.VANISHED:
            do = speech.say("Choose in the menu under Follow, or write it in follow as the page does.")
            yield Finding(speech.say("Follow"), False, reason(speech, verdict, fact), do)


def _probe(speech: Speech, result: ProbeResult, line: Line) -> Finding:
    what = speech.say("Check of {service}", service=speech.name(result.name))
    status = f"HTTP {result.status}" if result.status is not None else ""
    cause = cause_words(speech, result.cause, result.status) if result.cause is not None else ""
    found = ", ".join(
        filter(None, (status, cause, f"{result.elapsed_ms} ms" if result.elapsed_ms is not None else ""))
    )
    ok = result.outcome in {Outcome.ALIVE, Outcome.NEUTRAL, Outcome.ODD}
    do = "" if ok else _not_online(speech, line)
    if result.outcome is Outcome.LOCAL and line is Line.GOOD:
        do = _remedy(speech, result) or speech.say(
            "This network treats it differently: a filter, a proxy or its certificate."
        )
    return Finding(what, ok, found, do)


def _remedy(speech: Speech, why: Miss | ProbeResult | None) -> str:
    """What to do about a cause that is this computer's own."""
    remedy = _REMEDIES.get(why.cause) if why and why.cause else None
    return speech.say(remedy) if remedy else ""


def _not_online(speech: Speech, line: Line | None) -> str:
    if line not in {Line.OFFLINE, Line.PORTAL}:
        return ""
    return speech.say("That is because this computer is not online: see above.")
