"""The catalogues are complete and fresh, and the person's language is found."""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from tests.source_files import nodes
from trayapp.app.languages import choose_language, load_translator
from trayapp.cli import _ARGPARSE_MESSAGES, build_parser
from trayapp.desktop.ui_language import parse_languages, ui_languages
from trayapp.i18n.languages import LANGUAGE_CODES

ROOT = Path(__file__).resolve().parent.parent
SPEAKING = {"say", "say_many", "mark", "mark_many", "phrase"}


def _messages(language: str) -> list[Message]:
    path = ROOT / "trayapp" / "locale" / language / "LC_MESSAGES" / "openai-status-tray.po"
    with path.open("rb") as file:
        return [message for message in read_po(file, locale=language) if message.id]


def _forms(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def _placeholders(text: str) -> set[str]:
    ours = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    return ours | set(re.findall(r"%(?:\(\w+\))?[rs]", text))  # and argparse's


def _spoken_texts() -> Iterator[str]:
    """Every literal text that the program hands to a speaking function, as Python itself reads it."""
    for inner in nodes(ROOT / "trayapp").values():
        for node in inner:
            if (
                isinstance(node, ast.Call)
                and getattr(node.func, "attr", getattr(node.func, "id", "")) in SPEAKING
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    yield first.value


def test_every_catalogue_is_complete_and_compiled() -> None:
    """Extracting, merging and compiling once more would change no file and find nothing untranslated or fuzzy."""
    run = subprocess.run(
        [sys.executable, ROOT / "build" / "catalogues.py", "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_extractor_sees_all_that_is_said() -> None:
    """No text hides from it, as one inside an f-string would."""
    known = {_forms(message.id)[0] for message in _messages("en")}
    assert set(_spoken_texts()) - known == set()


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_translations_keep_the_placeholders(language: str) -> None:
    """A translation fills in what the English has, no more and no less; its form for one may leave the number out."""
    for message in _messages(language):
        wanted = _placeholders(_forms(message.id)[-1])
        *others, last = _forms(message.string)
        assert _placeholders(last) == wanted, (language, message.id)
        assert all(_placeholders(form) <= wanted for form in others), (language, message.id)


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_nothing_is_glued_to_what_is_filled_in(language: str) -> None:
    """A Turkish suffix follows the sound of the word before it, and no name is known beforehand."""
    forms = [form for message in _messages(language) for form in _forms(message.string)]
    assert [form for form in forms if re.search(r"\}['’]?\w|%s\w|  ", form)] == []


@pytest.mark.parametrize(("language", "forms"), [("en", 2), ("tr", 1), ("id", 1)])
def test_plurals_have_the_forms_of_the_language(language: str, forms: int) -> None:
    """English tells one from many; after a number Turkish and Indonesian do not."""
    counted = [message for message in _messages(language) if not isinstance(message.id, str)]
    assert counted
    assert {len(_forms(message.string)) for message in counted} == {forms}


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "tr_TR.UTF-8"}, "tr"),
        ({"LANG": "id_ID"}, "id"),
        ({"LANG": "in_ID.UTF-8"}, "id"),
        ({"LANG": "tr"}, "tr"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "xx_XX.UTF-8"}, "en"),
        ({"LANG": "tr_TR.UTF-8", "LC_MESSAGES": "id_ID.UTF-8"}, "id"),
        ({"LC_MESSAGES": "id_ID.UTF-8", "LC_ALL": "tr_TR@euro"}, "tr"),
        ({"LANG": "tr_TR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "tr_TR.UTF-8", "LANGUAGE": "xx:id:en"}, "id"),
        ({"LANG": "tr_TR.UTF-8", "LANGUAGE": "xx:yy"}, "tr"),
        ({"LANG": "tr_TR.UTF-8", "LC_ALL": ""}, "tr"),
        ({"LANGUAGE": "tr"}, "tr"),
        ({"LANGUAGE": "tr", "LC_ALL": "C"}, "en"),
        ({"LANGUAGE": "tr", "LC_ALL": "POSIX", "LANG": "tr_TR.UTF-8"}, "en"),
        ({"LANGUAGE": "tr", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANGUAGE": "tr", "LC_MESSAGES": "C", "LANG": "tr_TR.UTF-8"}, "en"),
        ({"LANGUAGE": "tr", "LANG": "C"}, "en"),
        ({"LANGUAGE": "tr", "LANG": "C", "LC_ALL": "id_ID.UTF-8"}, "tr"),
        ({"LANGUAGE": "tr", "LANG": "cs_CZ.UTF-8"}, "tr"),
    ],
)
def test_the_environment_chooses_in_the_order_of_gettext(environment: dict[str, str], language: str) -> None:
    """LANGUAGE, but not in the C locale; then LC_ALL, LC_MESSAGES and LANG; the first that speaks a language of ours wins."""
    assert choose_language(environment) == language


def test_a_setting_passes_the_environment() -> None:
    """What the person set is what is spoken, and "auto" asks the environment."""
    turkish = {"LANG": "tr_TR.UTF-8"}
    assert load_translator("id", turkish).say("Quit") == "Keluar"
    assert load_translator("auto", turkish).say("Quit") == "Çıkış"
    assert load_translator("en", turkish).say("Quit") == "Quit"


def test_what_macos_prints_is_understood() -> None:
    """The property list of preferred languages gives its tags in order."""
    assert parse_languages('(\n    "tr-TR",\n    "zh-Hans-CN",\n    en\n)\n') == ["tr-TR", "zh-Hans-CN", "en"]


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these systems have a word of their own")
def test_other_systems_say_it_in_the_environment_alone() -> None:
    """On Linux nobody else is asked."""
    assert not ui_languages()


def test_catalogues_are_found_inside_a_zip(tmp_path: Path) -> None:
    """A program packed into one archive speaks Turkish all the same."""
    archive = tmp_path / "program.zip"
    _catalogues_zip(archive)
    code = (
        "from trayapp.app.languages import load_translator; print(load_translator('tr').say('Major outage'))"
    )
    run = subprocess.run(
        [sys.executable, "-S", "-c", code],
        env={**os.environ, "PYTHONPATH": str(archive), "PYTHONIOENCODING": "utf-8"},
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert run.stdout.strip() == "Büyük kesinti", run.stderr


def _catalogues_zip(archive: Path) -> None:
    with zipfile.ZipFile(archive, "w") as packed:
        for path in (ROOT / "trayapp").rglob("*"):
            if path.suffix in (".py", ".mo"):
                packed.write(path, path.relative_to(ROOT))


@pytest.mark.parametrize("language", LANGUAGE_CODES)
def test_the_whole_help_is_in_the_language(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What argparse says by itself included; each command's help names its exit statuses where they say something."""
    speaking = load_translator(language)
    for command in ("status", "wait", "doctor", "selftest"):
        with pytest.raises(SystemExit):
            build_parser(speaking).parse_args([command, "--help"])
        said = capsys.readouterr().out
        assert said.startswith(speaking.say("usage: "))
        assert speaking.say("show this help message and exit") in said
        assert {"0", "1" if command != "wait" else "3"} <= set(re.findall(r"\b\d\b", said))
    with pytest.raises(SystemExit):
        build_parser(speaking).parse_args(["wait", "--for", "luck"])
    assert "'luck'" in capsys.readouterr().err


def test_nothing_argparse_says_was_renamed() -> None:
    """Each text that is translated for it still stands in its source: else it would be English again."""
    source = Path(argparse.__file__).read_text("utf-8")
    assert [text for text in _ARGPARSE_MESSAGES if text not in source] == []
