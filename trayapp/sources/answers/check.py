"""Makes one check: reads the key, chooses a model, asks for one tiny answer. Never raises, never logs the key."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.model import AnswerFinding, Cause, KeyUsage, Outcome, ProbeResult, ProbeSpec
from trayapp.sources.answers.dialects import (
    ApiDialect,
    PartialAnswer,
    endpoint_path,
    models_url,
    read_whole_answer,
    request_body,
)
from trayapp.sources.answers.models import ModelList, choose_model, read_models
from trayapp.sources.answers.outcome import CheckOutcome, read_outcome
from trayapp.sources.answers.stream import AnswerStream, StreamTimeouts
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse

_log = logging.getLogger(__name__)

_SENDABLE_KEY = re.compile(r"[\x21-\x7e]{8,512}")
"""A key that can be sent in a header: without blanks and line ends."""
_MODEL_LIST_LIFETIME = timedelta(days=1)
_RETRY_SECONDS = 60.0
"""Seconds until a refused key is tried again, or the next model."""
_BUSY_LIMIT = 3


@dataclass(frozen=True, slots=True)
class CheckTarget:
    """The API that the check asks, and the model."""

    base_url: str
    """Without a slash at its end."""
    api: ApiDialect
    model: str
    timeouts: StreamTimeouts = field(default_factory=StreamTimeouts)


class AnswerCheck:
    """Makes the checks and remembers the earlier results of the key. Only one thread at a time may call `run`."""

    def __init__(
        self,
        spec: ProbeSpec,
        asking: CheckTarget,
        key: Callable[[], str | None],
        http: Callable[[], HttpClient],
        now: Callable[[], datetime],
    ) -> None:
        """`key` returns the person's key or None; `http` creates the client of one check, which the check closes."""
        self.spec = spec
        self._asking = asking
        self._key = key
        self._http = http
        self._now = now
        self.lent = ""
        """The key that was read last, for the probe of its models; empty if it is missing or refused."""
        self._of = b""
        """The digest of the key to which the attributes below belong."""
        self._stopped: CheckOutcome | None = None
        """The final result for this key, if asking again would bring the same."""
        self._refusals = 0
        self._busy = 0
        self._listing: ModelList | None = None
        self._listed_at: datetime | None = None
        self._unfit: set[str] = set()

    @property
    def models_url(self) -> str:
        """The address of the list of models that the key may use."""
        return models_url(self._asking.base_url)

    def run(self, spend: Callable[[KeyUsage], None], *, streamed_here: bool) -> ProbeResult:
        """Asks once. `spend` is called with the costs; `streamed_here`: a stream once came whole on this network."""
        try:
            return self._run_check(spend, streamed_here=streamed_here)
        except Exception as error:  # noqa: BLE001 - whatever breaks here says nothing about OpenAI
            # Only its type: the text of an exception may contain the key.
            _log.error("the check with the key broke: %s", type(error).__name__)
            return self._probe_result(CheckOutcome(AnswerFinding.UNCLEAR, Cause.INTERNAL))

    def _run_check(self, spend: Callable[[KeyUsage], None], *, streamed_here: bool) -> ProbeResult:
        key, self.lent = (self._key() or "").strip(), ""
        if not key:
            return self._probe_result(CheckOutcome(AnswerFinding.NO_KEY))
        if not _SENDABLE_KEY.fullmatch(key):
            return self._probe_result(CheckOutcome(AnswerFinding.KEY_REFUSED))
        self._forget_other_key(key)
        if self._stopped is not None:
            return self._probe_result(self._stopped)
        self.lent = key
        with closing(self._http()) as http:
            model = self._pick_model(http, key)
            if model is None:
                self._stopped = CheckOutcome(AnswerFinding.NO_MODEL)
                return self._probe_result(self._stopped)
            stream = AnswerStream(self._asking.api, self._asking.timeouts)
            found = self._request_answer(http, key, model, stream, spend)
            if found.finding is AnswerFinding.TRUNCATED and not streamed_here:
                whole = self._request_answer(http, key, model, None, spend)
                if whole.finding is AnswerFinding.WHOLE:
                    found = replace(found, finding=AnswerFinding.STREAMS_CUT)
        found = self._apply_history(found, model)
        if found.finding is AnswerFinding.KEY_REFUSED:
            self.lent = ""
        _log.info("the answer of %s: %s %s %s", model, found.finding, found.status or "", found.code)
        return self._probe_result(found, stream)

    def _forget_other_key(self, key: str) -> None:
        """Forgets earlier results if they belong to another key."""
        digest = hashlib.sha256(key.encode()).digest()
        if digest != self._of:
            self._of, self._stopped, self._listing, self._listed_at = digest, None, None, None
            self._refusals = self._busy = 0
            self._unfit.clear()

    def _pick_model(self, http: HttpClient, key: str) -> str | None:
        now = self._now()
        if self._listed_at is None or not timedelta(0) <= now - self._listed_at < _MODEL_LIST_LIFETIME:
            (got,) = http.fetch([HttpRequest(self.models_url, key=key)], self._asking.timeouts.head)
            listed = read_models(got.body) if isinstance(got, HttpResponse) and got.status == 200 else None
            self._listing = listed or self._listing
            self._listed_at = now if listed is not None else None
        return choose_model(self._asking.model, self._listing, self._unfit, now.date())

    def _request_answer(
        self,
        http: HttpClient,
        key: str,
        model: str,
        stream: AnswerStream | None,
        spend: Callable[[KeyUsage], None],
    ) -> CheckOutcome:
        """Asks for one answer, streamed or in one piece."""
        api, url = self._asking.api, self._asking.base_url + endpoint_path(self._asking.api)
        spend(KeyUsage(requests=1))
        ask = HttpRequest(
            url, json_body=request_body(api, model, streamed=stream is not None), key=key, listener=stream
        )
        (got,) = http.fetch([ask], self._asking.timeouts.total)
        heard = stream.heard if stream else PartialAnswer()
        if isinstance(got, HttpResponse):  # a gateway may answer in one piece although a stream was requested
            heard = read_whole_answer(api, got.body) or heard
        spend(heard.spent)
        return read_outcome(url, got, heard, has_begun=stream is not None and stream.first_ms is not None)

    def _apply_history(self, found: CheckOutcome, model: str) -> CheckOutcome:
        """Adjusts a result by the results before it: repeated 429, refused keys, unusable models."""
        self._busy = self._busy + 1 if found.finding is AnswerFinding.BUSY else 0
        self._refusals = self._refusals + 1 if found.finding is AnswerFinding.KEY_REFUSED else 0
        if found.finding is AnswerFinding.BUSY and self._busy >= _BUSY_LIMIT:
            return replace(found, finding=AnswerFinding.ALWAYS_BUSY)
        if found.finding is AnswerFinding.NO_MODEL:
            self._unfit.add(model)
            if choose_model(self._asking.model, self._listing, self._unfit, self._now().date()):
                return replace(found, retry_after=_RETRY_SECONDS)
            self._stopped = found
        if found.finding is AnswerFinding.KEY_REFUSED:
            if self._refusals == 1:
                return replace(found, retry_after=_RETRY_SECONDS)
            self._stopped = found
        return found

    def _probe_result(self, found: CheckOutcome, stream: AnswerStream | None = None) -> ProbeResult:
        heard = stream if found.outcome is Outcome.ALIVE else None
        return ProbeResult(
            self.spec.name,
            self.spec.product,
            found.outcome,
            found.cause,
            found.status,
            heard.end_ms if heard else None,
            found.retry_after,
            found.signed,
            found.finding,
            heard.first_ms if heard else None,
        )
