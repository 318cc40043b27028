"""What the documents for developers say of the code is so: pictures, floors, threads, paths and names."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.house import Arrows, arrows, arrows_in_core, floors
from tests.source_files import nodes

ROOT = Path(__file__).parents[1]
HOUSE = ROOT / "trayapp"
ARCHITECTURE = ROOT / "docs" / "architecture.md"
DOCUMENTS = (ARCHITECTURE, ROOT / "docs" / "law.md", ROOT / "CONTRIBUTING.md")
HEADERS = {"Age"}
"""Of HTTP, and no type."""
PLACES = (ROOT, HOUSE)
"""Where a path that a document names may begin."""


def _drawn_arrows(number: int) -> set[tuple[str, str]]:
    """The arrows of a picture."""
    picture = re.findall(r"```mermaid\n(.*?)```", ARCHITECTURE.read_text("utf-8"), re.DOTALL)[number]
    return set(re.findall(r"(\w+) --> (\w+)", picture))


def _rows(document: Path, heading: str) -> Iterator[list[str]]:
    """The cells of the first table below a heading, without its head."""
    lines = document.read_text("utf-8").split(f"\n## {heading}\n", 1)[1].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    for line in lines[start + 1 :]:
        if not line.startswith("|"):
            return
        yield [cell.strip() for cell in line.strip("|").split("|")]


def _without_detours(every: Arrows) -> set[tuple[str, str]]:
    """The arrows that do not follow from others."""

    def reachable_parts(start: str, but: str) -> set[str]:
        seen: set[str] = set()
        ahead = [part for part in every.get(start, ()) if part != but]
        while ahead:
            if (part := ahead.pop()) not in seen:
                seen.add(part)
                ahead += every.get(part, ())
        return seen

    return {(one, other) for one in every for other in every[one] if other not in reachable_parts(one, other)}


@pytest.mark.parametrize(("number", "find_arrows"), [(0, arrows), (1, arrows_in_core)])
def test_the_pictures_show_every_arrow(number: int, find_arrows: Callable[[Path], Arrows]) -> None:
    """And none that is not there; what follows from others is left out."""
    assert _drawn_arrows(number) == _without_detours(find_arrows(HOUSE))


def test_the_floors_are_those_of_the_house() -> None:
    """Row by row."""
    rows = list(_rows(ARCHITECTURE, "Floors"))
    assert [tuple(re.findall(r"`(\w+)`", parts)) for _, parts, _ in rows] == list(floors())
    assert [int(number) for number, *_ in rows] == list(range(len(rows)))


def test_every_thread_is_in_the_table() -> None:
    """By its name and the file that begins it."""
    said = {
        (name, file.strip("`"))
        for names, file, *_ in _rows(ARCHITECTURE, "Threads")
        for name in re.findall(r"`([^`]+)`", names)
    }
    begun = {(name, where.as_posix()) for where, inner in nodes(HOUSE).items() for name in _threads(inner)}
    buses = {pair for pair in said if pair[0] in {"session bus", "system bus"}}
    assert said - buses == {pair for pair in begun if pair[0] != "{which} bus"}
    assert {file for _, file in buses} == {file for name, file in begun if name == "{which} bus"}


def _threads(inner: Sequence[ast.AST]) -> Iterator[str]:
    """The names that threads are given, an f-string's as it is written."""
    for node in inner:
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "Thread":
            for word in node.keywords:
                if word.arg == "name":
                    yield ast.unparse(word.value).removeprefix("f").strip("'\"")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_what_it_names_is_there(document: Path) -> None:
    """A path in code marks is a file or folder; `path::name` is defined in it."""
    assert [one for one in _cited_paths(document) if not _is_there(*one)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_the_types_that_it_names_are_there(document: Path) -> None:
    """As classes of the program."""
    classes = {
        node.name for inner in nodes(HOUSE).values() for node in inner if isinstance(node, ast.ClassDef)
    }
    named = set(re.findall(r"`([A-Z][a-z]\w+)`", document.read_text("utf-8")))
    assert named - classes - HEADERS == set()


def _cited_paths(document: Path) -> Iterator[tuple[str, str]]:
    """Paths, each with the name within, if one is given."""
    text = re.sub(r"```.*?```", "", document.read_text("utf-8"), flags=re.DOTALL)
    for found in re.finditer(r"`([\w./-]+(?:/|\.(?:py|md|toml|css|js|po|1|desktop|svg)))(?:::(\w+))?`", text):
        yield found[1], found[2] or ""


def _is_there(path: str, name: str) -> bool:
    files = [place / path for place in PLACES if (place / path).exists()]
    if not name:
        return bool(files)
    defined = rf"^\s*(?:def |class |async def )?{name}\b\s*(?:\(|:|=)"
    return any(re.search(defined, file.read_text("utf-8"), re.MULTILINE) for file in files if file.is_file())
