"""`doctor`: prints what works on this computer, line by line, and what to do about what does not."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from http import HTTPStatus

from trayapp import __version__
from trayapp.app.build_record import has_own_python, read_build_record
from trayapp.app.context import CommandContext
from trayapp.app.exit_codes import EXIT_USAGE
from trayapp.app.one_notification import MAX_NOTIFY_SECONDS
from trayapp.app.one_poll import poll_once
from trayapp.commands.doctor.api_key import key_findings
from trayapp.commands.doctor.build import build_finding
from trayapp.commands.doctor.crowd import CROWD_TIMEOUT, crowd_findings
from trayapp.commands.doctor.desktop import (
    DoctorFinding,
    identity_finding,
    notifications_finding,
    send_sample,
    sleep_finding,
    tray_finding,
)
from trayapp.commands.doctor.examination import EXAMINATION_TIMEOUT, POLL_TIMEOUT, run_examination
from trayapp.commands.doctor.installation import (
    certificates_finding,
    hook_findings,
    path_findings,
    site_findings,
)
from trayapp.commands.doctor.proxy import proxy_finding
from trayapp.core.wording.labels import cause_label
from trayapp.core.wording.reasons import reason_line
from trayapp.desktop.clocks import create_clock
from trayapp.desktop.control import NoAnswerError, NotRunningError, OtherComputerError, send_request
from trayapp.desktop.keys.key_program import PROGRAM_TIMEOUT as PROGRAM_LIMIT
from trayapp.desktop.network.connectivity import read_system_connectivity
from trayapp.desktop.tray.backend import BackEndKind, TrayHost
from trayapp.desktop.tray.host import find_tray_host
from trayapp.i18n.sanitize import clean_text
from trayapp.i18n.translator import Translator, mark
from trayapp.model import (
    Cause,
    ConnectionState,
    Miss,
    Outcome,
    PageReading,
    ProbeResult,
    ReasonKind,
    Round,
    SystemConnectivity,
    Verdict,
)
from trayapp.redact import safe_address

_CONNECTIVITY_TEXTS = {
    SystemConnectivity.FULL: mark("connected"),
    SystemConnectivity.PORTAL: mark("a sign-in page"),
    SystemConnectivity.LIMITED: mark("limited"),
    SystemConnectivity.NONE: mark("not connected"),
}

_REMEDIES = {
    Cause.CLOCK: mark("Set this computer's clock."),
    Cause.EXHAUSTED: mark(
        "End programs that are not needed, or raise the limits (ulimit -n for files, -u for threads)."
    ),
    Cause.INTERNAL: mark("Look into the log, and report it."),
    Cause.PROXY_LOGIN: mark(
        "Negotiate, NTLM and Digest are not supported: run a local proxy that logs in, such as px or cntlm, and name it under [network]."
    ),
    Cause.NO_NAME_SERVICE: mark("Check the DNS servers in the settings of your network."),
}


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Print all findings. Return 0 if all is well, 64 if the settings are wrong, 1 if something else is."""
    findings = [_clean_finding(finding) for finding in examine_all(context, notify=arguments.notify)]
    if arguments.json:
        print(json.dumps([asdict(f) for f in findings]))
    else:
        print(*(_format_finding(context.speech, finding) for finding in findings), sep="\n")
    if context.mistake:
        return EXIT_USAGE
    return 0 if all(f.ok for f in findings) else 1


