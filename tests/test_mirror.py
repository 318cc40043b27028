"""The mirror for companies asks OpenAI's page little, whatever happens, and is honest about how old its copies are."""

from __future__ import annotations

import gzip
import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from tests.mirror.nginx import Nginx, missing, prepare_files
from tests.mirror.page import Page, Reply, document

pytestmark = [pytest.mark.long, pytest.mark.skipif(missing() != "", reason=missing())]

SUMMARY = "/api/v2/summary.json"
DOCUMENTS = (
    *(
        f"/api/v2/{name}.json"
        for name in ("summary", "status", "components", "incidents", "incidents/unresolved")
    ),
    *(f"/api/v2/scheduled-maintenances{name}.json" for name in ("", "/upcoming", "/active")),
    *("/proxy/status.openai.com", "/proxy/status.openai.com/incidents"),
)
SLOT = 2
"""Seconds within which the page is asked once; 15 in truth."""
MEANWHILE = 6
"""Seconds after a slot for which a copy is given out while it is renewed; 30 in truth."""
HTML = {"Content-Type": "text/html; charset=utf-8"}
FAILING = {
    "503": Reply(503, b"no", HTML),
    "403, a challenge": Reply(403, b"<html>prove that you are human</html>", HTML),
    "429": Reply(429, b"{}", {"Retry-After": "3600"}),
    "HTML instead of a document": Reply(200, b"<html>sign in</html>", HTML),
    "HTML that calls itself JSON": Reply(200, b"<html>sign in</html>"),
    "JSON that is no document": Reply(200, b'["fine"]'),
    "a document cut short": Reply(200, document()[:-5]),
    "a redirect": Reply(302, b"", {"Location": "https://elsewhere.example/"}),
    "more than a megabyte": Reply(200, document(more="x" * (1 << 20))),
    "a connection that breaks off": Reply(is_reset=True),
}


@dataclass(frozen=True)
class Got:
    """What a desk was answered."""

    status: int
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    seconds: float

    @property
    def age(self) -> int:
        """Of a copy, in seconds."""
        return int(self.headers["age"])


class Desk:
    """Asks the mirror, and trusts the company's authority alone."""

    def __init__(self, nginx: Nginx) -> None:
        self._port = nginx.files.port
        self._context = ssl.create_default_context(cafile=str(nginx.files.authority))

    def get(self, path: str = SUMMARY, method: str = "GET", **headers: str) -> Got:
        """One request on a connection of its own; a header's name with _ for -."""
        began = time.monotonic()
        connection = http.client.HTTPSConnection("127.0.0.1", self._port, context=self._context, timeout=15)
        try:
            connection.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Got(answer.status, named, body, time.monotonic() - began)


def error_of(reply: Reply) -> int:
    """With which status the mirror says that it has no document: the page's own, unless that says that all is well."""
    return reply.status if reply.status >= 400 else 502


def pass_slot() -> None:
    """Wait until no copy is new any more; nginx counts whole seconds, and the last one in full."""
    time.sleep(SLOT + 1.1)


@pytest.fixture
def page() -> Iterator[Page]:
    """OpenAI's, on loopback."""
    with Page() as page:
        yield page


@pytest.fixture
def desk(tmp_path: Path, page: Page) -> Iterator[Desk]:
    """Before a mirror of it."""
    with Nginx(prepare_files(tmp_path / "mirror", page.address, slot=SLOT, meanwhile=MEANWHILE)) as nginx:
        yield Desk(nginx)


def test_a_document_comes_as_it_is_and_is_kept(desk: Desk, page: Page) -> None:
    """The second desk has it from the mirror."""
    page.reply = Reply(body=document(note="ü"))
    first, second = desk.get(), desk.get()
    assert first.status == second.status == 200
    assert first.body == second.body == page.reply.body
    assert first.headers["content-type"] == "application/json"
    assert page.counts() == {SUMMARY: 1}


