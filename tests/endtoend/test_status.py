"""`status --json` as a script calls it, on good pages, on bad networks and on every fault of a server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.endtoend.command import Ended, configure_home, ran, settings
from tests.faults import FAULTS, faulty, nothing_listening
from tests.film import Scene, own_film
from trayapp.demo.server import StatusServer

DEADLINE = 11.0
"""Seconds from the command's start to its end: the round's 10 and a tenth more."""
PROMPT = 1.0
"""Seconds that a look at a good page takes at most where the computer has nothing else to do."""

CAUSES = {
    "hang": "no answer in time",
    "drip_head": "no answer in time",
    "drip_body": "no answer in time",
    "reset": "the connection was lost",
    "reset_in_body": "the connection was lost",
    "truncated": "cut short",
    "truncated_json": "format changed",
    "gzip_bomb": "too large",
    "redirect_loop": "redirected",
    "redirect_to_portal": "redirected",
    "html": "a web page came instead of data",
    "big_json": "too large",
    "deep_json": "format changed",
    "not_http": "the connection was lost",
    "nothing_listening": "refused",
}
"""Fault -> how the sentence names it."""

GOOD = "a good page"
PAGE_ALONE = "page alone: "
SLOW = (GOOD, "hang", "drip_head", "drip_body", f"{PAGE_ALONE}hang")

KEYS = {
    "": "state confirmed checking sentence reasons checked_at since products incidents probes page",
    "products": "name state confirmed checking since reach",
    "incidents": "id name impact stage products started_at updated_at url",
    "probes": "name product outcome status elapsed_ms",
    "page": "url readable why",
}
"""Place -> the keys that scripts rely on."""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, Future[Ended]]]:
    """What the command said to each fault; those that take their full time run side by side."""
    names = sorted([*CAUSES, f"{PAGE_ALONE}html", f"{PAGE_ALONE}hang"], key=lambda name: name not in SLOW)
    with ExitStack() as stack:
        good = stack.enter_context(StatusServer(own_film().scenes[0]))
        pool = stack.enter_context(ThreadPoolExecutor(len(SLOW) + 1))
        home = configure_home(tmp_path_factory.mktemp("home"), settings(good.url))
        answers = {GOOD: pool.submit(ran, home, "status", "--json")}
        for name in names:
            fault = name.removeprefix(PAGE_ALONE)
            server = nothing_listening() if fault == "nothing_listening" else faulty(fault)
            url = stack.enter_context(server)
            home = tmp_path_factory.mktemp("home")
            configure_home(home, settings(url, good.url if fault != name else None))
            answers[name] = pool.submit(ran, home, "status", "--json")
        yield answers


def test_every_fault_is_asked_for() -> None:
    """No fault that the tests' servers know is left out."""
    assert CAUSES.keys() == FAULTS.keys() | {"nothing_listening"}


@pytest.mark.parametrize("name", CAUSES)
def test_a_fault_of_everything_gives_no_word_on_openai_and_its_cause(
    name: str, faults: Mapping[str, Future[Ended]]
) -> None:
    """Page and references failing alike end in unknown or offline, exit 2, in time, with the cause in the sentence."""
    answer = faults[name].result()
    assert answer.code == 2, answer
    assert answer.json["state"] in {"unknown", "offline"}
    assert CAUSES[name] in answer.json["sentence"]
    assert not answer.json["page"]["readable"]
    assert answer.json["page"]["why"]
    assert answer.err == ""
    assert answer.seconds < _deadline(faults)


@pytest.mark.parametrize("fault", ["html", "hang"])
def test_a_page_that_cannot_be_read_on_a_good_line_is_unknown(
    fault: str, faults: Mapping[str, Future[Ended]]
) -> None:
    """While the references answer, the page's silence is no word on this computer's line."""
    answer = faults[PAGE_ALONE + fault].result()
    assert (answer.code, answer.json["state"]) == (2, "unknown"), answer
    assert CAUSES[fault] in answer.json["sentence"]
    assert answer.seconds < _deadline(faults)


def test_a_calm_page_is_operational(tmp_path: Path) -> None:
    """All operational: exit 0."""
    answer = _answer(own_film().scenes[0], tmp_path)
    assert (answer.code, answer.json["state"]) == (0, "operational"), answer
    assert answer.json["incidents"] == []
    assert answer.json["page"]["readable"]


def test_an_open_incident_counts_although_every_component_is_operational(tmp_path: Path) -> None:
    """A minor incident makes it degraded, exit 1, and is listed with its id."""
    shown = own_film()
    answer = _answer(shown.scenes[1], tmp_path)
    assert (answer.code, answer.json["state"]) == (1, "degraded"), answer
    assert shown.incident_id in [incident["id"] for incident in answer.json["incidents"]]
    assert answer.json["confirmed"]


def test_the_json_has_exactly_the_promised_keys(tmp_path: Path) -> None:
    """Scripts find every promised key, in every object of every list, and no other."""
    answer = _answer(own_film().scenes[1], tmp_path)
    assert list(answer.json) == KEYS[""].split()
    assert list(answer.json["page"]) == KEYS["page"].split()
    for place in ("products", "incidents", "probes"):
        assert answer.json[place], place
        assert {tuple(each) for each in answer.json[place]} == {tuple(KEYS[place].split())}


def test_without_json_it_prints_the_same_sentence_alone(tmp_path: Path) -> None:
    """A person gets one line."""
    with StatusServer(own_film().scenes[1]) as server:
        home = configure_home(tmp_path, settings(server.url))
        plain, machine = ran(home, "status"), ran(home, "status", "--json")
    assert plain.out == machine.json["sentence"] + "\n"
    assert plain.code == 1


def test_nothing_is_written(tmp_path: Path) -> None:
    """Neither state nor log nor lock is left, in the program's home or in the person's."""
    home = tmp_path / "home"
    home.mkdir()
    with StatusServer(own_film().scenes[1]) as server:
        config = configure_home(tmp_path / "elsewhere", settings(server.url)) / "config.toml"
        assert ran(home, "status", "--config", str(config)).code == 1
    assert list(home.rglob("*")) == []


def _deadline(faults: Mapping[str, Future[Ended]]) -> float:
    """Later by what a busy computer took longer than its own time over a good page, side by side with the faults."""
    return DEADLINE + max(0.0, faults[GOOD].result().seconds - PROMPT)


def _answer(scene: Scene, home: Path) -> Ended:
    with StatusServer(scene) as server:
        return ran(configure_home(home, settings(server.url, probes=True)), "status", "--json")


def test_verbose_says_what_stood_in_the_way(tmp_path: Path) -> None:
    """On stderr, so that what scripts read stays as it is; without it there is nothing but the answer."""
    with StatusServer() as gone:
        url = gone.url
    home = configure_home(tmp_path / "home", settings(url))
    silent, watched = ran(home, "status", "--json"), ran(home, "status", "--json", "--verbose")
    assert silent.err == ""
    assert "refused" in watched.err
    assert watched.json["page"] == silent.json["page"]
