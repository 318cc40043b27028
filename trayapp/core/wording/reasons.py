"""Why: one line for each reason of a verdict."""

from __future__ import annotations

from trayapp.core.wording.labels import cause_words, finding_words, state_words, titled
from trayapp.core.wording.short_forms import says_only
from trayapp.i18n.translator import Speech, mark
from trayapp.model import Cause, Reason, State, Verdict, Why

_LINES = {
    Why.PAGE_SAYS: mark("OpenAI's page says of {service}: {state}"),
    Why.INDICATOR: mark("OpenAI's page shows “{state}” for everything together and does not say why"),
    Why.NEW_WORD: mark("OpenAI's page calls {service} {word}, a status never heard before"),
    Why.ANSWERS_AGAIN: mark(
        "{service}: answers again from here since {time}; OpenAI has not said it is over"
    ),
    Why.NOT_POSTED: mark("OpenAI has posted nothing about {service}"),
    Why.NEVER_READ: mark("OpenAI's page has not been read since this program started"),
    Why.UNREACHABLE_HERE: mark(
        "{service} cannot be reached from here, and never was on this network: it may be your network or them"
    ),
    Why.OFFLINE: mark("This computer has no internet connection"),
    Why.PORTAL: mark("A sign-in page of your network answers in everybody's place"),
    Why.EDGE: mark("Cloudflare does not answer from here, other hosts do: trouble at its edge near you"),
    Why.ANSWERS: mark("Asked with your key: {what}"),
    Why.VANISHED: mark("You follow {service}, but OpenAI's page does not list it"),
    Why.IGNORED: mark("You ignore {service}; OpenAI's page says of it: {state}"),
    Why.IGNORED_UNKNOWN: mark(
        "You ignore {service}, which OpenAI's page does not list; the nearest that it lists is {word}"
    ),
}


def reasons(speech: Speech, verdict: Verdict) -> tuple[str, ...]:
    """One line for each reason, in the verdict's order."""
    return tuple(reason(speech, verdict, r) for r in verdict.reasons)


def reason(speech: Speech, verdict: Verdict, fact: Reason) -> str:
    """One fact behind a verdict, as a sentence without its full stop."""
    match fact.why:
        case Why.PROBES_FAILED | Why.PROBES_FINE:
            return _probes(speech, verdict, fact)
        case Why.PAGE_UNREADABLE:
            return unread(speech, verdict)
        case Why.OLD_COPY:
            return speech.say(
                "A cache gave an old copy of OpenAI's page, of {time}",
                time=speech.when(fact.since or verdict.at, verdict.at),
            )
        case Why.LOCAL:
            return _local(speech, fact)
        case Why.INCIDENT:
            return _incident(speech, verdict, fact)
        case _:
            state = state_words(speech, fact.state or State.UNKNOWN)
            service, word = speech.name(fact.who), speech.quoted(fact.word, 40)
            time = speech.when(fact.since or verdict.at, verdict.at)
            found = finding_words(speech, fact.finding)
            return speech.say(
                _LINES[fact.why], service=service, state=state, word=word, time=time, what=found
            )


def unread(speech: Speech, verdict: Verdict, *, dated: bool = True) -> str:
    """That the page could not be read, since when (if `dated`) and why; empty when it could."""
    miss = verdict.page.why
    last = Reason(Why.PAGE_UNREADABLE, cause=miss.cause, status=miss.status) if miss else None
    fact = next((r for r in verdict.reasons if r.why is Why.PAGE_UNREADABLE), last)
    if fact is None:
        return ""
    what = speech.since(speech.say("Could not read OpenAI's page"), fact.since if dated else None, verdict.at)
    if fact.cause is None:
        return what
    whereto = miss.whereto if miss and miss.cause is fact.cause else ""
    cause = cause_words(speech, fact.cause, fact.status, whereto)
    return speech.say("{what}: {cause}", what=what, cause=cause)


def _probes(speech: Speech, verdict: Verdict, fact: Reason) -> str:
    service = speech.name(fact.who)
    if fact.why is Why.PROBES_FINE:
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
    return speech.since(failed, fact.since, verdict.at)


def _local(speech: Speech, fact: Reason) -> str:
    cause = cause_words(speech, fact.cause or Cause.UNREACHABLE, fact.status)
    if _is_this_computers(fact.cause):
        return speech.say(
            "{service} cannot be reached from this computer: {cause}",
            service=speech.name(fact.who),
            cause=cause,
        )
    return speech.say(
        "{service} cannot be reached from this computer ({cause}): that is your network, not OpenAI",
        service=speech.name(fact.who),
        cause=cause,
    )


def _is_this_computers(cause: Cause | None) -> bool:
    """Whether it is this computer's trouble, or this program's, and no network's way to OpenAI."""
    return cause is not None and (cause.is_ours or cause in {Cause.CLOCK, Cause.NAMES})


def _incident(speech: Speech, verdict: Verdict, fact: Reason) -> str:
    incident = verdict.incident(fact.who)
    if incident is None:
        return speech.say("OpenAI has posted an incident")
    posted = speech.say("OpenAI has posted {incident}", incident=titled(speech, incident))
    posted = says_only(speech, posted, verdict.only.get(incident.id, ()))
    if incident.updated_at is None:
        return posted
    return speech.say(
        "{posted}, last update {time}", posted=posted, time=speech.when(incident.updated_at, verdict.at)
    )
