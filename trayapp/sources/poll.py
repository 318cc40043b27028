"""Makes one poll: asks the sources that are due and, only if something failed, checks the person's connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from trayapp.model import (
    Cause,
    ConnectionState,
    KeyUsage,
    Miss,
    Moment,
    Outcome,
    PageReading,
    PollPlan,
    ProbeResult,
    ProbeSpec,
    Round,
    SystemConnectivity,
)
from trayapp.sources.addresses import host_of, is_internal
from trayapp.sources.cached_copies import CachedCopies
from trayapp.sources.connectivity import (
    NUMERIC_URL,
    TRACE_URL,
    connection_by_references,
    connection_by_system,
    is_clock_wrong,
    is_connection_proof,
    is_dns_failure,
    is_edge_failing,
)
from trayapp.sources.http import HttpClient
from trayapp.sources.messages import HttpRequest, HttpResponse
from trayapp.sources.native_feed import read_native
from trayapp.sources.probes import CONNECTION_CUT_CAUSES, blame_connection, read_probe
from trayapp.sources.statuspage import read_page

if TYPE_CHECKING:
    from trayapp.model.crowd import CrowdReport  # loaded only where somebody is asked

_POLL_SECONDS = 6.0
_DIAGNOSIS_SECONDS = 3.0
"""Seconds; the two and the grace of each keep the round's deadline of 10 s."""


class KeyCheckPort(Protocol):
    """The check with the person's key: it runs beside the rounds, and the next round takes its result."""

    spec: ProbeSpec

    def start_check(self, ended: Callable[[], None], *, streamed_here: bool) -> None:
        """Starts the check unless it runs already, and calls `ended` when there is a result."""

    def collect_results(self) -> tuple[tuple[ProbeResult, ...], KeyUsage]:
        """Returns the results and the costs since the last call."""

    def key_for(self, url: str) -> str:
        """Returns the key if the address is that of the key's models and OpenAI has not refused it; else ""."""


class CrowdPort(Protocol):
    """Other people's reports: they are asked for beside the rounds, and the next round takes what has come."""

    def start_asking(self, now: datetime, *, with_trends: bool) -> None:
        """Starts to ask, unless that still runs."""

    def collect_report(self) -> CrowdReport | None:
        """Returns what has come since the last call, None if nothing."""

    def describe(self) -> Mapping[str, object]:
        """Returns what each source answered last, as values that JSON has."""


