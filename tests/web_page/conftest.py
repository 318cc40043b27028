"""A browser for the tests that need a real one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web_page.browser import MISSING, PROGRAM, Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One for all tests; they open a page each."""
    if PROGRAM is None:
        pytest.skip(MISSING)
    with Browser() as browser:
        yield browser
