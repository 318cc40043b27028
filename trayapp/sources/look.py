"""One look at the world: what is due is asked, and only if something failed, whether it is us."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from trayapp.model import (
    Cause,
    Line,
    Miss,
    Moment,
    OsWord,
    Outcome,
    Page,
    Plan,
    ProbeResult,
    ProbeSpec,
    Round,
)
from trayapp.sources.addresses import host_of, is_internal
from trayapp.sources.connectivity import TRACE_URL, by_os_word, by_references, edge_fails
from trayapp.sources.copies import Copies
from trayapp.sources.http import Http
from trayapp.sources.native import read_native
from trayapp.sources.probes import read_probe
from trayapp.sources.statuspage import read_page
from trayapp.sources.wire import Answer, Ask

_LOOK_WITHIN = 6.0
_ASK_BACK_WITHIN = 3.0
"""Seconds; together with their grace they keep the round's deadline of 10 s."""


class Sources:
    """All that is asked, and how. Belongs to one thread."""

    def __init__(  # noqa: PLR0913 - the places to ask, each its own
        self,
        *,
        http: Http,
        page_url: str,
        probes: Sequence[ProbeSpec],
        references: Sequence[str],
        os_word: Callable[[], OsWord],
        network: Callable[[], str] = lambda: "",
        trace_url: str = TRACE_URL,
        may_link: Callable[[str], bool] = lambda _url: True,
    ) -> None:
        """`may_link`: whether an address that the page gives as its own may be opened or handed on."""
        self._http = http
        self._base = page_url.rstrip("/")
        self._native_host = host_of(page_url)
        self._probes = tuple(probes)
        self._references = tuple(references)
        self._os_word = os_word
        self._network = network
        self._trace_url = trace_url
        self._may_link = may_link

    def look(self, plan: Plan, moment: Callable[[], Moment]) -> Round:
        """What the plan asks for, dated by its end, within 10 s."""
        asks = self._page_asks(plan)
        specs = [spec for spec in self._probes if spec.name in plan.probes]
        probe_asks = [Ask(spec.url, head_only=True) for spec in specs]
        got = self._http.fetch([*asks.values(), *probe_asks], _LOOK_WITHIN)
        named = dict(zip(asks, got, strict=False))
        page = self._read_page(named) if plan.page else None
        native = read_native(named["native"]) if plan.native else None
        if isinstance(native, Miss) or not _is_read(page, plan):
            self._http.forget_bodies()
        probes = tuple(read_probe(spec, answer) for spec, answer in zip(specs, got[len(asks) :], strict=True))
        line = self._line(page, dict(zip(specs, probes, strict=True)))
        asked = line is not Line.UNASKED or plan.network
        network = self._network() if asked else ""
        return Round(moment(), page, native, probes, line, network)

    def _page_asks(self, plan: Plan) -> dict[str, Ask]:
        api = f"{self._base}/api/v2"
        places = {
            "summary": (plan.page, f"{api}/summary.json"),
            "components": (plan.page and plan.components, f"{api}/components.json"),
            "incidents": (plan.page and plan.incidents, f"{api}/incidents.json"),
            "native": (plan.native, f"{self._base}/proxy/{self._native_host}"),
        }
        return {
            name: Ask(url, page=True, unconditional=plan.unconditional)
            for name, (due, url) in places.items()
            if due
        }

    def _read_page(self, named: dict[str, Answer | Miss]) -> Page | Miss:
        page = read_page(
            named["summary"],
            named["components"],
            named.get("incidents"),
            base=self._base,
            may_link=self._may_link,
        )
        if isinstance(page, Page):
            # A mirror answers under another name, but the feed within bears the page's own.
            self._native_host = host_of(page.url) or self._native_host
        return page

    def _line(self, page: Page | Miss | None, probes: dict[ProbeSpec, ProbeResult]) -> Line:
        """What is known about our own line; nobody is asked while nothing failed."""
        if not isinstance(page, Miss) and not any(map(_doubtful, probes.values())):
            return Line.UNASKED
        if not isinstance(page, Page) and Outcome.ALIVE not in {p.outcome for p in probes.values()}:
            decided = by_os_word(self._os_word())
            if decided is not None:
                return decided
        return self._asked_back(
            proven=isinstance(page, Page) and not is_internal(self._base),
            edge=any(
                p.outcome is Outcome.FAILURE and not is_internal(spec.url) for spec, p in probes.items()
            ),
        )

    def _asked_back(self, *, proven: bool, edge: bool) -> Line:
        references = [] if proven else [Ask(url) for url in self._references]
        trace = [Ask(self._trace_url, head_only=True)] if edge else []
        got = self._http.fetch([*references, *trace], _ASK_BACK_WITHIN) if references or trace else []
        line = Line.GOOD if proven else by_references(got[: len(references)])
        if line is Line.GOOD and trace and edge_fails(got[-1]):
            return Line.EDGE
        return line


def _is_read(page: Page | Miss | None, plan: Plan) -> bool:
    """Whether the page's files, as far as planned, all held what they are asked for."""
    if isinstance(page, Page):
        return (
            page.indicator is not None
            and (page.whole or not plan.components)
            and (page.past_read or not plan.incidents)
        )
    return page is None


def _doubtful(probe: ProbeResult) -> bool:
    """Whether a probe's result may be our own fault."""
    return probe.outcome in (Outcome.FAILURE, Outcome.LOCAL) or probe.cause is Cause.REDIRECT