def examine_all(context: CommandContext, *, notify: bool = False) -> Iterator[DoctorFinding]:
    """Examine everything, one after the other, and change nothing; with `notify` send a test notification too."""
    speech, say = context.speech, context.speech.say
    host = TrayHost(BackEndKind.NONE, "")

    def examine_tray() -> DoctorFinding:
        nonlocal host
        host = find_tray_host()
        return tray_finding(speech, host)

    yield from run_examination(speech, say("Program"), lambda: [_program_finding(context)])
    yield from run_examination(speech, say("Build"), lambda: [_build_finding(speech)])
    yield from run_examination(speech, say("Tray"), lambda: [examine_tray()])
    yield from run_examination(speech, say("Notifications"), lambda: [notifications_finding(speech, host)])
    if notify:
        send = partial(send_sample, speech, host, create_clock()().wall)
        yield from run_examination(speech, say("Test notification"), lambda: [send()], MAX_NOTIFY_SECONDS)
    yield from run_examination(speech, say("Sleep"), lambda: [sleep_finding(speech, context.places.state)])
    yield from run_examination(speech, say("Settings"), lambda: path_findings(context))
    yield from run_examination(speech, say("Site settings"), lambda: site_findings(context))
    yield from run_examination(speech, say("Certificates"), lambda: [certificates_finding(context)])
    yield from run_examination(speech, say("Proxy"), lambda: [proxy_finding(context)])
    yield from run_examination(speech, say("Hook"), lambda: hook_findings(context))
    yield from run_examination(
        speech, say("API key"), lambda: key_findings(context), EXAMINATION_TIMEOUT + PROGRAM_LIMIT
    )
    yield from run_examination(
        speech, say("Others"), lambda: crowd_findings(context, create_clock()().wall), CROWD_TIMEOUT
    )
    yield from run_examination(speech, say("Network"), lambda: _poll_findings(context), POLL_TIMEOUT)


def _poll_findings(context: CommandContext) -> Iterator[DoctorFinding]:
    """Yields the findings of one poll: network, page and probes."""
    result = poll_once(context, native=False)
    round_ = result.round
    yield _connection_finding(context.speech, round_)
    yield identity_finding(context.speech)
    yield _page_finding(context, round_)
    yield from _unlisted_findings(context, result.verdict)
    yield from (_probe_finding(context.speech, probe, round_.line) for probe in round_.probes)


def _clean_finding(finding: DoctorFinding) -> DoctorFinding:
    """Remove characters by which text from outside could control the terminal or forge lines."""
    return DoctorFinding(
        clean_text(finding.what), finding.ok, clean_text(finding.found), clean_text(finding.do)
    )


def _format_finding(speech: Translator, finding: DoctorFinding) -> str:
    mark = speech.say("ok") if finding.ok else speech.say("NOT OK")
    line = f"{mark:7} {finding.what}: {finding.found}"
    return f"{line}\n{'':7} → {finding.do}" if finding.do else line


def _build_finding(speech: Translator) -> DoctorFinding:
    return build_finding(speech, create_clock()().wall, read_build_record(), brings_python=has_own_python())


def _program_finding(context: CommandContext) -> DoctorFinding:
    say = context.speech.say
    what = say("Program")
    try:
        answer = send_request(context.places.state, {"do": "nothing"}, timeout=2.0)
    except NoAnswerError:
        return DoctorFinding(what, False, say("runs but does not answer"), say("End it and start it again."))
    except OtherComputerError as error:
        found = say("runs on another computer that shares this folder: {host}", host=error.host)
        do = say("End it there, or set OPENAI_STATUS_TRAY_HOME to a folder of this computer's own.")
        return DoctorFinding(what, False, found, do)
    except NotRunningError:
        return DoctorFinding(what, True, say("not running"))
    if answer.get("version") != __version__:
        do = say("The program was updated while it ran; restart it to finish.")
        return DoctorFinding(what, False, say("running"), do)
    return DoctorFinding(what, True, say("running"))


def _connection_finding(speech: Translator, round_: Round) -> DoctorFinding:
    connectivity = read_system_connectivity()
    system_text = (
        ""
        if connectivity is SystemConnectivity.UNKNOWN
        else " ("
        + speech.say("the system says: {word}", word=speech.say(_CONNECTIVITY_TEXTS[connectivity]))
        + ")"
    )
    if round_.line is ConnectionState.OFFLINE:
        refused = round_.page if isinstance(round_.page, Miss) and round_.page.cause.is_proxys else None
        do = speech.say("Check your connection, and the proxy: it lets nothing through.") if refused else ""
        do = _remedy_text(speech, refused) or do or speech.say("Check your connection.")
        return DoctorFinding(speech.say("Network"), False, speech.say("offline") + system_text, do)
    if round_.line is ConnectionState.PORTAL:
        do = speech.say("Open any page in your browser and sign in to the network.")
        return DoctorFinding(
            speech.say("Network"), False, speech.say("a sign-in page answers") + system_text, do
        )
    if round_.line is ConnectionState.EDGE:
        return DoctorFinding(
            speech.say("Network"), False, speech.say("Cloudflare does not answer from here") + system_text
        )
    if round_.line is ConnectionState.NOT_CHECKED and isinstance(round_.page, Miss):
        found = speech.say("could not be examined: {why}", why=_cause_text(speech, round_.page))
        return DoctorFinding(
            speech.say("Network"), False, found + system_text, _remedy_text(speech, round_.page)
        )
    return DoctorFinding(speech.say("Network"), True, speech.say("works") + system_text)


