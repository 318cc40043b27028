"""Probes: the endpoints that the program requests, and what their answers mean (`docs/law.md`, law 5)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a request brought no answer, or one that cannot be read."""

    TIMEOUT = "timeout"
    DNS = "dns"
    NO_NAME_SERVICE = "names"
    """No name at all can be looked up, although the connection is good."""
    BLOCKED = "blocked"
    """A public name resolves to no public address."""
    REFUSED = "refused"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    """This computer has no route there, or may not use it."""
    TLS = "certificate"
    CLOCK = "clock"
    """Certificates fail because this computer's clock is wrong."""
    PROXY = "proxy"
    PROXY_LOGIN = "proxy_login"
    """The proxy wants a kind of login that the program cannot do, such as Negotiate or NTLM."""
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
    def is_proxys(self) -> bool:
        """Whether the proxy refused, or was not reached."""
        return self in {Cause.PROXY, Cause.PROXY_LOGIN}

    @property
    def is_own_failure(self) -> bool:
        """Whether the program or its computer could not send the request: this says nothing about any network."""
        return self in {Cause.EXHAUSTED, Cause.INTERNAL}


class AnswerFinding(StrEnum):
    """The result of the check that asks for an answer with the person's own key."""

    WHOLE = "whole"
    TRUNCATED = "truncated"
    """The answer began and then broke off or stopped: people see "Error in message stream"."""
    FAILED = "failed"
    """OpenAI reported that the answer failed."""
    SILENT = "silent"
    """Nothing came in time, or no connection could be made."""
    OVERLOADED = "overloaded"
    """The model that was asked is overloaded."""
    BUSY = "busy"
    """Too many requests: 429 for the rate."""
    ALWAYS_BUSY = "refused"
    """429 for the rate several times in a row, although hardly any requests were sent."""
    NO_CREDIT = "credit"
    """The account has no credit left."""
    KEY_REFUSED = "key"
    """OpenAI refuses the key."""
    REGION_REFUSED = "region"
    """OpenAI refuses this country or address."""
    NO_MODEL = "model"
    """The key may use no model that is cheap enough, or OpenAI refuses the request."""
    STREAMS_CUT = "streams_cut"
    """The answer comes whole in one piece but not as a stream: something on the way cuts streams."""
    NO_KEY = "no_key"
    """No key is stored, or it cannot be read now."""
    NOT_OPENAI = "elsewhere"
    """Something else answered: a portal, a proxy, another host."""
    UNCLEAR = "unclear"
    """An unforeseen end, which says nothing about OpenAI."""

    @property
    def is_worth_showing(self) -> bool:
        """Whether it is shown to the person: all but a good answer and one that says nothing."""
        return self not in {
            AnswerFinding.WHOLE,
            AnswerFinding.BUSY,
            AnswerFinding.NOT_OPENAI,
            AnswerFinding.UNCLEAR,
        }


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """The number of requests that cost money, and the tokens that OpenAI reported for them."""

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
    """How a probe's answer counts (law 5)."""

    ALIVE = "alive"
    FAILURE = "failure"
    ODD = "odd"
    """An unusual status: counts as half a failure unless this endpoint always gives it."""
    NEUTRAL = "neutral"
    """Says nothing about OpenAI: 429."""
    LOCAL = "local"
    """Trouble on this side: name look-up, no route or a blocked one, certificate, clock, proxy."""


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """An endpoint to probe and its product."""

    name: str
    """A unique name, shown to the person."""
    product: str
    """The product that the endpoint belongs to, as in `follow`."""
    url: str
    """The address to request with GET."""
    interval: float
    """Seconds between two requests on a calm day."""
    keyed: bool = False
    """Whether it asks for a streamed answer with the person's key: outside the rounds, rarely, at its own interval."""


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of one probe."""

    name: str
    product: str
    outcome: Outcome
    cause: Cause | None = None
    status: int | None = None
    elapsed_ms: int | None = None
    retry_after: float | None = None
    signed: bool = False
    """Whether the failure is an answer signed by OpenAI or its edge, and not made by the connection or a filter."""
    finding: AnswerFinding | None = None
    """The result of the streamed answer; only for a probe that is `keyed`."""
    first_ms: int | None = None
    """Milliseconds from the request to the first event of the stream."""
