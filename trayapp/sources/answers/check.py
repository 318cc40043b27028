"""The check itself: a key, a model, one tiny answer. It never raises, and never lets the key into a log."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from trayapp.model import Cause, Finding, Outcome, ProbeResult, ProbeSpec, Spent
from trayapp.sources.answers.dialects import Api, Heard, body_of, in_one_piece, models_url, path_of
from trayapp.sources.answers.models import Listing, choose_model, read_models
from trayapp.sources.answers.outcome import Meaning, meaning
from trayapp.sources.answers.stream import Stream, Waits
from trayapp.sources.http import Http
from trayapp.sources.messages import Answer, Ask

_log = logging.getLogger(__name__)

_KEY = re.compile(r"[\x21-\x7e]{8,512}")
"""What can be sent as a key at all: nothing with a blank or a line's end in it."""
_LISTED_FOR = timedelta(days=1)
_ONCE_MORE = 60.0
"""Seconds until a refused key is tried once more, and until the next model is."""
_REFUSED_AFTER = 3


@dataclass(frozen=True, slots=True)
class Asking:
    """Whom to ask, and for what."""

    base: str
    """Without a slash at its end."""
    api: Api
    model: str
    waits: Waits = field(default_factory=Waits)


class Check:
    """What a key has brought so far. One thread at a time asks."""

    def __init__(
        self,
        spec: ProbeSpec,
        asking: Asking,
        key: Callable[[], str | None],
        http: Callable[[], Http],
        now: Callable[[], datetime],
    ) -> None:
        """`key` yields the person's own, or None; `http` makes what carries one check's requests, for it to close."""
        self.spec = spec
        self._asking = asking
        self._key = key
        self._http = http
        self._now = now
        self.lent = ""
        """The key as it was had last, for the probe that asks what it may use; empty while it is none that is taken."""
        self._of = b""
        """The digest of the key that all below is known of."""
        self._stopped: Meaning | None = None
        """Asking again with this key would bring the same."""
        self._refusals = 0
        self._busy = 0
        self._listing: Listing | None = None
        self._listed_at: datetime | None = None
        self._unfit: set[str] = set()

    @property
    def models_url(self) -> str:
        """Where the models are listed that the key may use."""
        return models_url(self._asking.base)

    def ask(self, spend: Callable[[Spent], None], *, streamed_here: bool) -> ProbeResult:
        """Ask once. `spend` hears of what it costs; `streamed_here`: whether a stream ever came whole on this network."""
        try:
            return self._asked(spend, streamed_here=streamed_here)
        except Exception as error:  # noqa: BLE001 - whatever breaks here says nothing about OpenAI
            # Its kind alone: nobody knows what the text of an exception has in it.
            _log.error("the check with the key broke: %s", type(error).__name__)
            return self._result(Meaning(Finding.UNCLEAR, Cause.INTERNAL))

    def _asked(self, spend: Callable[[Spent], None], *, streamed_here: bool) -> ProbeResult:
        key, self.lent = (self._key() or "").strip(), ""
        if not key:
            return self._result(Meaning(Finding.NO_KEY))
        if not _KEY.fullmatch(key):
            return self._result(Meaning(Finding.KEY))
        self._know(key)
        if self._stopped is not None:
            return self._result(self._stopped)
        self.lent = key
        with closing(self._http()) as http:
            model = self._model(http, key)
            if model is None:
                self._stopped = Meaning(Finding.MODEL)
                return self._result(self._stopped)
            stream = Stream(self._asking.api, self._asking.waits)
            found = self._post(http, key, model, stream, spend)
            if found.finding is Finding.TRUNCATED and not streamed_here:
                whole = self._post(http, key, model, None, spend)
                if whole.finding is Finding.WHOLE:
                    found = replace(found, finding=Finding.STREAMS_CUT)
        found = self._heeded(found, model)
        if found.finding is Finding.KEY:
            self.lent = ""
        _log.info("the answer of %s: %s %s %s", model, found.finding, found.status or "", found.code)
        return self._result(found, stream)

    def _know(self, key: str) -> None:
        """Forget what was known of another key."""
        digest = hashlib.sha256(key.encode()).digest()
        if digest != self._of:
            self._of, self._stopped, self._listing, self._listed_at = digest, None, None, None
            self._refusals = self._busy = 0
            self._unfit.clear()

    def _model(self, http: Http, key: str) -> str | None:
        now = self._now()
        if self._listed_at is None or not timedelta(0) <= now - self._listed_at < _LISTED_FOR:
            (got,) = http.fetch([Ask(self.models_url, key=key)], self._asking.waits.head)
            listed = read_models(got.body) if isinstance(got, Answer) and got.status == 200 else None
            self._listing = listed or self._listing
            self._listed_at = now if listed is not None else None
        return choose_model(self._asking.model, self._listing, self._unfit, now.date())

    def _post(
        self, http: Http, key: str, model: str, stream: Stream | None, spend: Callable[[Spent], None]
    ) -> Meaning:
        """Ask for one answer, streamed or in one piece."""
        api, url = self._asking.api, self._asking.base + path_of(self._asking.api)
        spend(Spent(requests=1))
        ask = Ask(url, carries=body_of(api, model, streamed=stream is not None), key=key, hearing=stream)
        (got,) = http.fetch([ask], self._asking.waits.whole)
        heard = stream.heard if stream else Heard()
        if isinstance(got, Answer):  # a gateway may answer in one piece though it was asked for a stream
            heard = in_one_piece(api, got.body) or heard
        spend(heard.spent)
        return meaning(url, got, heard, has_begun=stream is not None and stream.first_ms is not None)

    def _heeded(self, found: Meaning, model: str) -> Meaning:
        """What was found, in the light of what was found before."""
        self._busy = self._busy + 1 if found.finding is Finding.BUSY else 0
        self._refusals = self._refusals + 1 if found.finding is Finding.KEY else 0
        if found.finding is Finding.BUSY and self._busy >= _REFUSED_AFTER:
            return replace(found, finding=Finding.REFUSED)
        if found.finding is Finding.MODEL:
            self._unfit.add(model)
            if choose_model(self._asking.model, self._listing, self._unfit, self._now().date()):
                return replace(found, retry_after=_ONCE_MORE)
            self._stopped = found
        if found.finding is Finding.KEY:
            if self._refusals == 1:
                return replace(found, retry_after=_ONCE_MORE)
            self._stopped = found
        return found

    def _result(self, found: Meaning, stream: Stream | None = None) -> ProbeResult:
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