class Sources:
    """Asks the status page, the probes and the references. Belongs to one thread."""

    def __init__(  # noqa: PLR0913 - one argument for each source
        self,
        *,
        http: HttpClient,
        page_url: str,
        probes: Sequence[ProbeSpec],
        references: Sequence[str],
        read_system_connectivity: Callable[[], SystemConnectivity],
        trace_url: str = TRACE_URL,
        numeric_url: str = NUMERIC_URL,
        network: Callable[[], str] = lambda: "",
        may_link: Callable[[str], bool] = lambda _url: True,
        key_check: KeyCheckPort | None = None,
        crowd: CrowdPort | None = None,
    ) -> None:
        """`network` returns this network's name; `may_link` says whether the page's own address may be opened."""
        self._http = http
        self._base = page_url.rstrip("/")
        self._native_host = host_of(page_url)
        self._probes = tuple(probes)
        self._references = tuple(references)
        self._read_system_connectivity = read_system_connectivity
        self._trace_url = trace_url
        self._numeric_url = numeric_url
        self._network = network
        self._may_link = may_link
        self._key_check = key_check
        self.crowd = crowd
        self._copies = CachedCopies()

    def poll(
        self, plan: PollPlan, moment: Callable[[], Moment], ended: Callable[[], None] = lambda: None
    ) -> Round:
        """Asks what is planned, within 10 s; the round has the time of its end. `ended`: called when a key check ends."""
        if self._key_check is not None and self._key_check.spec.name in plan.probes:
            self._key_check.start_check(ended, streamed_here=plan.streamed_here)
        if self.crowd is not None and plan.crowd:
            self.crowd.start_asking(moment().wall, with_trends=plan.trends)
        asks = self._page_requests(plan)
        specs = [spec for spec in self._probes if spec.name in plan.probes]
        key_for = self._key_check.key_for if self._key_check else lambda _url: ""
        probe_asks = [HttpRequest(spec.url, head_only=True, key=key_for(spec.url)) for spec in specs]
        got = self._http.fetch([*asks.values(), *probe_asks], _POLL_SECONDS)
        named = dict(zip(asks, got, strict=False))
        page = self._read_page(named) if plan.page else None
        native = read_native(named["native"]) if plan.native else None
        if isinstance(native, Miss) or not _is_fully_read(page, plan):
            self._http.forget_bodies()
        probes = tuple(read_probe(spec, answer) for spec, answer in zip(specs, got[len(asks) :], strict=True))
        joined, spent = self._key_check.collect_results() if self._key_check else ((), KeyUsage())
        if self._key_check is not None and joined:
            specs, probes = [*specs, self._key_check.spec], (*probes, *joined)
        connection = ConnectionState.NOT_CHECKED
        if isinstance(page, Miss) or any(map(_is_doubtful, probes)):
            answers = [(ask.url, each) for ask, each in zip((*asks.values(), *probe_asks), got, strict=True)]
            proof = self._page_requests(
                replace(plan, page=plan.page_if_failing and page is None, native=False)
            )
            connection, corrections, read = self._diagnose_connection(
                page, dict(zip(specs, probes, strict=True)), answers, proof, moment().wall
            )
            page = self._read_page(read) if read else page
            page = (
                replace(page, cause=corrections.get(page.cause, page.cause))
                if isinstance(page, Miss)
                else page
            )
            probes = tuple(
                replace(p, cause=corrections.get(p.cause, p.cause)) if p.cause else p for p in probes
            )
            if isinstance(page, Miss) and page.cause in CONNECTION_CUT_CAUSES:
                probes = tuple(map(blame_connection, probes))
        network = self._network() if connection is not ConnectionState.NOT_CHECKED or plan.network else ""
        crowd = self.crowd.collect_report() if self.crowd is not None else None
        return Round(moment(), page, native, probes, connection, network, spent, crowd)

    def _page_requests(self, plan: PollPlan) -> dict[str, HttpRequest]:
        api = f"{self._base}/api/v2"
        places = {
            "summary": (plan.page, f"{api}/summary.json"),
            "components": (plan.page and plan.components, f"{api}/components.json"),
            "incidents": (plan.page and plan.incidents, f"{api}/incidents.json"),
            "native": (plan.native, f"{self._base}/proxy/{self._native_host}"),
        }
        return {
            name: HttpRequest(url, page=True, unconditional=plan.unconditional)
            for name, (due, url) in places.items()
            if due
        }

    def _read_page(self, named: dict[str, HttpResponse | Miss]) -> PageReading | Miss:
        summary = named["summary"]
        page = read_page(
            summary,
            named.get("components"),
            named.get("incidents"),
            base=self._base,
            may_link=self._may_link,
        )
        if isinstance(page, Miss) or isinstance(summary, Miss):
            return page
        # A mirror has another host name, but its feed has the page's own.
        self._native_host = host_of(page.url) or self._native_host
        return replace(page, copy=self._copies.name_copy(summary))

    def _diagnose_connection(
        self,
        page: PageReading | Miss | None,
        probes: Mapping[ProbeSpec, ProbeResult],
        answers: Sequence[tuple[str, HttpResponse | Miss]],
        proof: Mapping[str, HttpRequest],
        now: datetime,
    ) -> tuple[ConnectionState, Mapping[Cause, Cause], dict[str, HttpResponse | Miss]]:
        """Returns the connection's state, corrected causes (old -> new), and the page's answers if it was asked too.

        `proof`: requests for the page, which is the best proof that the connection works when a probe fails.
        """
        proven = isinstance(page, PageReading) and not is_internal(self._base)
        proven = proven or any(is_connection_proof(url, got) for url, got in answers)
        is_answered = isinstance(page, PageReading) or Outcome.ALIVE in {p.outcome for p in probes.values()}
        if not proven and not is_answered:
            by_system = connection_by_system(self._read_system_connectivity())
            if by_system is not None:
                return by_system, {}, {}
        needs_trace = any(
            p.outcome is Outcome.FAILURE and not is_internal(spec.url) for spec, p in probes.items()
        )
        references = [] if proven else [HttpRequest(url) for url in self._references]
        trace = [HttpRequest(self._trace_url, head_only=True)] if needs_trace else []
        public = [got for url, got in answers if not is_internal(url)]
        names_failed = bool(public) and all(map(is_dns_failure, public))
        numeric = [HttpRequest(self._numeric_url, head_only=True)] if names_failed else []
        asks = [*references, *trace, *numeric, *proof.values()]
        got = self._http.fetch(asks, _DIAGNOSIS_SECONDS) if asks else []
        read = dict(zip(proof, got[len(asks) - len(proof) :], strict=True))
        proven = proven or any(is_connection_proof(proof[name].url, answer) for name, answer in read.items())
        reference_answers, others = got[: len(references)], got[len(references) : len(asks) - len(proof)]
        connection = ConnectionState.GOOD if proven else connection_by_references(reference_answers)
        # If the page hangs too, the connection is slow or loses large packets.
        hangs = isinstance(page, Miss) and page.cause is Cause.TIMEOUT
        if connection is ConnectionState.GOOD and trace and not hangs and is_edge_failing(others[0]):
            return ConnectionState.EDGE, {}, read
        if (
            numeric
            and isinstance(others[-1], HttpResponse)
            and all(map(is_dns_failure, [*reference_answers, *read.values()]))
        ):
            return ConnectionState.GOOD, {Cause.DNS: Cause.NO_NAME_SERVICE}, read
        return connection, {Cause.TLS: Cause.CLOCK} if is_clock_wrong(reference_answers, now) else {}, read


def _is_fully_read(page: PageReading | Miss | None, plan: PollPlan) -> bool:
    """Whether all planned files of the page had the expected content."""
    if isinstance(page, PageReading):
        return (
            page.indicator is not None
            and (page.whole or not plan.components)
            and (page.past_read or not plan.incidents)
        )
    return page is None


def _is_doubtful(probe: ProbeResult) -> bool:
    """Whether the person's connection may be the cause of a probe's result."""
    return probe.outcome in (Outcome.FAILURE, Outcome.LOCAL) or probe.cause is Cause.REDIRECT
