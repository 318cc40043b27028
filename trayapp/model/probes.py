"""Health endpoints: what is asked of them, and what an answer means."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why an answer could not be had or read."""

    TIMEOUT = "timeout"
    DNS = "dns"
    NO_NAME_SERVICE = "names"
    """No name at all can be looked up, though the line is good."""
    BLOCKED = "blocked"
    """A public name leads to no public address."""
    REFUSED = "refused"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    """This computer itself has no way there, or is not allowed to go it."""
    TLS = "certificate"
    CLOCK = "clock"
    """Certificates fail because this computer's clock is wrong."""
    PROXY = "proxy"
    STATUS = "status"
    REDIRECT = "redirect"
    HTML = "html"
    TRUNCATED = "truncated"
    TOO_BIG = "too_big"
    FORMAT = "format"
    PROTOCOL = "protocol"
    EXHAUSTED = "exhausted"
    """This computer gives the program no more files, threads or memory."""
    INTERNAL = "internal"

    @property
    def is_own_failure(self) -> bool:
        """Whether the program itself or its computer could not ask: it says nothing about any network."""
        return self in {Cause.EXHAUSTED, Cause.INTERNAL}


class AnswerFinding(StrEnum):
    """What became of an answer that was asked for with the person's own key."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    """It began and broke off, or fell silent: what people see as "Error in message stream"."""
    FAILED = "failed"
    """OpenAI said that it failed."""
    SILENT = "silent"
    """Nothing came in time, or the connection could not be had."""
    OVERLOADED = "overloaded"
    """The one model that was asked is short of room."""
    BUSY = "busy"
    """Asked too often: 429 by rate."""
    ALWAYS_BUSY = "refused"
    """429 by rate several times in a row, though hardly anything was asked."""
    NO_CREDIT = "credit"
    """The account has none left."""
    KEY_REFUSED = "key"
    """OpenAI does not take the key."""
    REGION_REFUSED = "region"
    """Not from this country or address."""
    NO_MODEL = "model"
    """The key may use no model that is cheap enough, or what is asked is refused."""
    STREAMS_CUT = "streams_cut"
    """Whole when asked in one piece: something on the way cuts streams."""
    NO_KEY = "no_key"
    """None is stored, or it cannot be had now."""
    NOT_OPENAI = "elsewhere"
    """Somebody else answered: a portal, a proxy, another host."""
    UNCLEAR = "unclear"
    """It ended as nobody foresaw; it says nothing."""

    @property
    def is_worth_showing(self) -> bool:
        """Whether a person is told of it: all but a good answer and what says nothing."""
        return self not in {
            AnswerFinding.WHOLE,
            AnswerFinding.BUSY,
            AnswerFinding.NOT_OPENAI,
            AnswerFinding.UNCLEAR,
        }


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """Requests that cost, and the tokens that they took by the usage that came back."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: KeyUsage) -> KeyUsage:
        return KeyUsage(
            self.requests + other.requests,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )


class Outcome(StrEnum):
    """What a probe's answer means (law 5)."""

    ALIVE = "alive"
    FAILURE = "failure"
    ODD = "odd"
    """An answer with an unusual status: half a failure, unless this endpoint always gives it."""
    NEUTRAL = "neutral"
    """It says nothing: 429."""
    LOCAL = "local"
    """Our own trouble: name look-up, no way or a blocked one, certificate, clock, proxy."""


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """A health endpoint and the product it speaks for."""

    name: str
    """A name of its own, shown to the person."""
    product: str
    """The product that it speaks for, as in `follow`."""
    url: str
    """The address that is asked, with GET."""
    interval: float
    """The time between two requests on a calm day."""
    keyed: bool = False
    """Asked with the person's key for a streamed answer: beside the rounds, seldom, by a rhythm of its own."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe got."""

    name: str
    product: str
    outcome: Outcome
    cause: Cause | None = None
    status: int | None = None
    elapsed_ms: int | None = None
    retry_after: float | None = None
    signed: bool = False
    """The failure is an answer that OpenAI or its edge signed, so no line and no filter made it."""
    finding: AnswerFinding | None = None
    """What became of the streamed answer; only of a probe that is `keyed`."""
    first_ms: int | None = None
    """From asking to the first event of the stream."""
