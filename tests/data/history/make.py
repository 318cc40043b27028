"""Makes `incidents.jsonl` and `components.json` from recorded pages: `python make.py FOLDER`.

FOLDER holds `history/` (two tables of OpenAI's page as it was until August 2024) and `openai-incidentio/` (answers of
the page that followed it). Only facts are taken over: ids, times, stages, impacts, components. No title, no prose.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
_POSTED = re.compile(r"([A-Z][a-z]{2} \d+, \d{4} - \d\d:\d\d) (PDT|PST)")
_ZONES = {"PDT": timezone(timedelta(hours=-7)), "PST": timezone(timedelta(hours=-8))}
_SERVICES = ("API", "ChatGPT", "Labs", "Playground")
Fact = dict[str, Any]


def main(source: Path) -> None:
    """Write both files beside this one."""
    new = source / "openai-incidentio"
    facts = sorted((*old_page(source / "history"), *new_page(new)), key=lambda f: (f["posts"][0][0], f["id"]))
    lines = (json.dumps(fact, separators=(",", ":")) + "\n" for fact in facts)
    (HERE / "incidents.jsonl").write_text("".join(lines), encoding="utf-8")
    listed = json.loads(next(new.glob("components-*.json")).read_text(encoding="utf-8"))["components"]
    rows = sorted((c["id"], c["name"]) for c in listed)
    (HERE / "components.json").write_text(
        "[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n", encoding="utf-8"
    )


def old_page(folder: Path) -> Iterator[Fact]:
    """2021 to 2024: every post with its stage, and the services that the page named."""
    for file in sorted(folder.glob("openai-incident_history_*.csv")):
        with file.open(newline="", encoding="utf-8") as rows:
            for row in csv.DictReader(rows):
                posts = sorted(_old_posts(json.loads(row["Updates"])), key=lambda post: post[0])
                yield {
                    "id": row["Incident_Link"].rsplit("/", 1)[-1],
                    "impact": row["Incident_Impact"].removeprefix("impact-"),
                    "components": [name for name in _SERVICES if re.search(rf"\b{name}\b", row["Service"])],
                    "posts": _with_stages(posts),
                }


def _old_posts(updates: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """Oldest first, as the page listed them newest first: posts of one minute keep their order."""
    for update in reversed(updates):
        found = _POSTED.search(update["Update_Timestamp"])
        assert found, update["Update_Timestamp"]
        at = datetime.strptime(found[1], "%b %d, %Y - %H:%M").replace(tzinfo=_ZONES[found[2]])
        yield _utc(at), update["Update_Title"].lower()


def _with_stages(posts: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A post that only adds words ("update") leaves the stage as it is; what follows the end is left out if it does."""
    found: list[tuple[str, str]] = []
    for at, word in posts:
        stage = found[-1][1] if word in ("update", "postmortem") and found else word
        found.append((at, "investigating" if stage == "update" else stage))
    while len(found) > 1 and found[-1][1] == found[-2][1] == "resolved":
        found.pop()
    return found


def new_page(folder: Path) -> Iterator[Fact]:
    """2026: begin and end of all; every post of the newest 25; components of those whose impacts were recorded."""
    told = {i["id"]: i for i in _list(folder, "incidents-2026-09-15T1222Z-25-resolved.json")}
    hurt = {i["id"]: i for i in _list(folder, "proxy-incidents-2026-08-5-of-93-trimmed.json")}
    with next(folder.glob("incident-history-*.csv")).open(newline="", encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            number = row["id"]
            fact: Fact = {"id": number, "impact": row["impact"] or None, "components": None}
            if number in told:
                fact["impact"] = told[number]["impact"]
                fact["posts"] = list(map(_new_post, reversed(told[number]["incident_updates"])))
            else:
                began = row["created_at"] or row["created_at_from_ulid"]
                fact["posts"] = [(_utc(began), None), (_utc(row["ended_at"]), "resolved")]
            if number in hurt:
                impacts = hurt[number]["component_impacts"]
                fact["components"] = sorted(i["component_id"] for i in impacts)
                fact["spans"] = [
                    (i["component_id"], i["status"], _utc(i["start_at"]), _utc(i["end_at"])) for i in impacts
                ]
            yield fact


def _list(folder: Path, name: str) -> list[Any]:
    found: list[Any] = json.loads((folder / name).read_text(encoding="utf-8"))["incidents"]
    return found


def _new_post(post: Fact) -> tuple[str, ...]:
    """When it was made and its stage, and when it says it was made where that is another time."""
    made, shown = _utc(post["created_at"]), _utc(post["display_at"])
    return (made, post["status"]) if made == shown else (made, post["status"], shown)


def _utc(at: str | datetime) -> str:
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
