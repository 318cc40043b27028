"""The check with a key on a real server: each line of what may be seen, and what is made of it."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.sources.answers.gateway import (
    BEGUN,
    CHAT_DELTA,
    CHAT_FINISHED,
    COMPLETED,
    CREATED,
    DELTA,
    DONE,
    GOOD,
    JSON,
    Gateway,
    Reply,
    event,
    failure,
    incomplete,
    listing,
    refusal,
)
from trayapp.model import AnswerFinding, Cause, KeyUsage, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.answers.check import AnswerCheck, CheckTarget
from trayapp.sources.answers.dialects import ApiDialect
from trayapp.sources.answers.models import choose_model
from trayapp.sources.answers.stream import StreamTimeouts
from trayapp.sources.http import HttpClient

KEY = "sk-test-0123456789abcdef"
SPEC = ProbeSpec("Answers", "APIs", "https://api.openai.com/v1", 900.0, keyed=True)
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
WAITS = StreamTimeouts(head=1.0, first_event=1.4, silence=0.8, total=2.5)
"""A tenth of a person's and less, so that nobody waits for them."""


class Person:
    """A key, a clock, and what the checks have cost."""

    def __init__(
        self, gateway: Gateway, api: ApiDialect = ApiDialect.RESPONSES, model: str = "gpt-6-luna"
    ) -> None:
        self.key: Callable[[], str | None] = lambda: KEY
        self.now = NOON
        self.spent = KeyUsage()
        self.check = AnswerCheck(
            SPEC,
            CheckTarget(gateway.base, api, model, WAITS),
            self._key,
            lambda: HttpClient(user_agent="test"),
            lambda: self.now,
        )

    def ask(self, *, streamed_here: bool = True) -> ProbeResult:
        """Ask once."""
        return self.check.run(self._spend, streamed_here=streamed_here)

    def _key(self) -> str | None:
        return self.key()

    def _spend(self, spent: KeyUsage) -> None:
        self.spent += spent


def once(reply: Reply, api: ApiDialect = ApiDialect.RESPONSES) -> ProbeResult:
    """What one check makes of one reply."""
    with Gateway([reply]).running() as gateway:
        return Person(gateway, api).ask()


