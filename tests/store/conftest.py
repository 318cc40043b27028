"""What the store's tests share."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests.store.samples import OLD, TOLD
from tests.store.values import NOON
from trayapp.store import Store


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A state file of an earlier run."""
    path = tmp_path / "state.db"
    with closing(Store.open(path, NOON)) as store:
        store.save(OLD, [TOLD], now=NOON)
    return path
