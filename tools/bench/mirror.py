"""Loads the mirror, with its page slow and then failing, and prints what that costs the page, the mirror and the news.

`--write` puts the tables into docs/company.md. Takes three minutes, and two cores for most of it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPSConnection
from pathlib import Path
from random import Random
from string import ascii_lowercase
from threading import Event, Thread

from tests.measurements import put_into
from tests.mirror.nginx import Files, Nginx, missing, prepare_files
from tests.mirror.page import Page, Reply
from tools.bench.cost import cost

DOC = Path(__file__).parents[2] / "docs/company.md"
SUMMARY = "/api/v2/summary.json"
DOCUMENTS = (SUMMARY, "/api/v2/components.json", "/proxy/status.openai.com")
"""What desks ask for on an ordinary day."""
SLOW = 0.8
"""Seconds that the page takes to answer."""
CHANGES = 6.1
"""Seconds between two changes of the page: no divisor of the mirror's slot, so that they fall anywhere in one."""
CONNECTIONS = 32
AWAY = 50
"""Seconds after which no copy is given out without asking whether there is a newer one."""
IDLE = 1000
"""Connections that are kept and do nothing."""

MOST_ASKED = 4
"""Requests a minute and document."""
LATEST = 60.0
"""Seconds that a desk may hear of a change later than without the mirror."""


ULID = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def document(serial: int) -> bytes:
    """As large as OpenAI's list of components: 34 of them, each with all that it has."""
    stamp, dice = "2026-09-15T12:00:00Z", Random(1)  # noqa: S311 - made up, and the same each time
    components = [
        {
            "id": "01JMX" + "".join(dice.choices(ULID, k=21)), "name": "".join(dice.choices(ascii_lowercase, k=12)), "status": "operational",
            "position": number, "created_at": stamp, "updated_at": stamp, "page_id": "01JMDK9XYNY6RXSED6SDWW50WY",
        }
        for number in range(34)
    ]  # fmt: skip
    page = {"id": "01JMDK9XYNY6RXSED6SDWW50WY", "name": "OpenAI", "url": "https://status.openai.com/"}
    status = {"indicator": "none", "description": "All Systems Operational"}
    return json.dumps({"page": page, "status": status, "serial": serial, "components": components}).encode()


@dataclass
class News:
    """When each change of the page could first be had from it, and when from the mirror; on the monotonic clock."""

    posted: list[float] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)
    """The same changes; one that was overtaken by the next is seen with that."""
    ages: list[tuple[float, float]] = field(default_factory=list)
    """Of each answer: its Age, and for how long its content has been out of date at most."""

    def late(self) -> list[float]:
        """Seconds between the two, for each change that was seen."""
        return [seen - posted for posted, seen in zip(self.posted, self.seen, strict=False)]


def main() -> int:
    """Measure all of it in one run."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.mirror", description=__doc__)
    parser.add_argument(
        "--write", action="store_true", help="put the tables between the markers of docs/company.md"
    )
    parser.add_argument(
        "--seconds", type=float, default=120.0, help="of load before the slow and failing page"
    )
    arguments = parser.parse_args()
    lacking = missing() or ("" if shutil.which("wrk") else "wrk is not installed (Debian: apt install wrk)")
    if lacking:
        print(lacking, file=sys.stderr)
        return 1
    text = "\n".join(measure(arguments.seconds)) + "\n"
    print(text)
    if arguments.write and not put_into(DOC, "mirror", text):
        print(f"{DOC} has no markers <!-- mirror --> and <!-- /mirror -->: nothing written", file=sys.stderr)
    return 0


def measure(seconds: float) -> list[str]:
    """The tables' lines."""
    with ExitStack() as held:
        folder = Path(held.enter_context(tempfile.TemporaryDirectory(prefix="mirror-bench-")))
        page = held.enter_context(Page())
        page.reply = Reply(body=document(0), after=SLOW)
        nginx = held.enter_context(Nginx(prepare_files(folder / "mirror", page.address)))
        files, worker = nginx.files, nginx.worker()
        rows = _load_mirror(files, page, folder, seconds)
        page.reply = Reply(body=document(0))
        rows += _alone(files, page)
        lines = ["| what | measured | budget | |", "|---|---|---|---|"]
        lines += [f"| {what} | {value} | {budget} | {mark} |" for what, value, budget, mark in rows]
        lines += ["", *_answers(files, page, folder, worker), "", _measure_idle_connections(files, worker)]
    return lines


