"""The page as a file: valid, whole without anything from elsewhere, small and quickly made."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.scenes import LANGUAGES, translator_of
from tests.web_page.scenes import NOW, all_scenes, year
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.model import Observation, SavedMemory, SeenIncident
from trayapp.model.other_sources import OTHER_SOURCE_URLS
from trayapp.store import Store
from trayapp.store.reader import read_history
from trayapp.web_page.page import CONTENT_POLICY, render_page

SCENES = all_scenes()
TIDY = shutil.which("tidy")
KB = 1000


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Noted."""
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        """The attributes of every such element."""
        return [attributes for tag, attributes in self.tags if tag in names]


def page_html(scene: Details, language: str = "en") -> str:
    """The page of a scene."""
    return render_page(build_details_page(translator_of(language), scene))


@pytest.mark.long
@pytest.mark.skipif(TIDY is None, reason="needs HTML Tidy: `make desktop-tools` installs it")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_the_page_is_valid_html(scene: str, language: str, tmp_path: Path) -> None:
    """HTML Tidy finds nothing to complain of, in any state and language."""
    file = tmp_path / "page.html"
    file.write_text(page_html(SCENES[scene], language), encoding="utf-8")
    run = subprocess.run(
        [str(TIDY), "-quiet", "-errors", "-utf8", "--drop-empty-elements", "no", "--doctype", "html5", file],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not run.stderr


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_language(language: str) -> None:
    """A screen reader pronounces it rightly."""
    (root,) = Outline(page_html(SCENES["calm"], language)).all("html")
    assert root["lang"] == language


@pytest.mark.long
@pytest.mark.parametrize("scene", SCENES)
def test_nothing_comes_from_elsewhere(scene: str) -> None:
    """No source, no style sheet, no form; links lead to allowed hosts and say nothing about where they come from."""
    outline = Outline(page_html(SCENES[scene]))
    assert not outline.all(
        "img", "iframe", "object", "embed", "form", "base", "audio", "video", "image", "use"
    )
    assert all("src" not in attributes for _, attributes in outline.tags)
    assert not any(name.startswith("on") or name == "style" for _, given in outline.tags for name in given)
    links = outline.all("a")
    led = [a["href"] or "" for a in links]
    ours = re.compile(r"#|https://(status\.example|help\.openai\.com)")
    assert all(ours.match(address) or address in OTHER_SOURCE_URLS for address in led)
    assert all(a.get("rel") == "noopener noreferrer" for a in links if not (a["href"] or "").startswith("#"))


def test_the_policy_knows_the_pages_own_style_and_script_alone() -> None:
    """By their hashes; nothing inline beside them, nothing evaluated."""
    assert "unsafe" not in CONTENT_POLICY
    assert CONTENT_POLICY.count("'sha256-") == 2
    outline = Outline(page_html(SCENES["major"]))
    assert len(outline.all("script")) == len(outline.all("style")) == 1


@pytest.mark.long
@pytest.mark.parametrize("scene", SCENES)
def test_headings_go_down_one_step_at_a_time(scene: str) -> None:
    """One first heading, and no level left out, so that who jumps from heading to heading misses nothing."""
    levels = [int(tag[1]) for tag, _ in Outline(page_html(SCENES[scene])).tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_plot_has_its_numbers_and_its_words() -> None:
    """Each figure holds a table, and each drawing says in a sentence what it shows."""
    text = page_html(SCENES["major"])
    figures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert len(figures) == 4
    for figure in figures:
        assert figure.count("<table>") == 1
        assert figure.count('role="img"') == figure.count("<title>") > 0


def test_a_gap_stays_a_gap() -> None:
    """Where the program did not look there is no bar, and the table says how long."""
    strips = re.findall(r'<svg role="img"[^>]*>.*?</svg>', page_html(SCENES["calm"]), re.DOTALL)
    bars = re.findall(r'd="([^"]*)" class="s-operational"', strips[0])
    assert len(bars) == 1
    assert bars[0].count("M") > 1
    assert "Not checked 7 h" in strips[0]


def test_times_of_the_day_follow_the_language() -> None:
    """13:41 in English and Turkish, 13.41 in Indonesian."""
    assert "13:53" in page_html(SCENES["calm"], "tr")
    assert "13.53" in page_html(SCENES["calm"], "id")


def test_a_file_does_not_reload_itself() -> None:
    """What the running program serves does so while something goes on; a file and a calm page stay as they are."""
    assert 'data-reload="60"' in page_html(SCENES["major"])
    assert 'data-reload="0"' in page_html(SCENES["calm"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_year_of_history_is_a_small_page(language: str) -> None:
    """Under 300 kB."""
    assert len(page_html(SCENES["year"], language).encode()) < 300 * KB


def test_a_restless_year_is_a_small_page() -> None:
    """Even when every cell of every strip differs from its neighbour."""
    scene = year()
    states = ("operational", "degraded", "partial_outage", "major_outage", "maintenance")
    restless = tuple(
        Observation(o.witness, o.about, o.at, o.seconds, type(o.state)(states[n % 5]), o.elapsed_ms)
        for n, o in enumerate(scene.observations)
        if n % 3
    )
    text = page_html(Details(scene.verdict, NOW, scene.seen, restless, program="x", may_open=scene.may_open))
    assert len(text.encode()) < 300 * KB


@pytest.mark.long
def test_a_year_is_drawn_in_under_a_second(tmp_path: Path) -> None:
    """From the state file on the disk to the finished page."""
    scene = year()
    path = tmp_path / "state.db"
    store = Store.open(path, NOW)
    store.remember_incidents(
        [SeenIncident(seen.incident, seen.first_seen, seen.suspected_at) for seen in scene.seen]
    )
    store.save(SavedMemory(), scene.transitions, now=NOW)
    store.save_observations(scene.observations, NOW)
    store.close()
    best = min(_seconds(scene, path) for _ in range(3))
    assert best < 1.0


def _seconds(scene: Details, path: Path) -> float:
    began = time.process_time()
    before = read_history(path, NOW - timedelta(days=91))
    text = page_html(
        Details(scene.verdict, NOW, before.incidents, before.observations, before.transitions, program="x")
    )
    assert len(before.transitions) == 400
    assert len(before.observations) > 10_000
    assert "90 days" in text
    return time.process_time() - began
