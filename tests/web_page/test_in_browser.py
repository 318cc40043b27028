"""The page in a real browser: hostile words do nothing, everybody can read it, and it works as it says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from tests.core.scenes import LANGUAGES, translator_of
from tests.web_page.browser import Browser
from tests.web_page.scenes import MAJOR, NOW, OPEN, all_scenes, may_open
from trayapp.core.details_page.page import Details, build_details_page
from trayapp.core.wording.other_sources import list_other_sources
from trayapp.model import Observation, ObservationSource, SeenIncident, State, Update
from trayapp.web_page.page import render_page
from trayapp.web_page.server import DetailsServer, PageSource

pytestmark = pytest.mark.long
SCENES = all_scenes()
AXE = Path(os.environ.get("AXE_CORE", "/usr/local/share/axe-core/axe.min.js"))
NO_AXE = "needs axe-core, which `make desktop-tools` fetches where npm can; or set AXE_CORE"
VIOLATIONS = """
axe.run({resultTypes: ['violations']}).then(r => r.violations.map(
  v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)).slice(0, 3).join(' | ')))
"""

HOSTILE = (
    "<script>window.hit=1</script>",
    '<img src=x onerror="window.hit=1">',
    '"><svg/onload=window.hit=1>',
    "' onfocus=window.hit=1 autofocus='",
    "</title><script>window.hit=1</script>",
    "</style></script><script>window.hit=1</script>",
    "[click](javascript:window.hit=1)",
    "<iframe src=https://evil.example></iframe>",
    "<link rel=stylesheet href=https://evil.example/a.css>",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "&lt;script&gt;window.hit=1&lt;/script&gt;",
    "\u202e\x00<b>\ud800</b>\u2066",
    "<!-- --><![CDATA[ ]]>{{constructor}}${window.hit=1}",
    "]]></table></main></body>",
)


def hostile() -> Details:
    """A page whose every outside text is an attack."""
    text = " ".join(HOSTILE)
    updates = tuple(
        Update(one, State.MAJOR, one, one, NOW)  # type: ignore[arg-type]  # a stage that nobody knows
        for one in HOSTILE
    )
    incident = replace(
        OPEN,
        id=text,
        name=text,
        stage_word=text,
        impact_word=text,
        products=HOSTILE,
        updates=updates,
        url="javascript:window.hit=1",
    )
    products = tuple(replace(MAJOR.products[0], name=one, incidents=(text,)) for one in HOSTILE)
    probes = tuple(
        replace(probe, name=one, product=one) for probe, one in zip(MAJOR.probes, HOSTILE, strict=False)
    )
    verdict = replace(
        MAJOR,
        products=products,
        incidents=(incident, replace(incident, url="https://evil.example/")),
        probes=probes,
        page=replace(MAJOR.page, url="javascript:window.hit=1"),
        reasons=tuple(replace(reason, subject=text, word=text) for reason in MAJOR.reasons),
    )
    seen = tuple(
        Observation(witness, one, NOW, 60.0, State.MAJOR, 5)
        for witness, one in product(ObservationSource, HOSTILE)
    )
    return Details(
        verdict,
        NOW,
        (SeenIncident(incident, NOW),),
        seen,
        page_url="data:text/html,x",
        may_open=may_open,
        program=text,
    )


@contextmanager
def serve_page(scene: Details, language: str = "en") -> Iterator[str]:
    """The address of a scene's page."""
    server = DetailsServer(
        PageSource(lambda nonce: render_page(build_details_page(translator_of(language), scene), nonce)),
        600.0,
    )
    try:
        yield server.open(600.0)
    finally:
        server.close()


def show(browser: Browser, url: str, *, width: int = 1000, scheme: str = "light") -> None:
    """The page in a window of that width."""
    browser.ask(
        "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=width < 600
    )
    browser.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    browser.go(url)


def test_hostile_words_run_nothing_and_load_nothing(browser: Browser) -> None:
    """The browser's own log: one document asked for, no script run, no policy that had to step in, no error."""
    with serve_page(hostile()) as url:
        show(browser, url)
        asked = [event["request"]["url"] for event in browser.events_of("Network.requestWillBeSent")]
        documents = [one for one in asked if not one.startswith("data:image/svg+xml,")]
        assert documents == [url, browser.run("location.href")]
        assert browser.run("typeof window.hit") == "undefined"
        assert browser.run("document.querySelectorAll('script').length") == 1
        assert browser.run("document.querySelectorAll('main,footer').length") == 2
        assert browser.events_of("Log.entryAdded") == []
        assert browser.events_of("Runtime.exceptionThrown") == []
        links = set(browser.run("[...document.links].map(link => link.href)"))
        ours = {link for link in links if link.startswith(("http://127.0.0.1:", "https://help.openai.com"))}
        assert links - ours == {address for _key, _name, address in list_other_sources(translator_of("en"))}


def test_hostile_words_are_shown_as_words(browser: Browser) -> None:
    """What OpenAI's page says is quoted, not swallowed."""
    with serve_page(hostile()) as url:
        show(browser, url)
        assert "<script>window.hit=1</script>" in browser.run(
            "document.querySelector('blockquote').textContent"
        )


@pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("scene", SCENES)
def test_everybody_can_read_it(browser: Browser, scene: str, language: str) -> None:
    """axe-core finds no violation, light and dark, on a desktop and a phone, with all tables open."""
    # Inlined by the debugger, which the page's policy does not bind.
    program = AXE.read_text(encoding="utf-8")
    with serve_page(SCENES[scene], language) as opened:
        address = opened
        for width, scheme in product((1000, 360), ("light", "dark")):
            show(browser, address, width=width, scheme=scheme)
            address = browser.run("location.href")  # the first one was good once
            browser.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
            browser.run(program + ";0")
            found = browser.run(VIOLATIONS)
            assert found == [], (scene, language, width, scheme)


