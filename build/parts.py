"""Looks into a bundle for Python, OpenSSL, SQLite and expat, and fails if one is too old: python build/parts.py FOLDER

Without a folder it looks at the Python that runs it.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trayapp.app.build_record import RECORD_FILE, running_versions
from trayapp.model.least_versions import PARTS, explain_too_old, find_too_old

VERSION_TEXTS = {
    # What each library says of itself. A version that stands alone is taken in its own file only.
    "OpenSSL": (re.compile(rb"OpenSSL (\d+\.\d+\.\d+[a-z]*) +\d+ \w{3} \d{4}"), ""),
    "expat": (re.compile(rb"\0expat_(\d+\.\d+\.\d+)\0"), ""),
    "SQLite": (re.compile(rb"(?<![\d.])(3\.\d+\.\d+)\0"), "sqlite3"),
    "Python": (re.compile(rb"(?<![\d.])(3\.\d+\.\d+)\+?\0"), "python3"),
}
LIBRARIES = {
    # Debian's files.
    "Python": r"libpython3\.\d+\.so.*|python3\.\d+",
    "OpenSSL": r"lib(crypto|ssl)\.so.*",
    "SQLite": r"libsqlite3\.so.*",
    "expat": r"libexpat\.so.*",
}


def main(arguments: list[str]) -> None:
    """Fail with one line for each part that is too old."""
    wrong = list(check_bundle(Path(arguments[0]))) if arguments else list(check_this_python())
    if wrong:
        raise SystemExit("\n".join(wrong))


def check_this_python() -> Iterator[str]:
    """Yield what is too old of this interpreter and the libraries that it loads."""
    taken = debian_record(_loaded_libraries())
    debian = {part: str(about["version"]) for part, about in taken.items()}
    for why in find_too_old(running_versions(), debian):
        yield f"{sys.executable}: {why}"


def check_bundle(folder: Path) -> Iterator[str]:
    """Yield what is too old in a bundle, wherever in it, and what cannot be found."""
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    record = next((file for file in files if file.as_posix().endswith(f"trayapp/{RECORD_FILE}")), None)
    if record is None:
        yield f"{folder}: it does not know when it was built"
    taken = json.loads(record.read_text())["debian"] if record else {}
    found = set()
    for file, part, version in find_versions(files):
        found.add(part)
        about = taken.get(part, {})
        # What the record says counts for those very libraries only.
        own = build_id(file) in about.get("build_ids", []) if about else False
        why = explain_too_old(part, version, about["version"] if own else "")
        if why:
            yield f"{file.relative_to(folder)}: {why}"
    for part in PARTS:
        if part not in found:
            yield f"{folder}: no {part} was found in it"


def find_versions(files: Iterable[Path]) -> Iterator[tuple[Path, str, str]]:
    """Yield each library with the part that it is or holds, and its version."""
    for file in files:
        if not re.search(r"\.(so[.\d]*|dll|pyd|exe|dylib)$", file.name):
            continue
        content = file.read_bytes()
        for part, (text, name) in VERSION_TEXTS.items():
            if name in file.name:
                # 3.2.0 stands in Python's library too: it is a version of Unicode.
                minor = re.search(r"python3\.?(\d+)", file.name)
                for version in sorted({found.decode() for found in text.findall(content)}):
                    if part != "Python" or (minor and version.startswith(f"3.{minor[1]}.")):
                        yield file, part, version


def debian_record(libraries: Iterable[Path]) -> dict[str, dict[str, object]]:
    """Say which parts' libraries are Debian's: the package, its version, and the builds' own numbers."""
    record: dict[str, dict[str, object]] = {}
    for library, (package, version) in sorted(debian_packages(libraries).items()):
        for part, names in LIBRARIES.items():
            if re.fullmatch(names, library.name):
                about = record.setdefault(part, {"package": package, "version": version, "build_ids": []})
                about["build_ids"] += [build_id(library)]  # type: ignore[operator]
    return record


def debian_packages(files: Iterable[Path]) -> dict[Path, tuple[str, str]]:
    """Return the name and version of the package that brought each file; nobody's files are not among them."""
    places = ("/lib", "/usr/lib", "/usr/bin")
    own = {file.resolve() for file in files if str(file.resolve()).startswith(places)} if sys.platform == "linux" else set()
    if not own or shutil.which("dpkg-query") is None:
        return {}
    # By their names, because dpkg knows some libraries below /lib, which leads to /usr/lib. It fails if it knows not all.
    asked = ["dpkg-query", "--search", *(f"*/{file.name}" for file in own)]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    known = [line.partition(": ") for line in said.splitlines()]
    owners = {Path(path).resolve(): names.split(",")[0] for names, _, path in known if Path(path).resolve() in own}
    if not owners:
        return {}
    shown = ["dpkg-query", "--show", "--showformat=${binary:Package} ${Package} ${Version}\n", *sorted(set(owners.values()))]
    said = subprocess.run(shown, capture_output=True, text=True, check=True).stdout
    versions = {name: (package, version) for full, package, version in map(str.split, said.splitlines()) for name in (full, package)}
    return {file: versions[name] for file, name in owners.items()}


def build_id(library: Path) -> str:
    """Return the number that a linker gave a library, which stays when it is stripped; empty without one."""
    said = subprocess.run(["readelf", "--notes", library], capture_output=True, text=True, check=False).stdout
    found = re.search(r"Build ID: ([0-9a-f]+)", said)
    return found[1] if found else ""


def _loaded_libraries() -> Iterator[Path]:
    """The libraries within this process, and the interpreter, which may have Python's within itself."""
    if sys.platform == "linux":
        yield Path(sys.executable)
        yield from {Path(path) for path in re.findall(r"(/\S+\.so\S*)$", Path("/proc/self/maps").read_text(), re.M)}


if __name__ == "__main__":
    main(sys.argv[1:])
