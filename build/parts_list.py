"""Writes beside each package in dist/ the list of its parts, as CycloneDX 1.6: python build/parts_list.py

https://cyclonedx.org/docs/1.6/json: what is in a package are components; what it needs and finds on the computer is in the list
too, with the scope "excluded". A part that Debian built has Debian's name and version, by which scanners know what is mended in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from importlib.metadata import distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "build")]

from deb import SYSTEMS, brought_along
from packaging.requirements import Requirement
from parts import find_versions

from trayapp import APP_ID, __version__
from trayapp.app.build_record import RECORD_FILE

DIST = ROOT / os.environ.get("DIST", "dist")
WINDOWS_BUNDLE = ROOT / "out/windows/dist" / APP_ID
Component = dict[str, object]
VENDORS = {
    "Python": "python:python",
    "OpenSSL": "openssl:openssl",
    "SQLite": "sqlite:sqlite",
    "expat": "libexpat_project:libexpat",
}
"""Part -> vendor and product, as the National Vulnerability Database names them."""


def main() -> None:
    """One list a package."""
    kinds = {
        ".deb": list_of_deb,
        ".whl": list_of_wheel,
        ".exe": lambda: list_of_bundle(WINDOWS_BUNDLE),
        ".zip": lambda: list_of_bundle(WINDOWS_BUNDLE),
        ".gz": lambda: [],
    }
    for package in sorted(path for path in DIST.iterdir() if path.suffix in kinds):
        is_tarball = "-linux-" in package.name
        components = list_of_bundle(DIST / APP_ID) if is_tarball else kinds[package.suffix]()
        Path(f"{package}.cdx.json").write_text(json.dumps(describe(package, components), indent=1) + "\n", "utf-8")


def describe(package: Path, components: Iterable[Component]) -> dict[str, object]:
    """The whole list; the same package has the same one."""
    digest = hashlib.sha256(package.read_bytes()).hexdigest()
    at = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC)
    program = {
        **component("application", APP_ID, __version__, f"pkg:pypi/{APP_ID}@{__version__}"),
        "hashes": [{"alg": "SHA-256", "content": digest}],
        "licenses": [{"license": {"id": "MIT"}}],
        "properties": [{"name": "package", "value": package.name}],
    }
    # Two libraries of one package (libcrypto and libssl) are one part.
    parts = {str(part["bom-ref"]): part for part in components}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_OID, digest)}",
        "version": 1,
        "metadata": {"timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}", "component": program},
        "components": sorted(parts.values(), key=lambda part: str(part["bom-ref"])),
        "dependencies": [{"ref": program["bom-ref"], "dependsOn": sorted(parts)}],
    }


def component(kind: str, name: str, version: str, purl: str, **more: str) -> Component:
    """One part; without a version if that is the computer's own."""
    return {"type": kind, "bom-ref": purl, "name": name, **({"version": version} if version else {}), "purl": purl, **more}


def from_index(name: str, version: str, **more: str) -> Component:
    """A package of the Python package index."""
    name = name.lower().replace("_", "-")
    return component("library", name, version, f"pkg:pypi/{name}@{version}" if version else f"pkg:pypi/{name}", **more)


def list_of_bundle(folder: Path) -> Iterator[Component]:
    """What lies in a bundle: index packages, Python with its libraries, and Debian's libraries."""
    record = json.loads((folder / "_internal/trayapp" / RECORD_FILE).read_text())
    yield from (from_index(name, version) for name, version in record["packages"].items())
    yield from_index("pyinstaller", distribution("pyinstaller").version)
    for name, version in record["system"].items():
        yield component("library", name, version, f"pkg:deb/debian/{name}@{version}")
    for _, part, version in find_versions(file for file in folder.rglob("*") if file.is_file()):
        if part not in record["debian"]:
            cpe = f"cpe:2.3:a:{VENDORS[part]}:{version}:*:*:*:*:*:*:*"
            yield component("library", part, version, f"pkg:generic/{part.lower()}@{version}", cpe=cpe)


def list_of_deb() -> Iterator[Component]:
    """What the Debian package brings, and what it takes of the system's."""
    yield from (from_index(library.name, library.version) for library in brought_along())
    for name in ("python3", *SYSTEMS.values()):
        yield component("library", name, "", f"pkg:deb/debian/{name}", scope="excluded")


def list_of_wheel() -> Iterator[Component]:
    """What the wheel asks its installer for; it has nothing but the program in it."""
    for text in distribution(APP_ID).requires or ():
        yield from_index(Requirement(text).name, "", scope="excluded")


if __name__ == "__main__":
    main()
