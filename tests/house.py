"""The rules of the house that import-linter cannot say, checked over a folder of source files.

Each rule takes the folder of the package and gives its violations, one sentence each. The floors and the places of libraries are
contracts in `pyproject.toml`, which `make lint` holds.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.source_files import nodes, texts, trees

PACKAGE = "trayapp"
PROJECT = Path(__file__).parents[1] / "pyproject.toml"
PLACES: Mapping[str, str] = {
    PACKAGE: "cli.py",
    "pystray": "desktop/tray/",
    "PyObjCTools": "desktop/tray/",
    "plyer": "desktop/notifications/",
    "UserNotifications": "desktop/notifications/",
    "Foundation": "desktop/notifications/",
}
"""What is imported by its name -> the only place that does. Import-linter sees statements alone."""
CLOCKS = frozenset({"now", "utcnow", "today"})
LONGEST = 300
"""Lines of a file."""
SPEAKING_ROOMS = frozenset({"core", "i18n", "app", "web_page", "commands", "cli"})
RECASING = frozenset({"upper", "lower", "capitalize", "title", "swapcase"})
LOADERS = frozenset({"windll", "oledll", "cdll", "WinDLL", "OleDLL"})
CITED = re.compile(r"`(_?[A-Z][A-Z_]{3,}|_?(?:[A-Z][a-z]+){2,})`")
CITED_MODULE = re.compile(r"`(?:trayapp\.)?((?:\w+\.)+\w+)`")
ENVIRONMENT = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
"""Variables that the program puts together, so that they stand nowhere whole."""
IRREGULAR = frozenset(
    {
        "begun", "brought", "built", "chosen", "done", "drawn", "fed", "felt", "found", "given", "gone", "heard", "held",
        "kept", "known", "laid", "left", "lost", "made", "meant", "mislaid", "said", "seen", "sent", "shown", "spoken",
        "taken", "taught", "told", "undone", "written",
    }
)  # fmt: skip
"""Past participles without -ed."""
NO_PARTICIPLES = frozenset({"embed", "exceed", "feed", "need", "proceed", "seed", "shed", "speed"})
SPOKEN = frozenset({"say", "mark", "phrase", "say_many", "mark_many"})
LOGGED = frozenset({"debug", "info", "warning", "error", "exception"})
OLD_WORDS = re.compile(
    r"\bnotices?\b|(?<!last )\blook(s|ed|ing)?\b(?![- ](up|after|at|whether|into|like))", re.IGNORECASE
)
"""For a notification and for a poll; a person may look at something, and names are looked up."""
UNDONE = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")


Arrows = Mapping[str, AbstractSet[str]]
"""Part of the house -> the other parts that it imports."""


@dataclass(frozen=True)
class Import:
    """One module that a file imports, wherever in it."""

    where: Path
    """Relative to the package."""
    line: int
    module: str
    by_name: bool = False
    """Not by a statement, but by a call that is given the name."""


def floors() -> tuple[tuple[str, ...], ...]:
    """The parts of the house on each floor, lowest first, as the contract says; the version lies on the lowest."""
    contracts = tomllib.loads(PROJECT.read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (layers,) = (contract["layers"] for contract in contracts if contract["type"] == "layers")
    lowest, *above = (tuple(floor.split(" | ")) for floor in reversed(layers))
    return ((*lowest, "__init__"), *above)


@cache
def imports(package: Path) -> Sequence[Import]:
    """All imports, late ones and those by name included."""
    return [
        found
        for where, inner in nodes(package).items()
        for node in inner
        for found in _imports_of(node, where)
    ]


def _imports_of(node: ast.AST, where: Path) -> Iterator[Import]:
    if isinstance(node, ast.Import):
        yield from (Import(where, node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = _absolute(node, where)
        # `from package import name` may mean a module of the package as well as a word of its own.
        names = [f"{module}.{alias.name}" for alias in node.names] if module == PACKAGE else [module]
        yield from (Import(where, node.lineno, name) for name in names)
    elif isinstance(node, ast.Call) and _called_name(node) in {"import_module", "__import__"}:
        yield from (Import(where, node.lineno, name, by_name=True) for name in _texts(node.args[0]))


def _texts(name: ast.expr) -> list[str]:
    """A name that is written out, or how one begins that is put together."""
    first = name.values[0] if isinstance(name, ast.JoinedStr) else name
    return [first.value] if isinstance(first, ast.Constant) and isinstance(first.value, str) else []


def _absolute(node: ast.ImportFrom, where: Path) -> str:
    if not node.level:
        return node.module or ""
    parts = (PACKAGE, *where.parent.parts)
    base = parts[: len(parts) - node.level + 1]
    return ".".join((*base, node.module) if node.module else base)


def _called_name(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def room_of(where: Path) -> str:
    """The part of the house a file belongs to: its folder, or its own name at the top."""
    return where.parts[0] if len(where.parts) > 1 else where.stem


def _part(module: str, rooms: set[str]) -> str | None:
    """The part of the house a module belongs to; None for what is not of the house."""
    first, _, rest = module.partition(".")
    if first != PACKAGE:
        return None
    part = rest.partition(".")[0]
    return part if part in rooms else "__init__"


def arrows(package: Path) -> Arrows:
    """Which part of the house needs which others; every part may read the version, so that is left out."""
    rooms = {room_of(where) for where in texts(package)}
    found: dict[str, set[str]] = {}
    for each in imports(package):
        here, there = room_of(each.where), _part(each.module, rooms)
        if there not in {None, here, "__init__"}:
            found.setdefault(here, set()).add(str(there))
    return found


def arrows_in_core(package: Path) -> Arrows:
    """The same within core, of its folders and single files."""
    rooms = {room_of(where.relative_to("core")) for where in texts(package) if room_of(where) == "core"}
    found: dict[str, set[str]] = {}
    for each in imports(package):
        if room_of(each.where) == "core" and each.module.startswith(f"{PACKAGE}.core."):
            here, there = room_of(each.where.relative_to("core")), each.module.split(".")[2]
            if here != there and there in rooms:
                found.setdefault(here, set()).add(there)
    return found


def leaning_on_own_room(package: Path) -> list[str]:
    """Files that need a name of their own room's `__init__`, which needs them: import-linter sees no such circle."""
    return [
        f"{where}:{node.lineno}: imports {alias.name} of its own room"
        for where, inner in nodes(package).items()
        for node in inner
        if isinstance(node, ast.ImportFrom)
        and (room := _absolute(node, where)) != PACKAGE
        and f"{'.'.join((PACKAGE, *where.parts))}.".startswith(f"{room}.")
        for alias in node.names
        if not _is_module(package, (*room.split(".")[1:], alias.name))
    ]


