"""What every room's tests share: signals as in a terminal, and last lines that say what was skipped and how to run it."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

HOW = "make desktop-tools"


def pytest_configure() -> None:
    """Take signals again that a shell had ignored (`nohup … &`): programs that are started inherit that."""
    usual: dict[str, Any] = {
        "SIGINT": signal.default_int_handler,
        "SIGHUP": signal.SIG_DFL,
        "SIGTERM": signal.SIG_DFL,
    }
    for name, handler in usual.items():
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Generator[None, Any, Any]:
    """Spell out half characters in what a process reports: pytest-xdist cannot send them and would end the whole run."""
    return spell_out((yield))


def spell_out(report: Any) -> Any:
    """Replace, however deep, what UTF-8 does not know."""
    if isinstance(report, str):
        return report.encode("utf-8", "backslashreplace").decode("utf-8")
    if isinstance(report, dict):
        return {key: spell_out(value) for key, value in report.items()}
    if isinstance(report, list | tuple):
        return type(report)(map(spell_out, report))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name each reason once; desktop tests are those whose tools can be installed."""
    reports = terminalreporter.stats.get("skipped", [])
    whys = (
        report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        for report in reports
    )
    reasons = Counter(why.removeprefix("Skipped: ") for why in whys)
    for why, count in sorted(reasons.items(), key=lambda each: HOW in each[0]):
        kind = "desktop tests" if HOW in why else "tests"
        terminalreporter.write_line(f"{count} {kind} were skipped: {why}")