@pytest.mark.parametrize("is_kept", [False, True])
def test_a_burst_is_one_request(desk: Desk, page: Page, is_kept: bool) -> None:
    """Whether the mirror has an old copy or none; with one nobody waits but the desk that renews it."""
    if is_kept:
        desk.get()
        pass_slot()
    page.reply, before = Reply(after=0.5), len(page.asked)
    with ThreadPoolExecutor(40) as pool:
        got = list(pool.map(lambda _number: desk.get(), range(40)))
    assert {one.status for one in got} == {200}
    assert len(page.asked) - before <= 2, "one, and another where a slot ended within the burst"
    if is_kept:
        assert sum(one.headers["x-cache"] == "UPDATING" for one in got) >= 30


@pytest.mark.parametrize("is_kept", [False, True], ids=["without a copy", "with a copy"])
def test_a_failing_page_is_not_asked_more_often(desk: Desk, page: Page, is_kept: bool) -> None:
    """With a copy, desks get that and its age; without one, an error that is no HTML. Nothing bad is kept."""
    kinds = dict(zip(DOCUMENTS, FAILING, strict=True))
    if is_kept:
        page.replies = {path: Reply(body=document(of=path)) for path in kinds}
        good = {path: desk.get(path) for path in kinds}
        pass_slot()
    page.replies = {path: FAILING[kind] for path, kind in kinds.items()}
    began = time.monotonic()
    got: dict[str, list[Got]] = {path: [] for path in kinds}
    while time.monotonic() < began + 2 * SLOT:
        for path, answers in got.items():
            answers.append(desk.get(path))
    assert max(page.counts(since=began).values()) <= 3, "one in a slot"
    for path, kind in kinds.items():
        assert len(got[path]) > 6, kind
        if is_kept:
            assert {(one.status, one.body) for one in got[path]} == {(200, good[path].body)}, kind
            assert got[path][0].age >= SLOT
        else:
            assert {one.status for one in got[path]} == {error_of(FAILING[kind])}, kind
            assert all("error" in json.loads(one.body) and "age" not in one.headers for one in got[path]), (
                kind
            )
    page.replies = {}
    pass_slot()
    assert {path: desk.get(path).body for path in kinds} == dict.fromkeys(kinds, page.reply.body)


def test_a_copy_says_how_old_it_is(desk: Desk, page: Page) -> None:
    """Never less than is true; at most a slot and a second more."""
    for _ in range(12):
        page.reply = Reply(body=document(said=time.time()))
        got = desk.get()
        true = time.time() - json.loads(got.body)["said"]
        assert true - 0.05 <= got.age <= true + SLOT + 2
        time.sleep(0.37)


def test_the_age_goes_on_while_the_page_is_away(desk: Desk, page: Page) -> None:
    """Also what a cache before the mirror said of its own copy counts."""
    page.reply = Reply(headers={"Age": "600"})
    began = time.time()
    assert desk.get().age in range(600, 602 + SLOT)
    page.server_close()
    page.shutdown()
    for _ in range(3):
        pass_slot()
        got = desk.get()
        assert got.status == 200
        assert 600 + time.time() - began - 0.05 <= got.age <= 600 + time.time() - began + SLOT + 2
        assert got.headers["x-cache"] in {"STALE", "UPDATING"}


def test_a_page_that_hangs_keeps_a_desk_for_less_than_it_waits(desk: Desk, page: Page) -> None:
    """A desk gives up after 6 s; the page gets 3."""
    good = desk.get()
    pass_slot()
    page.reply = Reply(after=8)
    got = desk.get()
    assert (got.status, got.body) == (200, good.body)
    assert got.seconds < 5
    assert desk.get().seconds < 5


def test_a_worker_that_is_killed_while_it_renews_a_copy_is_made_up_for(tmp_path: Path, page: Page) -> None:
    """Nginx goes on taking that copy for one that is being renewed, for as long as it is allowed to."""
    with Nginx(prepare_files(tmp_path / "mirror", page.address, slot=SLOT, meanwhile=4)) as nginx:
        desk = Desk(nginx)
        desk.get()
        pass_slot()
        page.reply = Reply(body=document(note="new"), after=2)
        with ThreadPoolExecutor(1) as pool:
            renewing = pool.submit(desk.get)
            time.sleep(0.5)
            os.kill(nginx.worker(), signal.SIGKILL)
            assert renewing.exception() is not None
        page.reply = Reply(body=document(note="newer"))
        time.sleep(1)
        assert desk.get().headers["x-cache"] == "UPDATING"
        time.sleep(4)
        assert desk.get().body == page.reply.body
        assert desk.get().headers["x-cache"] == "HIT"