def stray_imports(package: Path) -> list[str]:
    """What is imported by its name outside the one place for it; a statement there is as wrong."""
    return [
        f"{found.where}:{found.line}: imports {name}, which belongs to {PLACES.get(name, 'nobody')}"
        for found in imports(package)
        if (name := found.module.partition(".")[0]) in PLACES.keys() - {PACKAGE} or found.by_name
        if not found.where.as_posix().startswith(PLACES.get(name, "nobody"))
    ]


def impure(package: Path) -> list[str]:
    """Clocks, files and a terminal that core calls."""
    return [
        f"{where}:{node.lineno}: core calls {ast.unparse(node.func)}"
        for where, inner in nodes(package).items()
        if room_of(where) == "core"
        for node in inner
        if isinstance(node, ast.Call) and _reaches_out(node.func)
    ]


def _reaches_out(function: ast.expr) -> bool:
    if isinstance(function, ast.Name):
        return function.id in {"open", "print", "input"}
    return (
        isinstance(function, ast.Attribute)
        and function.attr in CLOCKS
        and ast.unparse(function.value).rpartition(".")[2] in {"datetime", "date"}
    )


def too_long(package: Path) -> list[str]:
    """Files of more than `LONGEST` lines."""
    counted = ((where, len(text.splitlines())) for where, text in texts(package).items())
    return [f"{where} has {count} lines" for where, count in counted if count > LONGEST]


def todo_words(package: Path) -> list[str]:
    """Words that say that something is still to be done."""
    return [
        f"{where}:{number}: {found.group()}"
        for where, text in texts(package).items()
        for number, line in enumerate(text.splitlines(), 1)
        if (found := UNDONE.search(line))
    ]


def recased_letters(package: Path) -> list[str]:
    """Letters made large or small where sentences are made: Python knows English's alone (Turkish i, ı, İ, I)."""
    return [
        f"{where}:{node.lineno}: {node.func.attr}()"
        for where, inner in nodes(package).items()
        if room_of(where) in SPEAKING_ROOMS
        for node in inner
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECASING
    ]