@pytest.mark.skipif(not AXE.is_file(), reason=NO_AXE)
def test_what_cannot_be_read_would_be_found(browser: Browser) -> None:
    """The check is no empty one: pale words and a page without its language are complained of."""
    with serve_page(SCENES["calm"]) as url:
        show(browser, url)
        browser.run(AXE.read_text(encoding="utf-8") + ";0")
        browser.run("document.querySelector('h1').style.color = '#eee'")
        browser.run("document.documentElement.removeAttribute('lang')")
        assert {one.split(":")[0] for one in browser.run(VIOLATIONS)} >= {"color-contrast", "html-has-lang"}


@pytest.mark.parametrize("width", [320, 390, 1000, 1600])
def test_nothing_is_cut_off(browser: Browser, width: int) -> None:
    """The page itself never scrolls sideways, not even with hostile words; wide tables scroll on their own."""
    for scene in (SCENES["year"], hostile()):
        with serve_page(scene, "tr") as url:
            show(browser, url, width=width)
            browser.run("document.querySelectorAll('details').forEach(one => { one.open = true })")
            assert browser.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", LANGUAGES)
def test_past_incidents_fit_on_a_phone(browser: Browser, language: str) -> None:
    """All columns are in sight, who noticed first too."""
    with serve_page(SCENES["year"], language) as url:
        show(browser, url, width=360)
        assert browser.run(
            "[...document.querySelectorAll('.k-past .scroll')].map(one => one.scrollWidth - one.clientWidth)"
        ) == [0, 0]


def test_the_report_is_copied(browser: Browser) -> None:
    """One press takes it along, and the button says so."""
    with serve_page(SCENES["major"]) as url:
        browser.ask("Browser.grantPermissions", permissions=["clipboardReadWrite", "clipboardSanitizedWrite"])
        show(browser, url)
        button = browser.run(
            "(({x, y}) => [x + 5, y + 5])((b => (b.scrollIntoView(), b.getBoundingClientRect()))"
            "(document.querySelector('button')))"
        )
        for kind in ("mousePressed", "mouseReleased"):
            browser.ask(
                "Input.dispatchMouseEvent", type=kind, x=button[0], y=button[1], button="left", clickCount=1
            )
        copied = browser.run(
            "new Promise(done => { const look = () => { const b = document.querySelector('button');"
            " b.textContent === 'Copied' ? done(b.textContent) : setTimeout(look, 20) }; look() })"
        )
        assert copied == "Copied"
        assert browser.run("navigator.clipboard.readText()") == browser.run(
            "document.querySelector('pre').textContent"
        )


def test_without_scripts_the_page_is_whole(browser: Browser) -> None:
    """Only the button that could not work is missing."""
    browser.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        with serve_page(SCENES["major"]) as url:
            show(browser, url)
            assert browser.run("document.querySelectorAll('section').length") >= 7
            assert browser.run("document.querySelector('button').checkVisibility()") is False
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)


def test_while_something_goes_on_it_renews_itself_quietly(browser: Browser) -> None:
    """A newer page comes in by itself; an opened table stays open."""
    scene = replace(SCENES["major"])
    words = [
        build_details_page(translator_of("en"), scene),
        replace(build_details_page(translator_of("en"), scene), headline="Everything is fine again"),
    ]
    made = iter([replace(words[0], reload_seconds=1), *[replace(words[1], reload_seconds=1)] * 1000])
    server = DetailsServer(PageSource(lambda nonce: render_page(next(made), nonce)), 600.0)
    try:
        show(browser, server.open())
        browser.run("document.querySelector('figure details').open = true")
        renewed = browser.run(
            "new Promise(done => { const look = () => { const h = document.querySelector('h1').textContent;"
            " h.startsWith('Everything') ? done(h) : setTimeout(look, 50) }; look() })"
        )
        assert renewed == "Everything is fine again"
        assert browser.run("document.querySelector('figure details').open") is True
    finally:
        browser.go("about:blank")
        server.close()


@pytest.mark.parametrize("impostor", ["", "guessed", None])
def test_an_open_page_takes_nothing_from_another_server(browser: Browser, impostor: str | None) -> None:
    """When the program has ended, and somebody else answers at its port, with our shape or an error: it is asked once."""
    words = replace(build_details_page(translator_of("en"), SCENES["major"]), reload_seconds=1)
    asked = []

    def answer(nonce: str) -> str:
        asked.append(nonce)
        if len(asked) == 1:
            return render_page(words, nonce)
        if impostor is None:
            raise ValueError("nothing of ours")
        return render_page(replace(words, headline="Call this number"), impostor)

    server = DetailsServer(PageSource(answer), 600.0)
    try:
        show(browser, server.open())
        before = browser.run("document.querySelector('h1').textContent")
        browser.run("new Promise(done => setTimeout(done, 3500))")
        assert browser.run("document.querySelector('h1').textContent") == before
        assert len(asked) == 2
    finally:
        browser.go("about:blank")
        server.close()


def test_a_reload_shows_the_page_again(browser: Browser) -> None:
    """The browser keeps the cookie, which no script can read."""
    with serve_page(SCENES["major"]) as url:
        show(browser, url)
        assert browser.run("location.href") != url
        show(browser, browser.run("location.href"))
        assert browser.run("document.querySelectorAll('section').length") >= 7
        assert browser.run("document.cookie") == ""
        show(browser, url)
        assert browser.run("document.querySelectorAll('section').length") == 0, "the address was good once"
