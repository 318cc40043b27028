"""Is it just me? What OpenAI's page, this computer's own checks and its line say together."""

from __future__ import annotations

from collections.abc import Iterator

from trayapp.core.state.probe_round import AWAY_FROM_NET
from trayapp.core.wording.labels import cause_words, finding_words
from trayapp.core.wording.reasons import unread
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Cause, Line, Look, Outcome, ProbeResult, State, Verdict, Why
from trayapp.model.details_page import Lines, Points, Section

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
    "unknown": mark("That cannot be told while OpenAI's page cannot be read."),
    "calm": mark("If something fails for you now, it is more likely on your side: nothing points to OpenAI."),
}

_OWN_CAUSES = {
    Cause.CLOCK: "clock",
    Cause.NAMES: "names",
    Cause.EXHAUSTED: "exhausted",
    Cause.INTERNAL: "internal",
}

_LINES = {
    Line.GOOD: (State.OPERATIONAL, mark("Your connection works: other hosts answer")),
    Line.OFFLINE: (State.OFFLINE, mark("This computer has no internet connection")),
    Line.PORTAL: (State.OFFLINE, mark("A sign-in page of your network answers in everybody's place")),
    Line.EDGE: (
        State.DEGRADED,
        mark("Cloudflare does not answer from here, other hosts do: trouble at its edge near you"),
    ),
}


def blame(speech: Speech, verdict: Verdict) -> Section:
    """The answer, and the witnesses it rests on."""
    witnesses = [
        _line(speech, verdict),
        *_page(speech, verdict),
        *(_probe(speech, verdict, p) for p in verdict.probes),
        *_answers(speech, verdict),
    ]
    return Section(
        "me",
        speech.say("Is it just me?"),
        (Lines((speech.say(_CONCLUSIONS[_conclusion(verdict)]),)), Points(tuple(witnesses))),
    )


def _conclusion(verdict: Verdict) -> str:
    whys = {reason.why for reason in verdict.reasons}
    if verdict.line in {Line.OFFLINE, Line.PORTAL, Line.EDGE}:
        return verdict.line.value
    if verdict.state.is_trouble:
        return _in_trouble(verdict)
    causes = {reason.cause for reason in verdict.reasons}
    if own := next((word for cause, word in _OWN_CAUSES.items() if cause in causes), None):
        return own
    if whys & {Why.LOCAL, Why.UNREACHABLE_HERE}:
        return "local"
    if verdict.checking:
        return "checking"
    return "calm" if verdict.state.is_known else "unknown"


def _in_trouble(verdict: Verdict) -> str:
    if not verdict.confirmed:
        return "suspected"
    hit = {p.name for p in verdict.products if p.state.is_trouble}
    outcomes = {probe.outcome for probe in verdict.probes if probe.product in hit}
    if Outcome.FAILURE in outcomes:
        return "both"
    return "page" if outcomes == {Outcome.ALIVE} else "reported"


def _line(speech: Speech, verdict: Verdict) -> tuple[Look, str]:
    if verdict.line is Line.UNASKED:
        # A page that could be read proves the line; nobody asks neutral hosts then.
        if verdict.page.readable:
            return Look(State.OPERATIONAL), speech.say("Your connection works: OpenAI's page could be read")
        return Look(State.UNKNOWN), speech.say("Your connection was not asked about")
    state, text = _LINES[verdict.line]
    return Look(state), speech.say(text)


def _page(speech: Speech, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    if not verdict.page.readable:
        text = unread(speech, verdict) or speech.say(
            "OpenAI's page has not been read since this program started"
        )
        yield Look(State.UNKNOWN), text
    elif verdict.page.read_at is not None:
        time = speech.when(verdict.page.read_at, verdict.at)
        yield Look(State.OPERATIONAL), speech.say("OpenAI's page was read at {time}", time=time)


def _probe(speech: Speech, verdict: Verdict, probe: ProbeResult) -> tuple[Look, str]:
    text, state = _heard(speech, probe)
    away = verdict.line in AWAY_FROM_NET
    return Look(State.UNKNOWN if away else state), text


def _heard(speech: Speech, probe: ProbeResult) -> tuple[str, State]:
    name = speech.name(probe.name)
    status = "" if probe.status is None else speech.say("HTTP {status}", status=probe.status)
    match probe.outcome:
        case Outcome.ALIVE if probe.elapsed_ms is not None:
            text = speech.say("{service} answers, in {number} ms", service=name, number=probe.elapsed_ms)
            return _with(speech, text, status), State.OPERATIONAL
        case Outcome.ALIVE:
            text = speech.say("{service} answers", service=name)
            return _with(speech, text, status), State.OPERATIONAL
        case Outcome.NEUTRAL:
            text = speech.say("{service} gave an answer that says nothing", service=name)
            return _with(speech, text, status), State.UNKNOWN
        case Outcome.ODD:
            text = speech.say("{service} gave an unusual answer", service=name)
            return _with(speech, text, status), State.DEGRADED
        case _:
            cause = cause_words(speech, probe.cause, probe.status) if probe.cause else status
            text = speech.say("{service} does not answer", service=name)
            local = probe.outcome is Outcome.LOCAL
            return _with(speech, text, cause), State.DEGRADED if local else State.MAJOR


def _answers(speech: Speech, verdict: Verdict) -> Iterator[tuple[Look, str]]:
    """What the check with the person's key found, where it is on."""
    if verdict.answers is None:
        return
    look, text = _probe(speech, verdict, verdict.answers)
    if found := finding_words(speech, verdict.answers.finding):
        own = verdict.answers.outcome in {Outcome.LOCAL, Outcome.NEUTRAL}
        look = Look(State.UNKNOWN) if own else look
        text = speech.say("Asked with your key: {what}", what=found)
    yield look, text


def _with(speech: Speech, what: str, more: str) -> str:
    return speech.say("{what} ({more})", what=what, more=more) if more else what
