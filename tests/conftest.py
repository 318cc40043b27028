"""What every room's tests share: signals as in a terminal, and last lines that say what was skipped and how to run it."""

from __future__ import annotations

import signal
from collections import Counter

import pytest

HOW = "make desktop-tools"


def pytest_configure() -> None:
    """Take Ctrl-C again where a shell had it ignored (`nohup … &`): programs that are started inherit that."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
