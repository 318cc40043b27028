"""`doctor`: what works here, line by line, and what to do about what does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial

from trayapp import __version__
from trayapp.app.context import Prepared
from trayapp.app.exit_codes import USAGE
from trayapp.app.one_notification import LONGEST
from trayapp.app.one_poll import poll_once
from trayapp.commands.doctor.api_key import key
from trayapp.commands.doctor.desktop import (
    Finding,
    notifications,
    sleep,
    test_notification,
    this_network,
    tray,
)
from trayapp.commands.doctor.examination import LIMIT, ROUND, examine
from trayapp.commands.doctor.installation import certificates, hook, paths, proxy
from trayapp.core.wording.labels import cause_words
from trayapp.core.wording.reasons import reason
from trayapp.desktop.clocks import clock
from trayapp.desktop.control import Elsewhere, NoAnswer, NotRunning, ask
from trayapp.desktop.keys.key_program import LIMIT as PROGRAM_LIMIT
from trayapp.desktop.network.connectivity import os_word
from trayapp.desktop.tray.backend import Host, Way
from trayapp.desktop.tray.host import tray_host
from trayapp.i18n.sanitize import clean
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Cause, Line, Miss, OsWord, Outcome, Page, ProbeResult, Round, Verdict, Why
from trayapp.redact import address

_OS_WORDS = {
    OsWord.FULL: mark("connected"),
    OsWord.PORTAL: mark("a sign-in page"),
    OsWord.LIMITED: mark("limited"),
    OsWord.NONE: mark("not connected"),
}

_REMEDIES = {
    Cause.CLOCK: mark("Set this computer's clock."),
    Cause.EXHAUSTED: mark(
        "End programs that are not needed, or raise the limits (ulimit -n for files, -u for threads)."
    ),
    Cause.INTERNAL: mark("Look into the log, and report it."),
    Cause.NAMES: mark("Check the DNS servers in the settings of your network."),
}


def main(prepared: Prepared, arguments: argparse.Namespace) -> int:
    """Print what was found; 0 when all is well, 64 when the settings are wrong, 1 when something else is."""
    findings = [_cleaned(finding) for finding in examined(prepared, notify=arguments.notify)]
    if arguments.json:
        print(json.dumps([asdict(f) for f in findings]))
    else:
        print(*(_printed(prepared.speech, finding) for finding in findings), sep="\n")
    if prepared.mistake:
        return USAGE
    return 0 if all(f.ok for f in findings) else 1


def examined(prepared: Prepared, *, notify: bool = False) -> Iterator[Finding]:
    """All that can be looked at, one after the other; nothing is changed. With `notify` a notification is sent too."""
    speech, say = prepared.speech, prepared.speech.say
    host = Host(Way.NONE, "")

    def found_tray() -> Finding:
        nonlocal host
        host = tray_host()
        return tray(speech, host)

    yield from examine(speech, say("Program"), lambda: [_running(prepared)])
    yield from examine(speech, say("Tray"), lambda: [found_tray()])
    yield from examine(speech, say("Notifications"), lambda: [notifications(speech, host)])
    if notify:
        sent = partial(test_notification, speech, host, clock()().wall)
        yield from examine(speech, say("Test notification"), lambda: [sent()], LONGEST)
    yield from examine(speech, say("Sleep"), lambda: [sleep(speech, prepared.places.state)])
    yield from examine(speech, say("Settings"), lambda: paths(prepared))
    yield from examine(speech, say("Certificates"), lambda: [certificates(prepared)])
    yield from examine(speech, say("Proxy"), lambda: [proxy(prepared)])
    yield from examine(speech, say("Hook"), lambda: hook(prepared))
    yield from examine(speech, say("API key"), lambda: key(prepared), LIMIT + PROGRAM_LIMIT)
    yield from examine(speech, say("Network"), lambda: _asked(prepared), ROUND)


def _asked(prepared: Prepared) -> Iterator[Finding]:
    """What one look brings."""
    found = poll_once(prepared, native=False)
    round_ = found.round
    yield _network(prepared.speech, round_)
    yield this_network(prepared.speech)
    yield _page(prepared, round_)
    yield from _unlisted(prepared, found.verdict)
    yield from (_probe(prepared.speech, result, round_.line) for result in round_.probes)


def _cleaned(finding: Finding) -> Finding:
    """Without what a notification server, a variable or a file's name could steer a terminal or forge a line with."""
    return Finding(clean(finding.what), finding.ok, clean(finding.found), clean(finding.do))


def _printed(speech: Speech, finding: Finding) -> str:
    mark = speech.say("ok") if finding.ok else speech.say("NOT OK")
    line = f"{mark:7} {finding.what}: {finding.found}"
    return f"{line}\n{'':7} → {finding.do}" if finding.do else line


def _running(prepared: Prepared) -> Finding:
    say = prepared.speech.say
    what = say("Program")
    try:
        answer = ask(prepared.places.state, {"do": "nothing"}, timeout=2.0)
    except NoAnswer:
        return Finding(what, False, say("runs but does not answer"), say("End it and start it again."))
    except Elsewhere as error:
        found = say("runs on another computer that shares this folder: {host}", host=error.host)
        do = say("End it there, or set OPENAI_STATUS_TRAY_HOME to a folder of this computer's own.")
        return Finding(what, False, found, do)
    except NotRunning:
        return Finding(what, True, say("not running"))
    if answer.get("version") != __version__:
        do = say("The program was updated while it ran; restart it to finish.")
        return Finding(what, False, say("running"), do)
    return Finding(what, True, say("running"))


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
    if round_.line is Line.UNASKED and isinstance(round_.page, Miss):
        found = speech.say("could not be examined: {why}", why=_said(speech, round_.page))
        return Finding(speech.say("Network"), False, found + said, _remedy(speech, round_.page))
    return Finding(speech.say("Network"), True, speech.say("works") + said)


def _said(speech: Speech, why: Miss) -> str:
    return cause_words(speech, why.cause, why.status, why.whereto)


def _page(prepared: Prepared, round_: Round) -> Finding:
    say, url = prepared.speech.say, prepared.config.page.url
    what, url = say("Status page"), address(url)
    if isinstance(round_.page, Page):
        count = say("{count} components", count=len(round_.page.components))
        return Finding(what, True, f"{url} ({count})")
    cause = _said(prepared.speech, round_.page) if round_.page else ""
    do = (
        _not_online(prepared.speech, round_.line)
        or _remedy(prepared.speech, round_.page)
        or say("Look at the address in a browser; [page] url in the settings names another or a mirror.")
    )
    return Finding(what, False, f"{url}: {cause}", do)


def _unlisted(prepared: Prepared, verdict: Verdict) -> Iterator[Finding]:
    """What is followed or ignored and is not there, most often because it is spelled otherwise."""
    speech = prepared.speech
    for fact in verdict.reasons:
        if fact.why is Why.VANISHED:
            do = speech.say("Choose in the menu under Follow, or write it in follow as the page does.")
            yield Finding(speech.say("Follow"), False, reason(speech, verdict, fact), do)
        elif fact.why is Why.IGNORED_UNKNOWN:
            do = speech.say("Write it in ignore as the page does.")
            yield Finding(speech.say("Ignored"), False, reason(speech, verdict, fact), do)


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
