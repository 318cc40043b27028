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

from trayapp.demo.page_json import SUMMARY_PATH
from trayapp.demo.server import JSON_HEADERS, CannedAnswer

OWN = Path(__file__).parent / "data" / "film"

Scene = Mapping[str, CannedAnswer]
"""Path -> answer."""


@dataclass(frozen=True)
class Film:
    """A calm page, then one open minor incident though all listed components are operational, then calm again.

    The last scene is older than the second by its own `updated_at`, as on the real page, where that date falls back by
    months when the last incident ends.
    """

    scenes: tuple[Scene, Scene, Scene]

    @property
    def incident_id(self) -> str:
        """The id of the incident of the second scene."""
        found = json.loads(self.scenes[1][SUMMARY_PATH].body)["incidents"][0]["id"]
        assert isinstance(found, str)
        return found

    @property
    def before_the_fix(self) -> Scene:
        """The second scene as it was before the incident's newest post, with which it went over to monitoring."""
        return {
            path: CannedAnswer(200, _without_newest_post(answer.body), JSON_HEADERS)
            for path, answer in self.scenes[1].items()
        }


def _without_newest_post(body: bytes) -> bytes:
    content = json.loads(body)
    for incident in content.get("incidents", ()):
        if incident.pop("monitoring_at", None) and "resolved_at" not in incident:
            del incident["incident_updates"][0]
            newest = incident["incident_updates"][0]
            incident |= {"status": newest["status"], "updated_at": newest["updated_at"]}
            content["page"]["updated_at"] = newest["updated_at"]
    return json.dumps(content).encode()


def own_film() -> Film:
    """The project's own film, in the shapes of the real page."""
    calm = scene_from(OWN / "calm")
    return Film((calm, scene_from(OWN / "minor"), calm))


def scene_from(folder: Path) -> Scene:
    """A folder's JSON files under /api/v2/, each by its own name."""
    return {f"/api/v2/{file.name}": answer_of_file(file) for file in sorted(folder.glob("*.json"))}


def answer_of_file(file: Path) -> CannedAnswer:
    """One file as the page would answer it."""
    return CannedAnswer(200, file.read_bytes(), JSON_HEADERS)
