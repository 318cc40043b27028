"""The rules of the house, checked over a folder of source files: floors, rooms of libraries, purity, size, nothing undone.

Each rule takes the folder of the package and gives its violations, one sentence each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

PACKAGE = "trayapp"
ROOMS = ("core", "sources", "desktop", "store", "web_page", "demo")
FLOORS: tuple[tuple[str, ...], ...] = (
    # The words of the domain, and the version.
    ("model", "__init__"),
    # Where files belong and what must not be written into them: every room may ask.
    ("ownership", "places", "redact"),
    # How a sentence is put into a language.
    ("i18n",),
    # The rooms. None knows another.
    ROOMS,
    ("settings",),
    # Polls, judges, stores and notifies.
    ("engine",),
    # Puts the program together.
    ("app",),
    ("commands",),
    ("cli",),
    ("__main__",),
)
"""Lowest first. A module imports from floors below its own, and from its own package."""
FLOOR = {name: floor for floor, names in enumerate(FLOORS) for name in names}
LIBRARIES: Mapping[str, str] = {
    "httpx": "sources/http.py",
    "httpcore": "sources/streams.py",
    "truststore": "sources/trust.py",
    "pystray": "desktop/tray/",
    "plyer": "desktop/notifications/",
    "PyObjCTools": "desktop/tray/",
    "UserNotifications": "desktop/notifications/",
    "jeepney": "desktop/",
    "tomlkit": "settings/edit.py",
    "Xlib": "desktop/clipboard/",
    "sqlite3": "store/",
}
"""Library -> the only place that imports it, so that a successor is one place away."""
IMPURE = frozenset(
    {
        "asyncio", "gettext", "glob", "http", "io", "locale", "logging", "multiprocessing", "os", "pathlib", "random",
        "secrets", "select", "shutil", "signal", "socket", "ssl", "subprocess", "sys", "tempfile", "threading", "time",
        "urllib", "uuid",
    }
)  # fmt: skip
"""Modules with a clock, dice, disk, network or display behind them."""
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
        "begun", "brought", "built", "chosen", "done", "drawn", "felt", "found", "given", "gone", "heard", "held", "kept",
        "known", "left", "lost", "made", "meant", "said", "seen", "sent", "shown", "spoken", "taken", "told", "written",
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


def parsed(package: Path) -> Iterator[tuple[Path, ast.Module]]:
    """Every source file of the package, by its place in it."""
    for path in sorted(package.rglob("*.py")):
        yield path.relative_to(package), ast.parse(path.read_text("utf-8"), str(path))


def imports(package: Path) -> list[Import]:
    """All imports, late ones and those by name included."""
    return [
        Import(where, line, module)
        for where, tree in parsed(package)
        for node in ast.walk(tree)
        for line, module in _imported(node, where)
    ]


def _imported(node: ast.AST, where: Path) -> Iterator[tuple[int, str]]:
    if isinstance(node, ast.Import):
        yield from ((node.lineno, alias.name) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        module = _absolute(node, where)
        # `from package import name` may mean a module of the package as well as a word of its own.
        names = [f"{module}.{alias.name}" for alias in node.names] if module == PACKAGE else [module]
        yield from ((node.lineno, name) for name in names)
    elif isinstance(node, ast.Call) and _called(node) in {"import_module", "__import__"}:
        named = [a.value for a in node.args[:1] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        yield from ((node.lineno, name) for name in named)


def _absolute(node: ast.ImportFrom, where: Path) -> str:
    if not node.level:
        return node.module or ""
    parts = (PACKAGE, *where.parent.parts)
    base = parts[: len(parts) - node.level + 1]
    return ".".join((*base, node.module) if node.module else base)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def room_of(where: Path) -> str:
    """The part of the house a file belongs to: its folder, or its own name at the top."""
    return where.parts[0] if len(where.parts) > 1 else where.stem


def upward(package: Path) -> list[str]:
    """Imports that do not look down, and parts of the house without a floor."""
    rooms = {room_of(where) for where, _ in parsed(package)}
    homeless = [f"{name} has no floor" for name in sorted(rooms - FLOOR.keys())]
    return homeless + [
        f"{found.where}:{found.line}: {here} imports {there}"
        for found in imports(package)
        if (there := _part(found.module, rooms)) is not None
        and (here := room_of(found.where)) != there
        and {here, there} <= FLOOR.keys()
        and FLOOR[there] >= FLOOR[here]
    ]


def _part(module: str, rooms: set[str]) -> str | None:
    """The part of the house a module belongs to; None for what is not of the house."""
    first, _, rest = module.partition(".")
    if first != PACKAGE:
        return None
    part = rest.partition(".")[0]
    return part if part in rooms else "__init__"


def arrows(package: Path) -> Arrows:
    """Which part of the house needs which others; every part may read the version, so that is left out."""
    rooms = {room_of(where) for where, _ in parsed(package)}
    found: dict[str, set[str]] = {}
    for each in imports(package):
        here, there = room_of(each.where), _part(each.module, rooms)
        if there not in {None, here, "__init__"}:
            found.setdefault(here, set()).add(str(there))
    return found


def arrows_in_core(package: Path) -> Arrows:
    """The same within core, of its folders and single files."""
    core = package / "core"
    rooms = {room_of(path.relative_to(core)) for path in core.rglob("*.py")}
    found: dict[str, set[str]] = {}
    for each in imports(package):
        if room_of(each.where) == "core" and each.module.startswith(f"{PACKAGE}.core."):
            here, there = room_of(each.where.relative_to("core")), each.module.split(".")[2]
            if here != there and there in rooms:
                found.setdefault(here, set()).add(there)
    return found


def circles(package: Path) -> list[str]:
    """Files that cannot be understood one after the other, because each needs the next; the first such ring."""
    files = {".".join((PACKAGE, *where.with_suffix("").parts)): where for where, _ in parsed(package)}
    files = {name.removesuffix(".__init__"): where for name, where in files.items()}
    needs: dict[Path, set[Path]] = {}
    for where, tree in parsed(package):
        named = {name for node in ast.walk(tree) for name in _named(node, where, files.keys())}
        needs[where] = {files[name] for name in named & files.keys()}
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        return [" needs ".join(where.as_posix() for where in reversed(error.args[1]))]
    return []


def _named(node: ast.AST, where: Path, modules: AbstractSet[str]) -> Iterator[str]:
    """What a node imports; of a folder's file, asked of the folder, the file alone."""
    if not isinstance(node, ast.ImportFrom):
        yield from (module for _, module in _imported(node, where))
        return
    folder = _absolute(node, where)
    for alias in node.names:
        yield file if (file := f"{folder}.{alias.name}") in modules else folder


