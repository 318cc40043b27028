"""`demo`: a whole outage, told to whoever watches, without any network."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import systems
from tests.endtoend.running import NORMAL, Notices, Program
from trayapp.demo.story import STORY, StoryStep

LOOPBACK_ALONE = ("unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", *NORMAL)
IN_TIME = 2.0
"""Seconds."""

QUICKLY = ("demo", "--speed", "600")


@pytest.mark.desktop
@systems.iproute
@systems.own_network
def test_the_whole_story_is_told_without_a_network(
    tmp_path: Path, bus: dict[str, str], notices: Notices
) -> None:
    """With loopback alone: every scene is named, the state follows it, and its start and end are notified."""
    home = tmp_path / "home"
    with Program(home, *QUICKLY, env=bus, command=LOOPBACK_ALONE) as program:
        for beat in STORY:
            program.wait_for(f"[{beat.minute:2} min] {beat.note}")
        assert program.end() < IN_TIME
    assert program.process.returncode == 0
    assert "APIs down" in program.output
    assert "Traceback" not in program.output
    assert notices.with_title("down"), notices.all()
    assert notices.with_title("back"), notices.all()
    assert not home.exists(), "the person's own files are left alone"


@pytest.mark.parametrize("scene", [STORY[0], STORY[5]], ids=["calm", "down"])
def test_it_ends_when_told(scene: StoryStep, tmp_path: Path) -> None:
    """In the middle of the story as at its beginning; its temporary home goes with it."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    with Program(tmp_path / "home", *QUICKLY, env=env) as program:
        program.wait_for(scene.note)
        assert program.end() < IN_TIME
    assert program.process.returncode == 0
    assert not program.left_behind()
    assert list(temporary.iterdir()) == []