def test_few_wait_for_a_page_that_hangs(desk: Desk, page: Page) -> None:
    """Also where the copy is old: the others get it at once."""
    page.reply = Reply(headers={"Age": "5000"})
    desk.get()
    time.sleep(SLOT + MEANWHILE + 1.1)
    page.reply = Reply(after=8)
    with ThreadPoolExecutor(60) as pool:
        got = list(pool.map(lambda _number: desk.get(), range(60)))
    assert {one.status for one in got} == {200}
    assert min(one.age for one in got) > 5000
    assert sum(one.seconds > 2.5 for one in got) <= 33


def test_a_dead_name_server_keeps_no_desk_waiting(tmp_path: Path) -> None:
    """The page's name is looked up again each minute, and a desk gives up after 6 s."""
    with Nginx(prepare_files(tmp_path / "mirror", "https://status.example", slot=SLOT)) as nginx:
        got = Desk(nginx).get()
    assert got.status in {502, 504}
    assert "error" in json.loads(got.body)
    assert got.seconds < 5.5


def test_a_page_without_a_document_says_so(desk: Desk, page: Page) -> None:
    """OpenAI's has no list of maintenance: that is no trouble, and no old copy hides it."""
    desk.get("/api/v2/scheduled-maintenances.json")
    pass_slot()
    page.reply = Reply(404, b"<html>not here</html>", HTML)
    got = desk.get("/api/v2/scheduled-maintenances.json")
    assert got.status == 404
    assert "error" in json.loads(got.body)


def test_no_cookie_passes_in_either_direction(desk: Desk, page: Page) -> None:
    """Nor a key, nor whence a desk asks; and a cookie does not keep a copy from being kept."""
    page.reply = Reply(
        headers={"Set-Cookie": "who=you", "Cache-Control": "private, no-store", "Vary": "*", "X-Own": "1"}
    )
    got = desk.get(Cookie="who=me", Authorization="Bearer me", User_Agent="me", X_Forwarded_For="10.0.0.1")
    assert not {"set-cookie", "x-own", "mirror-true-at"} & got.headers.keys()
    assert got.headers["vary"] == "Accept-Encoding"
    assert desk.get().headers["x-cache"] == "HIT"
    assert got.headers["cache-control"] == "max-age=15"
    (asked,) = page.headers
    assert asked.keys() == {"host", "accept", "accept-encoding", "user-agent"}
    assert asked["host"] == "status.openai.com"
    assert "me" not in asked.values()


@pytest.mark.parametrize("compressed", [False, True])
def test_a_desk_asks_by_condition(desk: Desk, page: Page, compressed: bool) -> None:
    """The page sends no ETag, the mirror does: a calm day is then mostly 304, which say the copy's age too."""
    page.reply = Reply(body=document(note="x" * 500))
    how = {"Accept_Encoding": "gzip"} if compressed else {}
    tag = desk.get(**how).headers["etag"]
    pass_slot()
    again = [desk.get(If_None_Match=tag, **how) for _ in range(2)]
    assert [(one.status, one.body) for one in again] == [(304, b"")] * 2
    assert all(one.age >= 1 for one in again)
    assert {one.headers["etag"].removeprefix("W/") for one in again} == {tag.removeprefix("W/")}
    page.reply = Reply(body=document(note="changed"))
    pass_slot()
    assert desk.get(If_None_Match=tag, **how).status == 200


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_copy_is_compressed_for_whoever_takes_it(desk: Desk, page: Page, encoding: str) -> None:
    """However the page sends it."""
    page.reply = Reply(body=document(note="x" * 5000), headers={"Content-Encoding": encoding})
    for _ in range(2):
        small, large = desk.get(Accept_Encoding="gzip"), desk.get()
        assert small.headers["content-encoding"] == "gzip"
        assert len(small.body) < 500
        assert gzip.decompress(small.body) == large.body == page.reply.body
        assert "content-encoding" not in large.headers


