"""Names states, stages, causes, findings and incidents in the person's language."""

from __future__ import annotations

from trayapp.i18n.translator import Translator, mark
from trayapp.model import AnswerFinding, Cause, Incident, Stage, State

_STATES = {
    State.OPERATIONAL: mark("Operational"),
    State.MAINTENANCE: mark("Under maintenance"),
    State.DEGRADED: mark("Degraded performance"),
    State.PARTIAL: mark("Partial outage"),
    State.MAJOR: mark("Major outage"),
    State.UNKNOWN: mark("Status unknown"),
    State.OFFLINE: mark("You're offline"),
}

_STAGES = {
    Stage.INVESTIGATING: mark("Investigating"),
    Stage.IDENTIFIED: mark("Cause identified"),
    Stage.MONITORING: mark("Fix applied, monitoring"),
    Stage.RESOLVED: mark("Resolved"),
    Stage.SCHEDULED: mark("Scheduled"),
    Stage.IN_PROGRESS: mark("In progress"),
    Stage.VERIFYING: mark("Verifying"),
    Stage.COMPLETED: mark("Completed"),
}

_CAUSES = {
    Cause.TIMEOUT: mark("no answer in time"),
    Cause.DNS: mark("name look-up failed"),
    Cause.NO_NAME_SERVICE: mark("names cannot be looked up here"),
    Cause.BLOCKED: mark("its name is blocked here"),
    Cause.REFUSED: mark("connection refused"),
    Cause.RESET: mark("the connection was lost"),
    Cause.UNREACHABLE: mark("the server cannot be reached"),
    Cause.TLS: mark("certificate not trusted"),
    Cause.CLOCK: mark("this computer's clock is wrong"),
    Cause.PROXY: mark("the proxy does not let it through"),
    Cause.PROXY_LOGIN: mark("the proxy wants a login that is not supported (Negotiate or NTLM)"),
    Cause.STATUS: mark("HTTP status {status}"),
    Cause.REDIRECT: mark("redirected to another place"),
    Cause.HTML: mark("a web page came instead of data"),
    Cause.TRUNCATED: mark("the answer was cut short"),
    Cause.TOO_BIG: mark("the answer was too large"),
    Cause.FORMAT: mark("format changed"),
    Cause.PROTOCOL: mark("the answer was not proper HTTP"),
    Cause.EXHAUSTED: mark("this program is out of open files, threads or memory"),
    Cause.INTERNAL: mark("a fault in this program"),
}

_FINDINGS = {
    AnswerFinding.TRUNCATED: mark("answers break off (“Error in message stream”)"),
    AnswerFinding.FAILED: mark("answers fail"),
    AnswerFinding.SILENT: mark("no answer comes in time"),
    AnswerFinding.OVERLOADED: mark("the model that is asked is overloaded"),
    AnswerFinding.ALWAYS_BUSY: mark("your requests are refused (429), though hardly anything was asked"),
    AnswerFinding.NO_CREDIT: mark("your credit is used up: this is not an outage"),
    AnswerFinding.KEY_REFUSED: mark("OpenAI refuses your key"),
    AnswerFinding.REGION_REFUSED: mark("OpenAI does not answer your country or address"),
    AnswerFinding.NO_MODEL: mark("your key may use no model that is cheap enough to ask"),
    AnswerFinding.STREAMS_CUT: mark("something between you and OpenAI cuts streams off, a proxy perhaps"),
    AnswerFinding.NO_KEY: mark("there is no key to ask with"),
}
"""The findings that are worth a line; the others have no text."""

_WANTS_LOGIN = 407

INCIDENT_UNITS = 90
"""The most UTF-16 units that an incident's name may take in a sentence."""


def state_label(speech: Translator, state: State) -> str:
    """Returns a state's name."""
    return speech.say(_STATES[state])


def incident_stage_label(speech: Translator, incident: Incident) -> str:
    """Returns the name of an incident's stage."""
    return stage_label(speech, incident.stage, incident.stage_word)


def stage_label(speech: Translator, stage: Stage, word: str) -> str:
    """Returns a stage's name; for an unknown stage, `word` as the page spelled it."""
    known = _STAGES.get(stage)
    return speech.say(known) if known else speech.clean_name(word)


def cause_label(speech: Translator, cause: Cause, status: int | None = None, whereto: str = "") -> str:
    """Says why an answer did not come or could not be read."""
    if cause is Cause.REDIRECT and whereto:
        return speech.say("redirected to {place}", place=speech.clean_name(whereto))
    if cause is Cause.PROXY and status == _WANTS_LOGIN:
        return speech.say("the proxy wants a user name and a password")
    if status is None and cause is Cause.STATUS:
        return speech.say("an HTTP error")
    return speech.say(_CAUSES[cause], status=status or "")


def finding_label(speech: Translator, finding: AnswerFinding | None) -> str:
    """Says how the check with the person's key ended; empty if that is not worth a line."""
    return speech.say(_FINDINGS[finding]) if finding in _FINDINGS else ""


def incident_title(speech: Translator, incident: Incident, most: int = INCIDENT_UNITS) -> str:
    """Returns an incident's name, quoted within `most` UTF-16 units, with its stage."""
    name = speech.quote(incident.name, most)
    return speech.say("{name} ({stage})", name=name, stage=incident_stage_label(speech, incident))