def strayed(package: Path) -> list[str]:
    """Libraries imported outside their own place."""
    return [
        f"{found.where}:{found.line}: imports {library}, which belongs to {LIBRARIES[library]}"
        for found in imports(package)
        if (library := found.module.partition(".")[0]) in LIBRARIES
        and not found.where.as_posix().startswith(LIBRARIES[library])
    ]


def impure(package: Path) -> list[str]:
    """Clocks, dice, disk and network within core."""
    brought_in = [
        f"{found.where}:{found.line}: core imports {found.module}"
        for found in imports(package)
        if room_of(found.where) == "core" and found.module.partition(".")[0] in IMPURE
    ]
    return brought_in + [
        f"{where}:{node.lineno}: core calls {ast.unparse(node.func)}"
        for where, tree in parsed(package)
        if room_of(where) == "core"
        for node in ast.walk(tree)
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
    counted = (
        (path.relative_to(package), len(path.read_text("utf-8").splitlines()))
        for path in sorted(package.rglob("*.py"))
    )
    return [f"{where} has {count} lines" for where, count in counted if count > LONGEST]


def undone(package: Path) -> list[str]:
    """Words that say that something is still to be done."""
    return [
        f"{path.relative_to(package)}:{number}: {found.group()}"
        for path in sorted(package.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if (found := UNDONE.search(line))
    ]


def recased(package: Path) -> list[str]:
    """Letters made large or small where sentences are made: Python knows English's alone (Turkish i, ı, İ, I)."""
    return [
        f"{where}:{node.lineno}: {node.func.attr}()"
        for where, tree in parsed(package)
        if room_of(where) in SPEAKING_ROOMS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in RECASING
    ]


def unsafely_loaded(package: Path) -> list[str]:
    """Libraries of Windows that are loaded by name from wherever they lie."""
    return [
        f"{where}:{node.lineno}: {node.value.id}.{node.attr}"
        for where, tree in parsed(package)
        if where.as_posix() != "desktop/system32.py"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in LOADERS
        if isinstance(node.value, ast.Name) and node.value.id in {"ctypes", "_windows"}
    ]


def misnamed(package: Path) -> list[str]:
    """Constants and types that a docstring cites and that are not there, as after a change of their names."""
    files = dict(parsed(package))
    prose = {id(text): where for where, tree in files.items() for text in _prose(tree)}
    nodes = [node for tree in files.values() for node in ast.walk(tree)]
    known = ENVIRONMENT | {word for node in nodes if id(node) not in prose for word in _words(node)}
    return [
        f"{prose[id(node)]}:{node.lineno}: {name}"
        for node in nodes
        if isinstance(node, ast.Constant) and id(node) in prose
        for name in CITED.findall(str(node.value))
        if name not in known
    ]


def mislaid(package: Path) -> list[str]:
    """Modules that a text cites, as `core.judge` or `core.judge.step`, and that are not there."""
    rooms = {room_of(where) for where, _ in parsed(package)}
    return [
        f"{path.relative_to(package)}:{number}: {cited}"
        for path in sorted(package.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for cited in CITED_MODULE.findall(line)
        if (parts := cited.split("."))[0] in rooms and not _is_there(package, parts)
    ]


def _is_there(package: Path, parts: list[str]) -> bool:
    """Whether these lead to a module or folder, or to a name in one."""
    whole, *others = (package.joinpath(*parts), package.joinpath(*parts[:-1]))
    if whole.is_dir() or whole.with_suffix(".py").is_file():
        return True
    files = (file for place in others for file in (place.with_suffix(".py"), place / "__init__.py"))
    name = re.compile(rf"\b{parts[-1]}\b")
    return any(file.is_file() and bool(name.search(file.read_text("utf-8"))) for file in files)


def _prose(tree: ast.Module) -> Iterator[ast.Constant]:
    """Docstrings, and the texts below fields and constants."""
    for node in ast.walk(tree):
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
    for where, tree in parsed(package):
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
        for where, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (ast.get_docstring(node) or "").startswith("What ")
    ]


def participles(package: Path) -> list[str]:
    """Functions that are named by a past participle alone: what acts begins with a verb. A property is a value."""
    return [
        f"{where}:{node.lineno}: {node.name}()"
        for where, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not any("property" in ast.unparse(decorator) for decorator in node.decorator_list)
        and (name := node.name.lstrip("_")) not in NO_PARTICIPLES
        and (name in IRREGULAR or re.fullmatch(r"[a-z]+ed", name))
    ]


def old_words(package: Path) -> list[str]:
    """Sentences for people and lines of the log that call a poll a look, or a notification a notice."""
    return [
        f"{where}:{node.lineno}: {text.value}"
        for where, tree in parsed(package)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node) in SPOKEN | LOGGED
        for text in node.args
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and OLD_WORDS.search(text.value)
    ]


RULES: tuple[Callable[[Path], list[str]], ...] = (
    upward,
    circles,
    strayed,
    impure,
    too_long,
    undone,
    recased,
    unsafely_loaded,
    misnamed,
    mislaid,
    double_types,
    says_what,
    participles,
    old_words,
)