def _cause_text(speech: Translator, why: Miss) -> str:
    return cause_label(speech, why.cause, why.status, why.whereto)


def _page_finding(context: CommandContext, round_: Round) -> DoctorFinding:
    say, url = context.speech.say, context.config.page.url
    what, url = say("Status page"), safe_address(url)
    if isinstance(round_.page, PageReading):
        count = say("{count} components", count=len(round_.page.components))
        return DoctorFinding(what, True, f"{url} ({count})")
    cause = _cause_text(context.speech, round_.page) if round_.page else ""
    do = (
        _offline_remedy(context.speech, round_.line)
        or _remedy_text(context.speech, round_.page)
        or say("Look at the address in a browser; [page] url in the settings names another or a mirror.")
    )
    return DoctorFinding(what, False, f"{url}: {cause}", do)


def _unlisted_findings(context: CommandContext, verdict: Verdict) -> Iterator[DoctorFinding]:
    """Yields followed or ignored names that the page does not list, mostly because they are spelled differently."""
    speech, locked = context.speech, context.site.locked
    not_yours = speech.say("Ask whoever looks after this computer: your organisation has set it.")
    for fact in verdict.reasons:
        if fact.kind is ReasonKind.VANISHED:
            do = speech.say("Choose in the menu under Follow, or write it in follow as the page does.")
            do = not_yours if "follow" in locked else do
            yield DoctorFinding(speech.say("Follow"), False, reason_line(speech, verdict, fact), do)
        elif fact.kind is ReasonKind.IGNORED_UNKNOWN:
            do = speech.say("Write it in ignore as the page does.")
            do = not_yours if "ignore" in locked else do
            yield DoctorFinding(speech.say("Ignored"), False, reason_line(speech, verdict, fact), do)


def _probe_finding(speech: Translator, result: ProbeResult, line: ConnectionState) -> DoctorFinding:
    what = speech.say("Check of {service}", service=speech.clean_name(result.name))
    status = f"HTTP {result.status}" if result.status is not None else ""
    cause = cause_label(speech, result.cause, result.status) if result.cause is not None else ""
    found = ", ".join(
        filter(None, (status, cause, f"{result.elapsed_ms} ms" if result.elapsed_ms is not None else ""))
    )
    ok = result.outcome in {Outcome.ALIVE, Outcome.NEUTRAL, Outcome.ODD}
    do = "" if ok else _offline_remedy(speech, line)
    if result.outcome is Outcome.LOCAL and line is ConnectionState.GOOD:
        do = _remedy_text(speech, result) or speech.say(
            "This network treats it differently: a filter, a proxy or its certificate."
        )
    return DoctorFinding(what, ok, found, do)


def _remedy_text(speech: Translator, why: Miss | ProbeResult | None) -> str:
    """Say what to do about a cause on this computer; "" for any other cause."""
    if why and why.cause is Cause.PROXY and why.status == HTTPStatus.PROXY_AUTHENTICATION_REQUIRED:
        return speech.say(
            "Name the proxy with its user name and password under [network]: {example}.",
            example="http://user:password@proxy.example.com:3128",
        )
    remedy = _REMEDIES.get(why.cause) if why and why.cause else None
    return speech.say(remedy) if remedy else ""


def _offline_remedy(speech: Translator, line: ConnectionState | None) -> str:
    if line not in {ConnectionState.OFFLINE, ConnectionState.PORTAL}:
        return ""
    return speech.say("That is because this computer is not online: see above.")
