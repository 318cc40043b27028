"""Measures, prints a table with the budgets beside the figures, and writes it as JSON to out/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.desktop.tools import missing_tools
from tests.desktop.xfce import Xfce
from tests.measurements import DOCUMENT, put_into
from tools.bench.cost import Cost
from tools.bench.peers import OUT, Peer, peers
from tools.bench.program import BUNDLE, EndedError, Run, libraries, measure_peer, run_program, seconds_to_icon
from tools.bench.prompt import MOST, Waited, measure_waits

STARTS = 9


def main() -> int:
    """Measure all of it in one run."""
    arguments = _arguments()
    if missing := missing_tools():
        print(f"needs {', '.join(missing)}; `make desktop-tools` installs them", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        (home / "desktop").mkdir()
        desktop = Xfce(home / "desktop")
        os.environ.update(desktop.env)
        try:
            figures = _measure(desktop, home, arguments)
        finally:
            desktop.close()
    OUT.mkdir(exist_ok=True)
    (OUT / "bench.json").write_text(json.dumps(figures, indent=1))
    text = "\n".join(_table(figures)) + "\n"
    print(text)
    if arguments.write and not put_into(DOCUMENT, "bench", text):
        print(
            f"{DOCUMENT} has no markers <!-- bench --> and <!-- /bench -->: nothing written", file=sys.stderr
        )
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3000)
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--idle", type=float, default=120.0, help="seconds")
    parser.add_argument(
        "--write", action="store_true", help="put the tables between the markers of docs/measurements.md"
    )
    return parser.parse_args()


def _measure(desktop: Xfce, home: Path, arguments: argparse.Namespace) -> dict[str, Any]:
    known = peers(libraries(desktop, home / "libraries"))
    bare = known[0]
    starts, imports, frozen = [], [], []
    for number in range(STARTS):  # taken in turns, so that all meet the same machine
        _say(f"start {number + 1} of {STARTS}")
        starts.append(seconds_to_icon(desktop, home / "start"))
        imports.append(measure_peer(desktop, bare, 0.0)[0])
        if BUNDLE.exists():
            frozen.append(seconds_to_icon(desktop, home / "start", BUNDLE))
    _say(f"{arguments.rounds} rounds with {arguments.changes} changes of state, then idle")
    run = run_program(desktop, home / "run", arguments.rounds, arguments.changes, arguments.idle)
    rows = [_peer(desktop, peer, arguments.idle / 4) for peer in known]
    _say("status --cached")
    prompts = measure_waits(desktop, home / "prompt")
    return {
        "program": asdict(run),
        "start_to_icon": statistics.median(starts),
        "bare_import": statistics.median(imports),
        "peers": rows,
        "prompts": [asdict(one) for one in prompts],
        "budgets": _budgets(run, rows[0]) + _starting(starts, imports, frozen) + _waiting(prompts),
    }


def _peer(desktop: Xfce, peer: Peer, idle: float) -> dict[str, Any]:
    _say(peer.name)
    if peer.missing:
        return {"name": peer.name, "missing": peer.missing}
    try:
        ready, before, after = measure_peer(desktop, peer, idle)
    except EndedError as error:
        return {"name": peer.name, "missing": str(error)}
    switches = (after.switches - before.switches) / idle
    return {"name": peer.name, "ready": ready, "idle_switches": switches, **asdict(after)}


def _budgets(run: Run, bare: dict[str, Any]) -> list[dict[str, Any]]:
    slope = (run.late.private - run.early.private) / (run.rounds - run.warm_up) * 1000
    return [
        _compare_with_budget(
            "idle memory after the rounds, PSS, of the bare process's", run.late.pss / bare["pss"], 1.15, "x"
        ),
        _compare_with_budget(
            f"private memory gained per 1,000 rounds, once {run.warm_up:,} have filled the caches",
            slope,
            512.0,
            "KiB",
        ),
        _compare_with_budget(
            "wake-ups between rounds", run.idle_switches / run.idle_seconds, 0.05, "a second"
        ),
        _compare_with_budget(
            "processor time between rounds", 100 * run.idle_cpu / run.idle_seconds, 0.05, "%"
        ),
    ]


def _starting(starts: list[float], imports: list[float], frozen: list[float]) -> list[dict[str, Any]]:
    start = statistics.median(starts)
    rows = [
        _compare_with_budget(
            "start to icon, of the bare import", start / statistics.median(imports), 1.2, "x"
        )
    ]
    if frozen:
        rows.append(
            _compare_with_budget(
                "the bundle's start to icon, of that", statistics.median(frozen) / start, 1.5, "x"
            )
        )
    return rows


def _waiting(prompts: list[Waited]) -> list[dict[str, Any]]:
    bare, *others = prompts
    return [_compare_with_budget(f"{one.name}, beyond {bare.name}", one.more, MOST, "ms") for one in others]


def _compare_with_budget(what: str, figure: float, budget: float, unit: str) -> dict[str, Any]:
    return {"what": what, "figure": figure, "budget": budget, "unit": unit, "met": figure <= budget}


def _table(figures: dict[str, Any]) -> list[str]:
    run, late = figures["program"], Cost(**figures["program"]["late"])
    lines = ["| what | measured | budget | |", "|---|---|---|---|"]
    for b in figures["budgets"]:
        verdict = "met" if b["met"] else "**missed**"
        lines.append(
            f"| {b['what']} | {b['figure']:.3g} {b['unit']} | {b['budget']:g} {b['unit']} | {verdict} |"
        )
    lines += [
        "",
        "| process | RSS MiB | PSS MiB | private MiB | ready after | wake-ups a second |",
        "|---|---|---|---|---|---|",
    ]
    own = f"this program after {run['rounds']:,} rounds"
    wakes = run["idle_switches"] / run["idle_seconds"]
    lines.append(_row(own, asdict(late), figures["start_to_icon"], wakes))
    for peer in figures["peers"]:
        if "missing" in peer:
            lines.append(f"| {peer['name']} | not measured: {peer['missing']} | | | | |")
        else:
            lines.append(_row(peer["name"], peer, peer["ready"], peer["idle_switches"]))
    bare = figures["prompts"][0]["took"]
    lines += ["", "| a prompt waits | ms | of the first |", "|---|---|---|"]
    lines += [f"| {p['name']} | {p['took']:.0f} | {p['took'] / bare:.1f} x |" for p in figures["prompts"]]
    lines.append("")
    lines.append(
        f"A round costs {1000 * run['round_cpu']:.0f} ms of processor time and {run['round_bytes']:,.0f} bytes of answers."
    )
    return lines


def _row(name: str, cost: dict[str, Any], ready: float, wakes: float) -> str:
    mib = [f"{cost[key] / 1024:.1f}" for key in ("rss", "pss", "private")]
    # A thread that ends takes its count along: then it is not known.
    woken = f"{wakes:.3f}" if wakes >= 0 else "not known"
    return f"| {name} | {' | '.join(mib)} | {ready:.2f} s | {woken} |"


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
