"""Packages that were just made, and desktops to try them on. They are made and tried by `build/check-installed` alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desktop.xfce import Xfce
from tests.endtoend.running import Browser

DIST = Path(__file__).parents[2] / "dist"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip all of this room where the packages were not made for it."""
    if os.environ.get("CHECK_INSTALLED"):
        return
    skip = pytest.mark.skip(reason="packages are made and tried by `make check-installed`")
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def panel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Xfce]:
    """A running XFCE desktop, whose variables a test hands on."""
    desktop = Xfce(tmp_path_factory.mktemp("xfce"))
    yield desktop
    desktop.close()


@pytest.fixture
def browser(tmp_path: Path) -> Browser:
    """The person's browser, which keeps its environment too."""
    return Browser(tmp_path / "bin")
