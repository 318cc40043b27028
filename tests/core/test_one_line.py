"""One line of a verdict for a prompt or a bar, in the form that was asked for."""

from __future__ import annotations

import html
import json
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.scenes import CALM, DOWN, INCIDENT, LANGUAGES, NOW, SUSPECTED, translator_of
from trayapp.core.tray_view.one_line import FIELDS, MAX_TEMPLATE, FormName, format_line, read_form
from trayapp.core.wording.headline import status_sentence
from trayapp.i18n.deferred import Refusal
from trayapp.model import Look, State, Verdict

EN = translator_of("en")
EVERYTHING = "".join(f"{{{field}}}|" for field in FIELDS)


def put(form: str, verdict: Verdict = DOWN) -> str:
    """The line in English."""
    return format_line(read_form(form), EN, verdict, NOW)


def outage_named(name: str) -> Verdict:
    """An outage whose incident has a name of the page's choice."""
    return replace(DOWN, incidents=(replace(INCIDENT, name=name),))


@pytest.mark.parametrize(
    ("form", "verdict", "line"),
    [
        ("plain", CALM, "OpenAI reports no trouble with ChatGPT, APIs and Codex."),
        ("{icon}", CALM, "✓"),
        ("{icon}", SUSPECTED, "◇"),
        ("{icon} {state} since {since}", DOWN, "✘ major_outage since 13:41"),
        ("{icon} {since}", CALM, "✓ "),
        ("{{{icon}}} {{since}}", DOWN, "{✘} {since}"),
        ("a\nb\t{icon}\x1b[0m", CALM, "a b ✓ [0m"),
        ("{icon}{icon}", CALM, "✓✓"),
    ],
)
def test_a_form_is_filled(form: str, verdict: Verdict, line: str) -> None:
    """Fields by their values, doubled braces by one, controls by a blank."""
    assert put(form, verdict) == line


def test_the_sentence_of_a_template_is_the_plain_form() -> None:
    """And that is what `status` says."""
    assert put("{sentence}") == put("plain") == status_sentence(EN, DOWN)


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ("{nonsense}", "unknown field {nonsense}"),
        ("{icon} {}", "unknown field {}"),
        ("{icon.__class__}", "unknown field {icon.__class__}"),
        ("{icon!r:>9}", "unknown field {icon!r:>9}"),
        ("{icon", "unknown field {"),
        ("icon}", "unknown field }"),
        ("{\x1b[31m\nevil}", "unknown field {[31m evil}"),
        ("{" + "x" * 900 + "}", "unknown field {xxx"),
        ("wayber", "must be plain, json, waybar, or a template with {icon}, {state}, {sentence}, {since}"),
        ("", "must be plain"),
        ("{{icon}}", "must be plain"),
        ("{icon}" + "x" * MAX_TEMPLATE, "1000 characters at most"),
    ],
)
def test_what_is_no_form_is_refused_in_one_short_line(form: str, why: str) -> None:
    """It names what is wrong, and steers no terminal."""
    with pytest.raises(Refusal) as refused:
        read_form(form)
    said = str(refused.value)
    assert why in said
    assert len(said) < 200
    assert said.isprintable()


@given(st.text(max_size=60), st.sampled_from(["plain", "json", "waybar", EVERYTHING]))
def test_whatever_the_page_posts_the_line_is_one_and_steers_nobody(name: str, form: str) -> None:
    """No control or direction character gets through any form."""
    line = put(form, outage_named(name))
    assert not [c for c in line if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}]


@given(st.text(st.sampled_from("<>&\"'\\b/{}%#[("), max_size=40))
def test_waybar_gets_json_and_markup_that_say_what_the_page_said(name: str) -> None:
    """It reads both texts as markup, in which nothing of the page's is any."""
    shown = json.loads(put("waybar", outage_named(name)))
    assert set(shown) == {"text", "tooltip", "alt", "class"}
    for said in (shown["text"], shown["tooltip"]):
        assert not {"<", ">"} & set(said)
        assert html.escape(html.unescape(said), quote=False) == said
    assert html.unescape(shown["tooltip"]) == put("plain", outage_named(name))


def test_waybar_is_shown_a_sign_while_all_is_well_and_words_in_trouble() -> None:
    """The state is its class, for the person's own colours."""
    assert json.loads(put("waybar", CALM))["text"] == "✓"
    shown = json.loads(put("waybar", DOWN))
    assert shown["text"] == "✘ ChatGPT down since 13:41"
    assert (shown["alt"], shown["class"]) == ("major_outage", "major_outage")


@pytest.mark.parametrize("command", ["%{A1:touch /tmp/x:}", "#[fg=red]", "#(touch /tmp/x)", "%{F#f00}"])
@pytest.mark.parametrize("form", ["plain", "waybar", "{sentence}"])
def test_a_title_commands_no_bar(command: str, form: str) -> None:
    """Polybar would run a program on a click, and tmux change its colours: a blank makes words of it."""
    line = put(form, outage_named(f"Trouble {command} here"))
    assert command not in line
    assert f"{command[0]} {command[1:]}" in line


def test_a_title_is_no_template() -> None:
    """What fills a field is not filled in again."""
    assert "“{icon} {{since}}”" in put("{sentence}", outage_named("{icon} {{since}}"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_speaks_the_persons_language(language: str) -> None:
    """All but the state, which is the word that scripts know."""
    speaking = translator_of(language)
    line = format_line(read_form("{state}: {sentence}"), speaking, DOWN, NOW)
    assert line == f"major_outage: {status_sentence(speaking, DOWN)}"


def test_each_look_has_a_letter_of_its_own() -> None:
    """As the icon's shapes; offline is never hollow."""
    looks = [Look(state, hollow=hollow) for state in State for hollow in (False, True)]
    letters = [look.symbol for look in looks if look != Look(State.OFFLINE, hollow=True)]
    assert len(set(letters)) == len(letters)
    assert all(len(letter) == 1 for letter in letters)


def test_every_named_form_is_read() -> None:
    """By its own name."""
    assert [read_form(name.value) for name in FormName] == list(FormName)
