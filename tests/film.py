"""Films for tests from end to end: what a status page answered, scene after scene, served on loopback.

first, trouble, after = film().scenes
with StatusServer(first) as server:
    ...
    server.answer_all(trouble)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from trayapp.demo.server import JSON, Served
from trayapp.demo.wire import COMPONENTS, INCIDENTS, SUMMARY

HERE = Path(__file__).parent
OWN = HERE / "data" / "film"
RECORDED = HERE.parent.parent / "shared" / "data" / "openai-incidentio"

Scene = Mapping[str, Served]
"""Path -> answer."""


@dataclass(frozen=True)
class Film:
    """A calm page, then one open minor incident though all listed components are operational, then calm again.

    The last scene is older than the second by its own `updated_at`: a program that guards against slower caches
    believes it only after two minutes.
    """

    name: str
    scenes: tuple[Scene, Scene, Scene]

    @property
    def incident_id(self) -> str:
        """The id of the incident of the second scene."""
        found = json.loads(self.scenes[1][SUMMARY].body)["incidents"][0]["id"]
        assert isinstance(found, str)
        return found


def film() -> Film:
    """The recorded film where its answers are present, else the project's own."""
    return recorded_film() or own_film()


def recorded_film() -> Film | None:
    """What the real page answered on two days of September 2026; None where the recordings are absent."""
    if not RECORDED.is_dir():
        return None
    calm = _recorded_scene("summary-2026-09-15T1219Z-operational.json")
    minor = _recorded_scene("summary-2026-09-22T1534Z-minor-incident-all-listed-components-operational.json")
    return Film("recorded", (calm, minor, calm))


def own_film() -> Film:
    """The project's own film of the same shape."""
    calm = scene_from(OWN / "calm")
    return Film("own", (calm, scene_from(OWN / "minor"), calm))


def scene_from(folder: Path) -> Scene:
    """A folder's JSON files under /api/v2/, each by its own name."""
    return {f"/api/v2/{file.name}": served(file) for file in sorted(folder.glob("*.json"))}


def served(file: Path) -> Served:
    """One file as the page would answer it."""
    return Served(200, file.read_bytes(), JSON)


def _recorded_scene(summary: str) -> Scene:
    return {
        SUMMARY: served(RECORDED / summary),
        COMPONENTS: served(RECORDED / "components-2026-08-34-components-trimmed-keys.json"),
        INCIDENTS: served(RECORDED / "incidents-2026-09-15T1222Z-25-resolved.json"),
    }
