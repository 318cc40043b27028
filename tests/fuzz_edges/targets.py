"""All places that are fuzzed, in their four groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.fuzz_edges.bus import DaemonTarget, PeerTarget
from tests.fuzz_edges.control import AnswerTarget, RequestTarget
from tests.fuzz_edges.details import DetailsTarget
from tests.fuzz_edges.engine import Target
from tests.fuzz_edges.parsers import PARSERS

GROUPS: Mapping[str, tuple[Callable[[], Target], ...]] = {
    "bus": (DaemonTarget, PeerTarget),
    "control": (RequestTarget, AnswerTarget),
    "details": (DetailsTarget,),
    "parsers": PARSERS,
}