ERROR = event("error", code="server_error", message="no")
HEAD = (("retry-after", "120"),)
LINES: dict[str, tuple[Reply, AnswerFinding, Outcome]] = {
    "completed": (Reply(pieces=GOOD), AnswerFinding.WHOLE, Outcome.ALIVE),
    "all tokens used": (
        Reply(pieces=(*BEGUN, incomplete("max_output_tokens"))), AnswerFinding.WHOLE, Outcome.ALIVE),
    "filtered": (Reply(pieces=(*BEGUN, incomplete("content_filter"))), AnswerFinding.WHOLE, Outcome.ALIVE),
    "incomplete for a new reason": (
        Reply(pieces=(*BEGUN, incomplete("moonlight"))), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "ends without an end": (Reply(pieces=BEGUN), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "breaks off": (Reply(pieces=BEGUN, cut=True), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "an empty stream": (Reply(), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "breaks off before the first event": (Reply(cut=True), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "falls silent": (Reply(pieces=BEGUN, hangs=True), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "only comments after it began": (
        Reply(pieces=(*BEGUN, *[b": ping\n\n"] * 9), pause=0.1, hangs=True),
        AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "an event now and then, without end": (
        Reply(pieces=(DELTA,), pause=0.2, forever=True), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "[DONE] alone": (Reply(pieces=(*BEGUN, DONE)), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "failed by the server": (Reply(pieces=(*BEGUN, failure("server_error"))), AnswerFinding.FAILED, Outcome.FAILURE),
    "failed overloaded": (
        Reply(pieces=(CREATED, failure("server_is_overloaded"))), AnswerFinding.FAILED, Outcome.FAILURE),
    "failed without a code": (Reply(pieces=(CREATED, failure(None))), AnswerFinding.FAILED, Outcome.FAILURE),
    "an error in the stream": (Reply(pieces=(*BEGUN, ERROR)), AnswerFinding.FAILED, Outcome.FAILURE),
    "an error of an unknown code": (
        Reply(pieces=(event("error", code="invalid_prompt"),)), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "failed by rate": (
        Reply(pieces=(CREATED, failure("rate_limit_exceeded"))), AnswerFinding.BUSY, Outcome.NEUTRAL),
    "failed by pace": (Reply(pieces=(CREATED, failure("slow_down"))), AnswerFinding.BUSY, Outcome.NEUTRAL),
    "no head": (Reply(head_after=9), AnswerFinding.SILENT, Outcome.FAILURE),
    "no first event": (Reply(hangs=True), AnswerFinding.SILENT, Outcome.FAILURE),
    "one byte a while": (
        Reply(pieces=[bytes([one]) for one in CREATED], pause=0.1), AnswerFinding.SILENT, Outcome.FAILURE),
    "500": (refusal(500, "server_error"), AnswerFinding.FAILED, Outcome.FAILURE),
    "503": (refusal(503), AnswerFinding.FAILED, Outcome.FAILURE),
    "502 with a page": (
        Reply(502, "text/html", (b"<h1>Bad gateway</h1>",)), AnswerFinding.FAILED, Outcome.FAILURE),
    "503 overloaded": (refusal(503, "server_is_overloaded"), AnswerFinding.OVERLOADED, Outcome.ODD),
    "503 overloaded by its type": (
        refusal(503, None, "service_unavailable_error"), AnswerFinding.OVERLOADED, Outcome.ODD),
    "401": (refusal(401, "invalid_api_key"), AnswerFinding.KEY_REFUSED, Outcome.LOCAL),
    "403 by country": (
        refusal(403, "unsupported_country_region_territory"), AnswerFinding.REGION_REFUSED, Outcome.LOCAL),
    "403 by address": (refusal(403, "ip_not_authorized"), AnswerFinding.REGION_REFUSED, Outcome.LOCAL),
    "403 for want of rights": (refusal(403, "missing_scope"), AnswerFinding.KEY_REFUSED, Outcome.LOCAL),
    "403 with a challenge": (
        Reply(403, "text/html", (b"<h1>Just a moment</h1>",)), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "404": (refusal(404, "model_not_found"), AnswerFinding.NO_MODEL, Outcome.LOCAL),
    "400": (refusal(400, "integer_below_min_value"), AnswerFinding.NO_MODEL, Outcome.LOCAL),
    "429 without credit": (refusal(429, "insufficient_quota"), AnswerFinding.NO_CREDIT, Outcome.LOCAL),
    "429 without balance": (
        refusal(429, "credit_balance_exhausted", "insufficient_quota"), AnswerFinding.NO_CREDIT, Outcome.LOCAL),
    "429 without balance by its type": (refusal(429, None, "insufficient_quota"), AnswerFinding.NO_CREDIT, Outcome.LOCAL),
    "429 by a limit of money": (refusal(429, "billing_hard_limit_reached"), AnswerFinding.NO_CREDIT, Outcome.LOCAL),
    "429 by rate": (refusal(429, "rate_limit_exceeded"), AnswerFinding.BUSY, Outcome.NEUTRAL),
    "429 by pace": (refusal(429, "slow_down"), AnswerFinding.BUSY, Outcome.NEUTRAL),
    "429 without a word": (Reply(429, "text/plain", (b"no",)), AnswerFinding.BUSY, Outcome.NEUTRAL),
    "a page with 200": (Reply(kind="text/html", pieces=(b"<h1>Log in</h1>",)), AnswerFinding.NOT_OPENAI, Outcome.LOCAL),
    "a portal": (Reply(511, "text/html", (b"<h1>Log in</h1>",)), AnswerFinding.NOT_OPENAI, Outcome.LOCAL),
    "another host": (
        Reply(302, headers=(("location", "http://login.example/"),)), AnswerFinding.NOT_OPENAI, Outcome.LOCAL),
    "JSON that is no answer": (Reply(kind=JSON, pieces=(b'{"ok": true}',)), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "one piece in spite of all": (
        Reply(kind=JSON, pieces=(b'{"object": "response", "status": "completed"}',)), AnswerFinding.WHOLE, Outcome.ALIVE),
    "a stream of what is no JSON": (Reply(pieces=(b"data: {\n\n", b"data: [1]\n\n")), AnswerFinding.TRUNCATED, Outcome.FAILURE),
    "an unknown event": (
        Reply(pieces=(CREATED, event("response.dreamt"), COMPLETED)), AnswerFinding.WHOLE, Outcome.ALIVE),
    "comments in between": (Reply(pieces=(b": ping\n\n", CREATED, b": ping\n\n", COMPLETED)), AnswerFinding.WHOLE, Outcome.ALIVE),
    "carriage returns": (
        Reply(pieces=[one.replace(b"\n", b"\r\n") for one in GOOD]), AnswerFinding.WHOLE, Outcome.ALIVE),
    "cut within letters": (
        Reply(pieces=[bytes([one]) for one in b"".join(GOOD)]), AnswerFinding.WHOLE, Outcome.ALIVE),
    "bytes after the end": (Reply(pieces=(*GOOD, b"data: trailing")), AnswerFinding.WHOLE, Outcome.ALIVE),
    "an end that stays open": (Reply(pieces=GOOD, hangs=True), AnswerFinding.WHOLE, Outcome.ALIVE),
    "more than 64 kB": (Reply(pieces=(DELTA * 300,), forever=True), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "gzip": (
        Reply(pieces=(gzip.compress(b"".join(GOOD)),), headers=(("content-encoding", "gzip"),)),
        AnswerFinding.WHOLE, Outcome.ALIVE),
    "gzip that is none": (Reply(pieces=GOOD, headers=(("content-encoding", "gzip"),)), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "a gzip bomb": (
        Reply(pieces=(gzip.compress(b" " * 10_000_000),), headers=(("content-encoding", "gzip"),)),
        AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
    "another encoding": (Reply(pieces=GOOD, headers=(("content-encoding", "br"),)), AnswerFinding.UNCLEAR, Outcome.NEUTRAL),
}  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("line", LINES)
def test_what_is_seen_has_its_meaning(line: str) -> None:
    """One line of the table each, on a network on which streams are known to come whole."""
    reply, finding, outcome = LINES[line]
    result = once(reply)
    assert (result.finding, result.outcome) == (finding, outcome)
    assert (result.name, result.product) == ("Answers", "APIs")


CHAT: dict[str, tuple[Reply, AnswerFinding]] = {
    "done": (Reply(pieces=(CHAT_DELTA, CHAT_FINISHED, DONE)), AnswerFinding.WHOLE),
    "[DONE] alone": (Reply(pieces=(CHAT_DELTA, DONE)), AnswerFinding.WHOLE),
    "finished, without [DONE]": (Reply(pieces=(CHAT_DELTA, CHAT_FINISHED)), AnswerFinding.WHOLE),
    "breaks off": (Reply(pieces=(CHAT_DELTA,)), AnswerFinding.TRUNCATED),
    "an error": (
        Reply(pieces=(CHAT_DELTA, b'data: {"error": {"code": "server_error"}}\n\n')), AnswerFinding.FAILED),
    "Responses' events": (Reply(pieces=GOOD), AnswerFinding.TRUNCATED),
}  # fmt: skip


@pytest.mark.parametrize("line", CHAT)
def test_a_gateway_that_speaks_chat_completions_alone(line: str) -> None:
    """There `[DONE]` is the end, and a reason to finish says that nothing is missing."""
    reply, finding = CHAT[line]
    assert once(reply, ApiDialect.CHAT).finding is finding


def test_what_is_sent_is_one_tiny_answer_that_is_kept_nowhere() -> None:
    """The key goes into its header and nowhere else; no tools, no user, no metadata."""
    with Gateway().running() as gateway:
        Person(gateway).ask()
    assert [(one.method, one.path, one.authorization) for one in gateway.asked] == [
        ("GET", "/v1/models", f"Bearer {KEY}"),
        ("POST", "/v1/responses", f"Bearer {KEY}"),
    ]
    assert gateway.posted == [
        {
            "model": "gpt-6-luna",
            "input": "Reply with OK.",
            "reasoning": {"effort": "none"},
            "max_output_tokens": 16,
            "stream": True,
            "store": False,
        }
    ]
    assert not any(KEY.encode() in one.body for one in gateway.asked)


def test_times_to_the_first_event_and_to_the_end_are_measured() -> None:
    """Three events, 0.15 s apart: the first after one pause, the last later."""
    result = once(Reply(pieces=GOOD, pause=0.15))
    assert result.first_ms is not None
    assert result.elapsed_ms is not None
    assert result.first_ms >= 150
    assert result.elapsed_ms - result.first_ms >= 200


def test_a_failure_has_no_times() -> None:
    """How long something took that never came whole says nothing."""
    result = once(Reply(pieces=BEGUN))
    assert (result.elapsed_ms, result.first_ms) == (None, None)


def test_what_openai_says_is_signed_and_what_is_cut_is_not() -> None:
    """A line can cut a stream; it cannot write a 500, nor an event that says that an answer failed."""
    assert once(refusal(500)).signed
    assert once(Reply(pieces=(CREATED, failure("server_error")))).signed
    assert not once(Reply(pieces=BEGUN)).signed


@pytest.mark.parametrize(
    ("second", "finding", "outcome"),
    [
        (
            Reply(kind=JSON, pieces=(b'{"object": "response", "status": "completed"}',)),
            "streams_cut",
            "local",
        ),
        (refusal(500), "truncated", "failure"),
        (Reply(kind=JSON, pieces=(b"{",)), "truncated", "failure"),
    ],
)
def test_what_breaks_off_where_no_stream_ever_came_whole_is_asked_once_in_one_piece(
    second: Reply, finding: str, outcome: str
) -> None:
    """Whole: something on the way cuts streams. Broken too: it is not the stream."""
    with Gateway([Reply(pieces=BEGUN), second]).running() as gateway:
        person = Person(gateway)
        result = person.ask(streamed_here=False)
    assert (result.finding, result.outcome) == (finding, outcome)
    assert [one["stream"] for one in gateway.posted] == [True, False]
    assert person.spent.requests == 2


def test_where_streams_came_whole_before_nothing_more_is_asked() -> None:
    """What breaks off there is counted at once."""
    with Gateway([Reply(pieces=BEGUN)]).running() as gateway:
        Person(gateway).ask()
    assert len(gateway.posted) == 1


def test_a_refused_key_is_tried_once_more_and_then_left_alone_until_it_is_another() -> None:
    """No request is made with a key that was refused twice."""
    with Gateway([refusal(401, "invalid_api_key")]).running() as gateway:
        person = Person(gateway)
        first, second, third = person.ask(), person.ask(), person.ask()
        assert [one.retry_after for one in (first, second, third)] == [60.0, None, None]
        assert {one.finding for one in (first, second, third)} == {AnswerFinding.KEY_REFUSED}
        assert len(gateway.posted) == 2
        gateway.replies = [Reply(pieces=GOOD)]
        person.key = lambda: "sk-another-one"
        assert person.ask().finding is AnswerFinding.WHOLE


@pytest.mark.parametrize("key", [None, "", "   ", "\n"])
def test_without_a_key_nothing_is_asked(key: str | None) -> None:
    """That is said, and is no trouble of OpenAI's."""
    with Gateway().running() as gateway:
        person = Person(gateway)
        person.key = lambda: key
        assert person.ask().finding is AnswerFinding.NO_KEY
        assert not gateway.asked


@pytest.mark.parametrize("key", ["sk-with a blank", "sk-two\nlines-of-it", "sk-ünïcode-letters", "short"])
def test_what_cannot_be_a_key_is_not_sent(key: str) -> None:
    """A line's end in a header would be another header."""
    with Gateway().running() as gateway:
        person = Person(gateway)
        person.key = lambda: key
        assert person.ask().finding is AnswerFinding.KEY_REFUSED
        assert not gateway.asked


def test_blanks_around_a_key_are_no_part_of_it() -> None:
    """A pipe brings a line's end."""
    with Gateway().running() as gateway:
        person = Person(gateway)
        person.key = lambda: f"  {KEY}\r\n"
        assert person.ask().finding is AnswerFinding.WHOLE
        assert gateway.asked[1].authorization == f"Bearer {KEY}"


def test_a_keyring_that_breaks_is_no_trouble_of_openais(caplog: pytest.LogCaptureFixture) -> None:
    """And what it says, which may hold the key, is not logged."""

    def broken() -> str:
        raise OSError(KEY)

    with Gateway().running() as gateway:
        person = Person(gateway)
        person.key = broken
        result = person.ask()
    assert (result.finding, result.outcome, result.cause) == (
        AnswerFinding.UNCLEAR, Outcome.NEUTRAL, Cause.INTERNAL)  # fmt: skip
    assert KEY not in caplog.text


def test_429_by_rate_three_times_in_a_row_is_said() -> None:
    """Somebody is refused who hardly asks; one good answer begins the count anew."""
    busy = refusal(429, "rate_limit_exceeded", retry_after="120")
    with Gateway([busy, busy, Reply(pieces=GOOD), busy]).running() as gateway:
        person = Person(gateway)
        found = [person.ask() for _ in range(6)]
    assert [one.finding for one in found] == ["busy", "busy", "whole", "busy", "busy", "refused"]
    assert {one.outcome for one in found if one.finding != "whole"} == {Outcome.NEUTRAL}
    assert found[0].retry_after == 120.0


@pytest.mark.parametrize("reply", [refusal(429, "insufficient_quota"), refusal(403, "ip_not_authorized")])
def test_what_lasts_is_left_alone_for_six_hours(reply: Reply) -> None:
    """Credit and country do not change within a quarter of an hour."""
    assert once(reply).retry_after == 6 * 3600.0


def test_a_model_that_is_refused_gives_way_to_the_next_and_the_last_ends_the_check() -> None:
    """Each is tried once; then nothing more is asked with this key."""
    with Gateway(
        [refusal(404, "model_not_found")], listing("gpt-5.4-nano", "gpt-6-luna")
    ).running() as gateway:
        person = Person(gateway)
        found = [person.ask() for _ in range(4)]
        assert [one["model"] for one in gateway.posted] == ["gpt-6-luna", "gpt-5.4-nano"]
    assert [one.finding for one in found] == [AnswerFinding.NO_MODEL] * 4
    assert [one.retry_after for one in found[:2]] == [60.0, None]


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        (listing("gpt-6-luna", "gpt-5.4-nano"), "gpt-6-luna"),
        (listing(("gpt-6-luna", "2027-04-01"), "gpt-5.4-nano"), "gpt-6-luna"),
        (listing(("gpt-6-luna", "2026-11-27"), "gpt-5.4-nano"), "gpt-5.4-nano"),
        (listing("gpt-5.6-luna", "o9-huge"), "gpt-5.6-luna"),
        (listing("o9-huge"), None),
        (refusal(403, "missing_scope"), "gpt-6-luna"),
        (refusal(404), "gpt-6-luna"),
        (Reply(kind=JSON, pieces=(b"[",)), "gpt-6-luna"),
        (Reply(kind=JSON, pieces=(b'{"data": [1, {"id": 5}, {"id": "gpt-5.4-nano", "shutdown_date": 7}]}',)), "gpt-5.4-nano"),
    ],
)  # fmt: skip
def test_the_model_is_a_cheap_one_that_the_key_may_use_and_that_is_not_switched_off(
    listed: Reply, asked: str | None
) -> None:
    """Where the list cannot be had, as with a key that may only ask, the wanted one is taken at its word."""
    with Gateway(models=listed).running() as gateway:
        result = Person(gateway).ask()
    assert [one["model"] for one in gateway.posted] == ([asked] if asked else [])
    assert result.finding is (AnswerFinding.WHOLE if asked else AnswerFinding.NO_MODEL)


def test_the_list_of_models_is_read_once_a_day() -> None:
    """And again where the clock was set back."""
    with Gateway().running() as gateway:
        person = Person(gateway)
        for hours in (0, 1, 23, 25, -9):
            person.now = NOON + timedelta(hours=hours)
            person.ask()
    assert [one.path for one in gateway.asked].count("/v1/models") == 3


def test_a_wanted_model_of_a_gateways_own_is_asked() -> None:
    """It need not be one that this program knows."""
    assert choose_model("llama", {"llama": None}, set(), date(2026, 1, 1)) == "llama"


def test_what_it_cost_is_counted_by_the_usage_that_comes_back() -> None:
    """A request counts when it is sent; its tokens when they are said."""
    with Gateway([Reply(pieces=GOOD), Reply(pieces=BEGUN)]).running() as gateway:
        person = Person(gateway)
        person.ask()
        person.ask()
    assert person.spent == KeyUsage(2, 12, 2)


def test_nobody_there_is_a_failure_for_the_line_to_explain() -> None:
    """Refused by a port that nobody listens on."""
    with Gateway().running() as gateway:
        person = Person(gateway)
    result = person.ask()
    assert (result.finding, result.outcome, result.cause) == (
        AnswerFinding.SILENT, Outcome.FAILURE, Cause.REFUSED)  # fmt: skip


@pytest.mark.parametrize(
    "line", ["completed", "401", "500", "breaks off", "no head", "400", "a page with 200"]
)
def test_the_key_is_in_no_log_and_no_result(line: str, caplog: pytest.LogCaptureFixture) -> None:
    """At the highest level of detail, through every kind of fault."""
    caplog.set_level(logging.DEBUG)
    result = once(LINES[line][0])
    assert KEY not in caplog.text
    assert KEY not in repr(result)
