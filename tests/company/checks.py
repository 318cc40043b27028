"""What must be so of what was found on the desks, as the rows of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.company.network import MIRROR_NAME, PROXY_NAME, STRAYS
from tests.company.site import ELSEWHERE, FOLLOW, LOCKED, MIRROR_URL

PAGE = "status.openai.com"
LATEST = 180.0
"""Seconds after which news is told at the latest: two minutes between readings, and what the mirror may add."""
STATES = ["operational", "major_outage", "operational"]
SCENES = ("calm", "outage", "resolved")
START, END = "ChatGPT is down", "ChatGPT is back"

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Row:
    """A line of the table."""

    what: str
    found: str
    must: str = ""
    is_met: bool = True


def equal(what: str, found: object, must: object) -> Row:
    """A line whose found must be just this."""
    return Row(what, _text(found), _text(must), found == must)


def linux_rows(found: Found) -> Iterator[Row]:
    """The Debian desk's."""
    seen = ["green", "red", "green"] if all(scene in found for scene in SCENES) else []
    yield equal("icon on XFCE's panel: calm, outage, resolved", seen, ["green", "red", "green"])
    titles = [title.partition(" after ")[0] for title, _ in found["notices"]]
    yield equal("told by dunst, after the welcome", titles[1:], [START, END])
    for word, what in (("told", "outage posted, then told, s"), ("ended", "end posted, then told, s")):
        seconds = float(found[word])
        yield Row(what, f"{seconds:.0f}", f"at most {LATEST:.0f}", seconds <= LATEST)
    yield from _reading_rows(found)
    given = [*found["clicked"], *found["chosen"]]
    yield Row(
        "opened by the notification's click and by the menu",
        ", ".join(given),
        f"https://{PAGE}/…",
        len(given) == 2 and all(_leads_to_page(link) for link in given),
    )
    links = [link for scene in SCENES for link in found[scene]["page"]["links"]]
    hosts = [urlsplit(link).netloc for link in links]
    names_mirror = any(found[scene]["page"]["names_mirror"] for scene in SCENES)
    yield Row(
        f"links on the details page: all, to {PAGE}, to the mirror",
        f"{len(links)}, {hosts.count(PAGE)}, {hosts.count(MIRROR_NAME)}",
        "some, some, 0; its name nowhere",
        hosts.count(PAGE) > 0 and MIRROR_NAME not in hosts and not names_mirror,
    )
    yield from _lock_rows(found)
    yield _proxy_row("the environment's variables", found["doctor"])
    yield _proxy_row("GNOME's settings", found["on_gnome"]["doctor"])
    yield equal("… a reading by GNOME's settings says", found["on_gnome"]["json"]["state"], "operational")
    yield from _count_rows(found)


def windows_rows(found: Found) -> Iterator[Row]:
    """The Windows program's."""
    yield from _reading_rows(found)
    yield from _lock_rows(found)
    (file,) = found["settings_as_wine_has_owners"]["site_files"]
    yield Row(
        "the same file, owned by the person",
        "does not count" if "does not count" in file["problem"] else file["problem"] or "counts",
        "does not count",
        "does not count" in file["problem"],
    )
    yield _proxy_row("Windows' settings", found["doctor"])
    yield from _count_rows(found)


def _reading_rows(found: Found) -> Iterator[Row]:
    readings = [found[scene].get("json", found[scene]) for scene in SCENES]
    yield equal("`status --json`: calm, outage, resolved", [each["state"] for each in readings], STATES)
    links = [incident["url"] for each in readings for incident in each["incidents"]]
    is_right = len(links) == 1 and _leads_to_page(links[0])
    yield Row("… its link to the incident", ", ".join(links), f"https://{PAGE}/…", is_right)


def _lock_rows(found: Found) -> Iterator[Row]:
    locked = {each["key"]: each for each in found["settings"]["settings"] if each["from"] == "locked"}
    yield equal("`settings --json`: locked", sorted(locked), sorted(LOCKED))
    files = {each["file"] for each in locked.values()}
    yield Row("… by", ", ".join(files), "the site's file alone", len(files) == 1 and "" not in files)
    values = [locked[key]["value"] for key in ("follow", "page.url") if key in locked]
    yield equal(
        "… `follow` and `page.url`, which the person's file has otherwise", values, [FOLLOW, MIRROR_URL]
    )
    overridden = sorted(key for key, each in locked.items() if each["overrides_person"])
    yield equal("… named as overriding the person's", overridden, sorted(LOCKED))


def _proxy_row(source: str, doctor: Sequence[Found]) -> Row:
    (said,) = (each["found"] for each in doctor if each["what"] == "Proxy")
    is_right = said.startswith(f"http://{PROXY_NAME}:3128") and source in said
    return Row("`doctor`: the proxy", said, f"{PROXY_NAME}, from {source}", is_right)


def _count_rows(found: Found) -> Iterator[Row]:
    counts, strays = found["counts"], found["strays"]
    packets, connections = counts["packets"]["meant"], counts["packets"]["connections"]
    for place in ("proxy", "mirror"):
        by = f"{connections.get(place, 0)} connections, {packets.get(place, 0)} packets"
        yield Row(f"to the {place}", by, "some" if place == "proxy" else "")
    past = counts["packets"]["past"]
    yield Row(
        "**past proxy and mirror, packets**",
        _text(past) if past else "0",
        "0",
        not past,
    )
    yield Row(
        "… the control, past them on purpose: places counted",
        str(len(strays)),
        f"{len(STRAYS)} of {len(STRAYS)}",
        set(strays) == {" ".join(map(str, each)) for each in STRAYS},
    )
    asked = counts["proxy"]
    yield equal("connections in squid's log", sum(asked.values()), connections.get("proxy", 0))
    yield Row("… to", _text({key.removeprefix("CONNECT "): n for key, n in asked.items()}))
    for name, host in (("OpenAI's page, past the mirror", PAGE), ("what the person's file names", ELSEWHERE)):
        number = sum(n for key, n in asked.items() if host in key)
        yield equal(f"… {name}", number, 0)
    mirror, page = counts["mirror"], counts["page"]
    good = sum(n for key, n in mirror.items() if key.split(" ")[1].startswith("/api/"))
    yield Row("asked of the mirror: documents", str(good), "some", good > 0)
    yield Row("asked of OpenAI's page by the mirror", str(sum(page.values())), "some", sum(page.values()) > 0)


def _leads_to_page(link: str) -> bool:
    parts = urlsplit(link)
    return (parts.scheme, parts.netloc) == ("https", PAGE)


def _text(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {number}" for key, number in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(map(_text, value))
    return str(value)


def table(rows: Iterable[Row]) -> str:
    """The rows as Markdown."""
    lines = ["| what | found | must be | |", "|---|---|---|---|"]
    for row in rows:
        met = ("met" if row.is_met else "**NOT MET**") if row.must else ""
        lines.append(f"| {row.what} | {row.found} | {row.must} | {met} |")
    return "\n".join(lines) + "\n"