def test_only_documents_of_the_page_are_there(desk: Desk, page: Page) -> None:
    """No other address, no question behind one, and nothing but reading."""
    for path in (
        "/api",
        "/incidents/a/b",
        "/api/v2/summary.json/x",
        "/asked/api/v2/summary.json",
        "/api/v1/summary",
        "//x",
    ):
        assert desk.get(path).status == 404, path
    assert desk.get(method="POST").status == 403
    for number in range(5):
        assert desk.get(f"{SUMMARY}?{number}").status == 200
    # Until a desk has read the page it takes the mirror's name for the page's.
    for name in ("127.0.0.1", "status-mirror.example.com", "status.openai.com"):
        assert desk.get(f"/proxy/{name}").status == 200
    assert len(page.asked) <= 4
    assert page.counts().keys() == {SUMMARY, "/proxy/status.openai.com"}


@pytest.mark.parametrize("path", ["/", "/incidents/01K000000000000000000000AB"])
def test_a_browser_is_led_to_openais_page(desk: Desk, page: Page, path: str) -> None:
    """A desk that has never read a document takes the mirror's address for that of the page, and has it opened."""
    got = desk.get(path)
    assert (got.status, got.headers["location"]) == (302, f"https://status.openai.com{path}")
    assert page.asked == []


@pytest.mark.parametrize("named", ["status.openai.com", "elsewhere.example"])
@pytest.mark.parametrize("is_trusted", [True, False])
def test_only_the_page_itself_is_believed(tmp_path: Path, named: str, is_trusted: bool) -> None:
    """By its name, and by an authority that the system trusts."""
    authority, other = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(named).configure_cert(context)
    trusted = tmp_path / "trusted.pem"
    (authority if is_trusted else other).cert_pem.write_to_path(str(trusted))
    with (
        Page(tls=context) as page,
        Nginx(prepare_files(tmp_path / "mirror", page.address, slot=SLOT, trusted=trusted)) as nginx,
    ):
        is_right = is_trusted and named == "status.openai.com"
        assert Desk(nginx).get().status == (200 if is_right else 502)


@pytest.mark.parametrize("seconds", [30, 3600], ids=["recent", "an hour old"])
def test_the_program_reads_the_mirror(tmp_path: Path, page: Page, seconds: int) -> None:
    """Through the company's certificate; its links lead to OpenAI's page, and an old copy is no green."""
    incident = {
        "id": "01K000000000000000000000AB", "name": "Errors", "status": "investigating", "impact": "none",
        "created_at": "2026-01-01T00:00:00Z", "updated_at": "2026-01-01T00:00:00Z", "incident_updates": [],
    }  # fmt: skip
    component = {"id": "1", "name": "Conversations", "status": "operational"}
    page.reply = Reply(
        body=document(incidents=[incident], components=[component]), headers={"Age": str(seconds)}
    )
    with Nginx(prepare_files(tmp_path / "mirror", page.address, slot=SLOT)) as nginx:
        config = tmp_path / "config.toml"
        config.write_text(
            f'follow = ["ChatGPT"]\nprobes = []\n[page]\nurl = "https://127.0.0.1:{nginx.files.port}"\n'
            f'[network]\nca_file = "{nginx.files.authority}"\n'
            '[connectivity]\nreferences = ["http://127.0.0.1:9/"]\n',
            "utf-8",
        )
        done = subprocess.run(
            [sys.executable, "-m", "trayapp", "status", "--json", "--config", config],
            env={**os.environ, "OPENAI_STATUS_TRAY_HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == (0 if seconds < 600 else 2), done.stderr
    said = json.loads(done.stdout)
    assert said["state"] == ("operational" if seconds < 600 else "unknown")
    assert ("old copy" in said["sentence"]) == (seconds >= 600)
    assert [one["url"] for one in said["incidents"]] == [
        f"https://status.openai.com/incidents/{incident['id']}"
    ]