def unsafe_loads(package: Path) -> list[str]:
    """Libraries of Windows that are loaded by name from wherever they lie."""
    return [
        f"{where}:{node.lineno}: {node.value.id}.{node.attr}"
        for where, inner in nodes(package).items()
        if where.as_posix() != "desktop/system32.py"
        for node in inner
        if isinstance(node, ast.Attribute) and node.attr in LOADERS
        if isinstance(node.value, ast.Name) and node.value.id in {"ctypes", "_windows"}
    ]


def missing_names(package: Path) -> list[str]:
    """Constants and types that a docstring cites and that are not there, as after a change of their names."""
    prose = {id(text): where for where, inner in nodes(package).items() for text in _prose(inner)}
    every = [node for inner in nodes(package).values() for node in inner]
    known = ENVIRONMENT | {word for node in every if id(node) not in prose for word in _words(node)}
    return [
        f"{prose[id(node)]}:{node.lineno}: {name}"
        for node in every
        if isinstance(node, ast.Constant) and id(node) in prose
        for name in CITED.findall(str(node.value))
        if name not in known
    ]


def missing_modules(package: Path) -> list[str]:
    """Modules that a text cites, as `core.judge` or `core.judge.step`, and that are not there."""
    rooms = {room_of(where) for where in texts(package)}
    return [
        f"{where}:{number}: {cited}"
        for where, text in texts(package).items()
        for number, line in enumerate(text.splitlines(), 1)
        for cited in CITED_MODULE.findall(line)
        if (parts := cited.split("."))[0] in rooms and not _is_there(package, parts)
    ]


def _is_there(package: Path, parts: list[str]) -> bool:
    """Whether these lead to a module or folder, or to a name in one."""
    if _is_module(package, parts):
        return True
    place = Path(*parts[:-1])
    name = re.compile(rf"\b{parts[-1]}\b")
    return any(
        name.search(texts(package).get(file, ""))
        for file in (place.with_suffix(".py"), place / "__init__.py")
    )


def _is_module(package: Path, parts: Iterable[str]) -> bool:
    return Path(*parts).with_suffix("") in _modules(package)


@cache
def _modules(package: Path) -> AbstractSet[Path]:
    """The places of all modules, and of the folders that they lie in."""
    files = {where.with_suffix("") for where in texts(package)}
    return files | {folder for file in files for folder in file.parents}


def _prose(inner: Sequence[ast.AST]) -> Iterator[ast.Constant]:
    """Docstrings, and the texts below fields and constants."""
    for node in inner:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _words(node: ast.AST) -> Iterable[str]:
    """The names that a node uses or gives, and the words of its texts, such as a variable of the environment."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.findall(r"\w+", node.value)
    names = (getattr(node, field, None) for field in ("id", "attr", "name", "arg", "asname"))
    return [name for name in names if isinstance(name, str)]


def double_types(package: Path) -> list[str]:
    """Types of one name in two modules. Two files of one package may be the same thing on two systems."""
    seen: dict[str, Path] = {}
    found = []
    for where, tree in trees(package).items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef):
                first = seen.setdefault(node.name, where)
                if first != where and first.parent != where.parent:
                    found.append(f"{where}:{node.lineno}: {node.name} is also a type of {first}")
    return found


def says_what(package: Path) -> list[str]:
    """Docstrings that begin with "What": they name a thing and not who does what."""
    return [
        f"{where}:{getattr(node, 'lineno', 1)}: {getattr(node, 'name', 'the module')}"
        for where, inner in nodes(package).items()
        for node in inner
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (ast.get_docstring(node) or "").startswith("What ")
    ]


def participles(package: Path) -> list[str]:
    """Functions that are named by a past participle alone: what acts begins with a verb. A property is a value."""
    return [
        f"{where}:{node.lineno}: {node.name}()"
        for where, inner in nodes(package).items()
        for node in inner
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        and (name := node.name.lstrip("_")) not in NO_PARTICIPLES
        and (name in IRREGULAR or re.fullmatch(r"[a-z]+ed", name))
    ]


def old_words(package: Path) -> list[str]:
    """Sentences for people and lines of the log that call a poll a look, or a notification a notice."""
    return [
        f"{where}:{node.lineno}: {text.value}"
        for where, inner in nodes(package).items()
        for node in inner
        if isinstance(node, ast.Call) and _called_name(node) in SPOKEN | LOGGED
        for text in node.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and OLD_WORDS.search(text.value)
    ]


RULES: tuple[Callable[[Path], list[str]], ...] = (
    leaning_on_own_room,
    stray_imports,
    impure,
    too_long,
    todo_words,
    recased_letters,
    unsafe_loads,
    missing_names,
    missing_modules,
    double_types,
    says_what,
    participles,
    old_words,
)
