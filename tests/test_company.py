"""`make company-desk` counts what goes past proxy and mirror, and its table names what is not as it must be."""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from tests.company.checks import Row, linux_rows, table, windows_rows
from tests.company.network import MIRROR, PROXY, STRAYS
from tests.company.site import FOLLOW, LOCKED, MIRROR_URL
from tests.namespaces import missing, run_inside

SITE_FILE = "/etc/xdg/openai-status-tray/config.toml"
INCIDENT = "https://status.openai.com/incidents/01DEM0HAPP0000000000000007"
VALUES = {"follow": FOLLOW, "page.url": MIRROR_URL, "page.interval": "2m"}
COUNTED = f"""
import json, subprocess, sys
from dataclasses import asdict
from tests.company.network import DESK, STRAY, count, make_desk, make_servers
servers = make_servers()
desk = make_desk(servers, DESK)
before = count(servers)
desk.run(sys.executable, "-c", STRAY)
desk.run(sys.executable, "-c", '''
import socket
for place in (("{PROXY}", 3128), ("{MIRROR}", 443), ("{MIRROR}", 443), ("{MIRROR}", 80)):
    with socket.socket() as tried:
        tried.connect_ex(place)
''')
print(json.dumps(asdict(count(servers).less(before))))
"""


@pytest.mark.long  # two of the ways past are dropped, and each is waited for
@pytest.mark.skipif(bool(missing("nft", "nsenter")), reason=missing("nft", "nsenter") or "it is here")
def test_what_goes_past_proxy_and_mirror_is_counted() -> None:
    """By the kernel, wherever it wants to go; a wrong port of the mirror's is past it, too."""
    done = run_inside(sys.executable, "-c", COUNTED)
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    past = {" ".join(map(str, each)) for each in STRAYS} | {f"tcp {MIRROR} 80"}
    assert counted["past"].keys() == past
    assert counted["meant"] == {"proxy": 1, "mirror": 2}
    assert counted["connections"] == {"proxy": 1, "mirror": 2}


def reading(state: str) -> dict[str, Any]:
    """What `status --json` says."""
    return {"state": state, "incidents": [{"url": INCIDENT}] if state == "major_outage" else []}


def on_windows() -> dict[str, Any]:
    """What is found when all is as it must be."""
    settings = [
        {"key": key, "value": VALUES[key], "from": "locked", "file": SITE_FILE, "overrides_person": True}
        for key in LOCKED
    ]
    return {
        "calm": reading("operational"),
        "outage": reading("major_outage"),
        "resolved": reading("operational"),
        "settings": {"settings": settings},
        "settings_as_wine_has_owners": {"site_files": [{"problem": "does not count: …"}]},
        "doctor": [{"what": "Proxy", "found": "http://proxy.example.com:3128 (from Windows' settings)"}],
        "counts": {
            "packets": {"meant": {"proxy": 9, "mirror": 9}, "connections": {"proxy": 3}, "past": {}},
            "proxy": {"CONNECT api.openai.com:443": 3},
            "mirror": {"200 /api/v2/summary.json": 3},
            "page": {"/api/v2/summary.json": 1},
        },
        "strays": {" ".join(map(str, each)): 1 for each in STRAYS},
    }


def on_debian() -> dict[str, Any]:
    """The same of the session."""
    found = on_windows()
    proxy = "http://proxy.example.com:3128 (from {})".format
    for scene in ("calm", "outage", "resolved"):
        page = {"links": ["https://status.openai.com/", "https://help.openai.com"], "names_mirror": False}
        found[scene] = {"json": found[scene], "page": page}
    return found | {
        "notices": [["welcome", ""], ["ChatGPT is down", ""], ["ChatGPT is back after 1 min", ""]],
        "told": "90",
        "ended": "90",
        "clicked": [INCIDENT],
        "chosen": ["https://status.openai.com/"],
        "doctor": [{"what": "Proxy", "found": proxy("the environment's variables")}],
        "on_gnome": {
            "doctor": [{"what": "Proxy", "found": proxy("GNOME's settings")}],
            "json": reading("operational"),
        },
    }


def unmet_rows(rows: Iterable[Row]) -> list[str]:
    """What is not as it must be."""
    return [row.what for row in rows if not row.is_met]


def test_all_that_is_as_it_must_be_passes() -> None:
    """On both desks."""
    assert unmet_rows(linux_rows(on_debian())) == unmet_rows(windows_rows(on_windows())) == []
    assert "NOT MET" not in table(linux_rows(on_debian()))


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """Sets what is found at a path of keys."""

    def apply(found: dict[str, Any]) -> None:
        *above, last = path.split("/")
        for key in above:
            found = found[key]
        found[last] = value

    return apply


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        ("counts/packets/past", {"udp 1.1.1.1 53": 1}, "**past proxy and mirror, packets**"),
        ("counts/proxy", {"CONNECT status.openai.com:443": 1}, "… OpenAI's page, past the mirror"),
        ("counts/proxy", {"CONNECT elsewhere.example:443": 1}, "… what the person's file names"),
        ("strays", {}, "… the control, past them on purpose: places counted"),
        ("told", "200", "outage posted, then told, s"),
        ("clicked", [MIRROR_URL], "opened by the notification's click and by the menu"),
        ("notices", [["welcome", ""]], "told by dunst, after the welcome"),
        (
            "calm/page/links",
            [MIRROR_URL],
            "links on the details page: all, to status.openai.com, to the mirror",
        ),
        ("settings/settings", [], "`settings --json`: locked"),
        ("outage/json", reading("operational"), "`status --json`: calm, outage, resolved"),
    ],
)
def test_what_is_not_as_it_must_be_is_named(path: str, value: object, named: str) -> None:
    """In the table, and by the exit status."""
    found = copy.deepcopy(on_debian())
    change(path, value)(found)
    assert named in unmet_rows(linux_rows(found))
