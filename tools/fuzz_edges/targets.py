"""All places that are fuzzed, in their four groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tools.fuzz_edges.bus import DaemonTarget, PeerTarget
from tools.fuzz_edges.control import AnswerTarget, RequestTarget
from tools.fuzz_edges.crowd import CrowdTarget
from tools.fuzz_edges.details import DetailsTarget
from tools.fuzz_edges.engine import Target
from tools.fuzz_edges.parsers import PARSERS

GROUPS: Mapping[str, tuple[Callable[[], Target], ...]] = {
    "bus": (DaemonTarget, PeerTarget),
    "control": (RequestTarget, AnswerTarget),
    "details": (DetailsTarget,),
    "parsers": (*PARSERS, CrowdTarget),
}