Row = tuple[str, str, str, str]
"""What, measured, budget, met or not."""


def _load_mirror(files: Files, page: Page, folder: Path, seconds: float) -> list[Row]:
    """Under all the load that one wrk can make: half of the time slow, then hanging, refusing, and slow again."""
    _say(f"{seconds:.0f} s of load before a page that is slow, hangs and refuses")
    news, began, until = News(), time.monotonic(), time.monotonic() + seconds
    with reporting(files, page, news), loading(files, folder, seconds) as load:
        states: tuple[tuple[float, Reply | None], ...] = (
            (0.5, None), (0.15, Reply(after=10.0)), (0.15, Reply(503, b"no")), (0.2, None),
        )  # fmt: skip
        for share, failing in states:
            _change(page, news, min(until, time.monotonic() + share * seconds), failing)
        said = load.communicate(timeout=60)[0]
    load_of = wrk_figures(said)
    asked = page.counts(since=began)
    per_minute = Counter((path, int((at + time.time() - time.monotonic()) // 60)) for at, path in page.asked)
    most, late = max(per_minute.values()), news.late()
    return [
        ("answers to desks in that time, a second", f"{load_of.a_second:,.0f}", "", ""),
        ("… of them errors", f"{load_of.errors}", "0", _mark(load_of.errors == 0)),
        ("requests to the page, a minute of the clock and document, at most", f"{most}", f"{MOST_ASKED}", _mark(most <= MOST_ASKED)),
        ("… all documents together, in that time", f"{asked.total()}", "", ""),
        ("a change is seen later than without a mirror, median, s", f"{statistics.median(late):.1f}", "", ""),
        ("… at most, s", f"{max(late):.1f}", f"{LATEST:.0f}", _mark(max(late) <= LATEST)),
        ("an answer is older than its Age says, at most, s", f"{max(0.0, *(real - age for age, real in news.ages)):.1f}", "0", _mark(all(real <= age for age, real in news.ages))),
    ]  # fmt: skip


def _change(page: Page, news: News, until: float, failing: Reply | None) -> None:
    """Let the page change now and then, or fail: what it posts then can be had from nobody before it is well again."""
    if failing is not None:
        page.reply = failing
        time.sleep(max(0.0, until - time.monotonic()))
        return
    while time.monotonic() < until:
        news.posted.append(time.monotonic())
        page.reply = Reply(body=document(len(news.posted)), after=SLOW)
        time.sleep(max(0.0, min(CHANGES, until - time.monotonic())))


@contextmanager
def reporting(files: Files, page: Page, news: News) -> Iterator[None]:
    """A desk that asks all the time, and notes when it sees what."""
    ended = Event()
    context = ssl.create_default_context(cafile=str(files.authority))

    def report() -> None:
        connection = HTTPSConnection("127.0.0.1", files.port, context=context, timeout=15)
        while not ended.wait(0.1):
            connection.request("GET", SUMMARY)
            answer = connection.getresponse()
            body, at = answer.read(), time.monotonic()
            if answer.status != 200:
                continue
            serial = json.loads(body)["serial"]
            news.seen += [at] * (serial - len(news.seen))
            superseded = news.posted[serial] if serial < len(news.posted) else at
            news.ages.append((float(answer.headers["age"]), at - superseded))
        connection.close()

    thread = Thread(target=report, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(20)


def _alone(files: Files, page: Page) -> list[Row]:
    """One desk alone, by the program's rhythm after it has read of trouble: 20 s between two readings."""
    _say("one desk alone, for a minute")
    time.sleep(20)  # until the load's last copy is old
    context = ssl.create_default_context(cafile=str(files.authority))
    stale = 0
    for number in range(1, 5):
        page.reply = Reply(body=document(number), after=SLOW)
        connection = HTTPSConnection("127.0.0.1", files.port, context=context, timeout=15)
        connection.request("GET", SUMMARY)
        answer = connection.getresponse()
        serial = json.loads(answer.read())["serial"]
        connection.close()
        stale += serial != number
        if number < 4:
            time.sleep(20)
    return [
        (
            "one desk alone, four readings 20 s apart: of the page as it was then",
            f"{4 - stale}",
            "4",
            _mark(not stale),
        )
    ]


def _answers(files: Files, page: Page, folder: Path, worker: int) -> list[str]:
    """What one core can answer, each kind for six seconds; the page is away afterwards."""
    lines = [
        "| one core, one nginx worker, TLS 1.3, P-256 | answers a second | a second of processor time | bytes, an answer |",
        "|---|---|---|---|",
    ]
    kinds = {
        "a document, kept connection": "",
        "“not modified” (304), kept connection": f"wrk.headers['If-None-Match'] = '{_ask_all(files)}'\n",
        "a document, a new connection each time, no session resumed": 'wrk.headers["Connection"] = "close"\n',
    }
    away = "a document, kept connection, while the page has been away for a minute"
    for kind, script in {**kinds, away: ""}.items():
        _say(kind)
        if kind == away:
            page.reply = Reply(503, b"no")
            time.sleep(AWAY)
        _ask_all(files)
        before = cost(worker).seconds
        with loading(files, folder, 6, script) as load:
            found = wrk_figures(load.communicate(timeout=60)[0])
        used = cost(worker).seconds - before
        lines.append(
            f"| {kind} | {found.a_second:,.0f} | {found.requests / used:,.0f} | {found.bytes / found.requests:,.0f} |"
        )
    return lines


def _ask_all(files: Files) -> str:
    """Have the mirror renew its copies, so that no load waits for the page; gives the summary's ETag."""
    tags = []
    for path in DOCUMENTS:
        context = ssl.create_default_context(cafile=str(files.authority))
        connection = HTTPSConnection("127.0.0.1", files.port, context=context)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        tags.append(answer.headers["etag"])
    return tags[0]


def _measure_idle_connections(files: Files, worker: int) -> str:
    """What a connection costs that is kept and does nothing."""
    context = ssl.create_default_context(cafile=str(files.authority))
    before, held = cost(worker).private, []
    for _ in range(IDLE):
        connection = HTTPSConnection("127.0.0.1", files.port, context=context)
        connection.request("GET", SUMMARY)
        connection.getresponse().read()
        held.append(connection)
    each = (cost(worker).private - before) / IDLE
    for connection in held:
        connection.close()
    size = len(document(0))
    return (
        f"A connection that is kept and does nothing costs {each:.0f} KiB of nginx's memory. The documents had "
        f"{size:,} bytes, {len(gzip.compress(document(0))):,} compressed; the page took {SLOW} s to answer."
    )


@dataclass(frozen=True)
class Figures:
    """What wrk counted."""

    requests: int
    bytes: float
    a_second: float
    errors: int


@contextmanager
def loading(files: Files, folder: Path, seconds: float, script: str = "") -> Iterator[subprocess.Popen[str]]:
    """Wrk, asking for the documents in turn as fast as they come."""
    paths = ", ".join(f'"{path}"' for path in DOCUMENTS if not script or path == SUMMARY)
    lua = folder / "load.lua"
    lua.write_text(
        f'local paths, at = {{{paths}}}, 0\nwrk.headers["Accept-Encoding"] = "gzip"\n{script}'
        "function request()\n  at = at % #paths + 1\n  return wrk.format('GET', paths[at])\nend\n",
        "utf-8",
    )
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:.0f}s", "--timeout", "6s", "-s", str(lua)]
    process = subprocess.Popen(
        [*command, f"https://127.0.0.1:{files.port}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def wrk_figures(said: str) -> Figures:
    """What wrk printed, as numbers."""
    counted = re.search(r"(\d+) requests in ([\d.]+)(m?s|m), ([\d.]+)([KMG]?)B read", said)
    assert counted, said
    units = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30}
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    assert rate, said
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    errors = int(bad[1]) if bad else 0
    errors += sum(map(int, broken.groups())) if broken else 0
    return Figures(int(counted[1]), float(counted[4]) * units[counted[5]], float(rate[1]), errors)


def _mark(is_met: bool) -> str:
    return "met" if is_met else "**missed**"


def _say(what: str) -> None:
    print(what, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
