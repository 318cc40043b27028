"""Words the reasons of a verdict, one line for each."""

from __future__ import annotations

from trayapp.core.wording.labels import cause_label, finding_label, incident_title, state_label
from trayapp.core.wording.short_forms import add_audience
from trayapp.i18n.translator import Translator, mark
from trayapp.model import Cause, Reason, ReasonKind, State, Verdict

_LINES = {
    ReasonKind.PAGE_SAYS: mark("OpenAI's page says of {service}: {state}"),
    ReasonKind.INDICATOR: mark("OpenAI's page shows “{state}” for everything together and does not say why"),
    ReasonKind.UNKNOWN_STATUS: mark("OpenAI's page calls {service} {word}, a status never heard before"),
    ReasonKind.ANSWERS_AGAIN: mark(
        "{service}: answers again from here since {time}; OpenAI has not said it is over"
    ),
    ReasonKind.NOT_POSTED: mark("OpenAI has posted nothing about {service}"),
    ReasonKind.NEVER_READ: mark("OpenAI's page has not been read since this program started"),
    ReasonKind.UNREACHABLE_HERE: mark(
        "{service} cannot be reached from here, and never was on this network: it may be your network or them"
    ),
    ReasonKind.OFFLINE: mark("This computer has no internet connection"),
    ReasonKind.PORTAL: mark("Your network answers every request with a sign-in page"),
    ReasonKind.EDGE: mark(
        "Cloudflare does not answer from here, other hosts do: trouble at its edge near you"
    ),
    ReasonKind.KEY_CHECK: mark("Asked with your key: {what}"),
    ReasonKind.PEOPLE_REPORT_TOO: mark("Other people report problems with {service} too, since {time}"),
    ReasonKind.REPORTS_LAST: mark("Other people have reported problems with {service} since {time}"),
    ReasonKind.REPORTS_FALL: mark("Other people's reports on {service} have been falling since {time}"),
    ReasonKind.VANISHED: mark("You follow {service}, but OpenAI's page does not list it"),
    ReasonKind.IGNORED: mark("You ignore {service}; OpenAI's page says of it: {state}"),
    ReasonKind.IGNORED_UNKNOWN: mark(
        "You ignore {service}, which OpenAI's page does not list; the nearest that it lists is {word}"
    ),
}


def reason_lines(speech: Translator, verdict: Verdict) -> tuple[str, ...]:
    """Returns one line for each reason, in the verdict's order."""
    return tuple(reason_line(speech, verdict, r) for r in verdict.reasons)


def reason_line(speech: Translator, verdict: Verdict, fact: Reason) -> str:  # noqa: PLR0911 - one for each kind
    """Words one fact behind a verdict, as a sentence without its full stop."""
    match fact.kind:
        case ReasonKind.PROBES_FAILED | ReasonKind.PROBES_FINE:
            return _probe_line(speech, verdict, fact)
        case ReasonKind.PAGE_UNREADABLE:
            return page_unread_line(speech, verdict)
        case ReasonKind.OLD_COPY:
            return speech.say(
                "A cache gave an old copy of OpenAI's page, of {time}",
                time=speech.time_text(fact.since or verdict.at, verdict.at),
            )
        case ReasonKind.LOCAL_CAUSE:
            return _local_line(speech, fact)
        case ReasonKind.INCIDENT:
            return _incident_line(speech, verdict, fact)
        case ReasonKind.PEOPLE_REPORT:
            return people_line(speech, fact.subject, has_checks=fact.total > 0)
        case _:
            state = state_label(speech, fact.state or State.UNKNOWN)
            service, word = speech.clean_name(fact.subject), speech.quote(fact.word, 40)
            time = speech.time_text(fact.since or verdict.at, verdict.at)
            found = finding_label(speech, fact.finding)
            return speech.say(
                _LINES[fact.kind], service=service, state=state, word=word, time=time, what=found
            )


def people_line(speech: Translator, product: str, *, has_checks: bool) -> str:
    """Says that many other people report trouble, and that nothing else shows it."""
    service = speech.clean_name(product)
    if has_checks:
        return speech.say(
            "People report problems with {service}; OpenAI has posted nothing, and the checks from this computer are fine",
            service=service,
        )
    return speech.say("People report problems with {service}; OpenAI has posted nothing", service=service)


def page_unread_line(speech: Translator, verdict: Verdict, *, dated: bool = True) -> str:
    """Says that the page could not be read, since when (if `dated`) and why; empty if it could be read."""
    miss = verdict.page.last_miss
    last = Reason(ReasonKind.PAGE_UNREADABLE, cause=miss.cause, status=miss.status) if miss else None
    fact = next((r for r in verdict.reasons if r.kind is ReasonKind.PAGE_UNREADABLE), last)
    if fact is None:
        return ""
    what = speech.add_since(
        speech.say("Could not read OpenAI's page"), fact.since if dated else None, verdict.at
    )
    if fact.cause is None:
        return what
    whereto = miss.whereto if miss and miss.cause is fact.cause else ""
    cause = cause_label(speech, fact.cause, fact.status, whereto)
    return speech.say("{what}: {cause}", what=what, cause=cause)


def _probe_line(speech: Translator, verdict: Verdict, fact: Reason) -> str:
    service = speech.clean_name(fact.subject)
    if fact.kind is ReasonKind.PROBES_FINE:
        return speech.say_many(
            "{service}: the last check from this computer was fine",
            "{service}: the last {total} checks from this computer were fine",
            fact.total,
            service=service,
            total=fact.total,
        )
    failed = speech.say_many(
        "{service}: {count} of {total} check from this computer failed",
        "{service}: {count} of {total} checks from this computer failed",
        fact.total,
        service=service,
        count=fact.count,
        total=fact.total,
    )
    return speech.add_since(failed, fact.since, verdict.at)


def _local_line(speech: Translator, fact: Reason) -> str:
    cause = cause_label(speech, fact.cause or Cause.UNREACHABLE, fact.status)
    if _is_own_cause(fact.cause):
        return speech.say(
            "{service} cannot be reached from this computer: {cause}",
            service=speech.clean_name(fact.subject),
            cause=cause,
        )
    return speech.say(
        "{service} cannot be reached from this computer ({cause}): that is your network, not OpenAI",
        service=speech.clean_name(fact.subject),
        cause=cause,
    )


def _is_own_cause(cause: Cause | None) -> bool:
    """Whether the cause lies in this computer or this program, and not in a network on the way to OpenAI."""
    return cause is not None and (cause.is_own_failure or cause in {Cause.CLOCK, Cause.NO_NAME_SERVICE})


def _incident_line(speech: Translator, verdict: Verdict, fact: Reason) -> str:
    incident = verdict.find_incident(fact.subject)
    if incident is None:
        return speech.say("OpenAI has posted an incident")
    posted = speech.say("OpenAI has posted {incident}", incident=incident_title(speech, incident))
    posted = add_audience(speech, posted, verdict.audiences.get(incident.id, ()))
    if incident.updated_at is None:
        return posted
    return speech.say(
        "{posted}, last update {time}", posted=posted, time=speech.time_text(incident.updated_at, verdict.at)
    )
