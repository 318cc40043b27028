"""What every room's tests share: the last lines say which desktop tests were skipped and how to run them."""

from __future__ import annotations

import pytest

HOW = "make desktop-tools"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the desktop tests that were skipped because their tools are missing."""
    reasons: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if HOW in why:
            reasons[why] = reasons.get(why, 0) + 1
    for why, count in reasons.items():
        terminalreporter.write_line(f"{count} desktop tests were skipped: {why.removeprefix('Skipped: ')}")
