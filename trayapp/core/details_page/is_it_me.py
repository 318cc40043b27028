"""Answers "Is it just me?" from OpenAI's page, this computer's probes and its connection."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.state.probe_round import NO_INTERNET
from trayapp.core.wording.labels import cause_label, finding_label
from trayapp.core.wording.reasons import page_unread_line
from trayapp.i18n.translator import Translator, mark
from trayapp.model import Cause, ConnectionState, Look, Outcome, ProbeResult, ReasonKind, State, Verdict
from trayapp.model.details_page import BulletList, Paragraphs, Section

_CONCLUSIONS = {
    "offline": mark("It is your own connection. Whether OpenAI works cannot be seen from here."),
    "portal": mark("It is your network: it asks you to sign in first."),
    "edge": mark(
        "It is neither you nor OpenAI alone: Cloudflare, which stands before OpenAI, fails near you."
    ),
    "clock": mark("It is this computer: its clock is wrong, so it cannot trust any certificate."),
    "names": mark("It is your network: names cannot be looked up here."),
    "exhausted": mark("It is this computer: this program is out of open files, threads or memory."),
    "internal": mark("It is this program: a fault in it kept it from asking."),
    "local": mark("It is probably your network: only the way from here to OpenAI is blocked."),
    "both": mark("It is not just you: OpenAI reports it, and this computer sees it too."),
    "page": mark(
        "It is not just you: OpenAI reports it. But the checks from here are answered, so you may be spared."
    ),
    "reported": mark("It is not just you: OpenAI reports it."),
    "suspected": mark(
        "Probably not: your connection works, but OpenAI does not answer and has posted nothing yet."
    ),
    "checking": mark("Too early to say: a check failed and is being repeated."),
    "unknown": mark("That cannot be determined while OpenAI's page cannot be read."),
    "people": mark(
        "Perhaps not: many other people report problems, but OpenAI has posted nothing and nothing fails from here."
    ),
    "calm": mark("If something fails for you now, it is more likely on your side: nothing points to OpenAI."),
}

_OWN_CAUSES = {
    Cause.CLOCK: "clock",
    Cause.NO_NAME_SERVICE: "names",
    Cause.EXHAUSTED: "exhausted",
    Cause.INTERNAL: "internal",
}

_CONNECTION_TEXTS = {
    ConnectionState.GOOD: (State.OPERATIONAL, mark("Your connection works: other hosts answer")),
    ConnectionState.OFFLINE: (State.OFFLINE, mark("This computer has no internet connection")),
    ConnectionState.PORTAL: (
        State.OFFLINE,
        mark("Your network answers every request with a sign-in page"),
    ),
    ConnectionState.EDGE: (
        State.DEGRADED,
        mark("Cloudflare does not answer from here, other hosts do: trouble at its edge near you"),
    ),
}


def just_me_section(speech: Translator, verdict: Verdict) -> Section:
    """Builds the section with the answer and the evidence for it."""
    witnesses = [
        _connection_point(speech, verdict),
        *_page_points(speech, verdict),
        *(_probe_point(speech, verdict, p) for p in verdict.probes),
        *_key_check_points(speech, verdict),
        *_people_points(speech, verdict),
    ]
    return Section(
        "me",
        speech.say("Is it just me?"),
        (Paragraphs((speech.say(_CONCLUSIONS[_conclusion_key(verdict)]),)), BulletList(tuple(witnesses))),
    )


def _conclusion_key(verdict: Verdict) -> str:
    whys = {reason.kind for reason in verdict.reasons}
    if verdict.connection in {ConnectionState.OFFLINE, ConnectionState.PORTAL, ConnectionState.EDGE}:
        return verdict.connection.value
    if verdict.state.is_trouble:
        return _trouble_conclusion_key(verdict)
    causes = {reason.cause for reason in verdict.reasons}
    if own := next((word for cause, word in _OWN_CAUSES.items() if cause in causes), None):
        return own
    if whys & {ReasonKind.LOCAL_CAUSE, ReasonKind.UNREACHABLE_HERE}:
        return "local"
    if verdict.checking:
        return "checking"
    calm = "people" if verdict.is_reported_by_people else "calm"
    return calm if verdict.state.is_known else "unknown"


def _trouble_conclusion_key(verdict: Verdict) -> str:
    if not verdict.confirmed:
        return "suspected"
    hit = {p.name for p in verdict.products if p.state.is_trouble}
    outcomes = {probe.outcome for probe in verdict.probes if probe.product in hit}
    if Outcome.FAILURE in outcomes:
        return "both"
    return "page" if outcomes == {Outcome.ALIVE} else "reported"


def _connection_point(speech: Translator, verdict: Verdict) -> tuple[Look, str]:
    if verdict.connection is ConnectionState.NOT_CHECKED:
        # A page that could be read proves the connection; the program asks no neutral hosts then.
        if verdict.page.readable:
            return Look(State.OPERATIONAL), speech.say("Your connection works: OpenAI's page could be read")
        return Look(State.UNKNOWN), speech.say("Your connection was not checked")
    state, text = _CONNECTION_TEXTS[verdict.connection]
    return Look(state), speech.say(text)


def _page_points(speech: Translator, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    if not verdict.page.readable:
        text = page_unread_line(speech, verdict) or speech.say(
            "OpenAI's page has not been read since this program started"
        )
        yield Look(State.UNKNOWN), text
    elif verdict.page.read_at is not None:
        time = speech.time_text(verdict.page.read_at, verdict.at)
        yield Look(State.OPERATIONAL), speech.say("OpenAI's page was read at {time}", time=time)


def _probe_point(speech: Translator, verdict: Verdict, probe: ProbeResult) -> tuple[Look, str]:
    text, state = _probe_text(speech, probe)
    away = verdict.connection in NO_INTERNET
    return Look(State.UNKNOWN if away else state), text


def _probe_text(speech: Translator, probe: ProbeResult) -> tuple[str, State]:
    name = speech.clean_name(probe.name)
    status = "" if probe.status is None else speech.say("HTTP {status}", status=probe.status)
    match probe.outcome:
        case Outcome.ALIVE if probe.elapsed_ms is not None:
            text = speech.say("{service} answers, in {number} ms", service=name, number=probe.elapsed_ms)
            return _add_remark(speech, text, status), State.OPERATIONAL
        case Outcome.ALIVE:
            text = speech.say("{service} answers", service=name)
            return _add_remark(speech, text, status), State.OPERATIONAL
        case Outcome.NEUTRAL:
            text = speech.say("{service} gave an answer that says nothing", service=name)
            return _add_remark(speech, text, status), State.UNKNOWN
        case Outcome.ODD:
            text = speech.say("{service} gave an unusual answer", service=name)
            return _add_remark(speech, text, status), State.DEGRADED
        case _:
            cause = cause_label(speech, probe.cause, probe.status) if probe.cause else status
            text = speech.say("{service} does not answer", service=name)
            local = probe.outcome is Outcome.LOCAL
            return _add_remark(speech, text, cause), State.DEGRADED if local else State.MAJOR


def _key_check_points(speech: Translator, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    """Yields the result of the check with the person's key, if that is on."""
    if verdict.key_check is None:
        return
    look, text = _probe_point(speech, verdict, verdict.key_check)
    if found := finding_label(speech, verdict.key_check.finding):
        own = verdict.key_check.outcome in {Outcome.LOCAL, Outcome.NEUTRAL}
        look = Look(State.UNKNOWN) if own else look
        text = speech.say("Asked with your key: {what}", what=found)
    yield look, text


def _people_points(speech: Translator, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    """Yields what other people report, if somebody asks for it."""
    if verdict.crowd is None:
        return
    from trayapp.core.details_page.crowd import people_points  # loaded late: few people ask for it

    yield from people_points(speech, verdict.crowd, verdict.at)


def _add_remark(speech: Translator, what: str, more: str) -> str:
    return speech.say("{what} ({more})", what=what, more=more) if more else what
