"""What goes into the bundle, what is left out of it, and whose licences go with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, distribution, packages_distributions
from pathlib import Path

from parts import debian_packages, debian_record

from trayapp import APP_ID as NAME
from trayapp import APP_TITLE as TITLE
from trayapp import __version__

FOR_CONSOLES = f"{NAME}-console"
"""Windows' second program, as PyInstaller must call it; it becomes NAME.com, which a command line takes before NAME.exe."""

BY_NAME = {
    "linux": ["pystray._dummy", "pystray._xorg", "plyer.platforms.linux.notification"],
    "win32": ["pystray._dummy", "pystray._win32", "plyer.platforms.win.notification"],
    "darwin": ["pystray._dummy", "pystray._darwin", "PyObjCTools.AppHelper", "UserNotifications"],
}[sys.platform]
"""What is imported by a name that PyInstaller cannot see, on the system it builds for."""

LEFT_OUT = [
    # GTK and its icons and translations weigh 140 MB; our own tray needs none of it.
    "gi",
    # Reached only by tools within the libraries: command lines, test helpers, other event loops.
    *("babel", "click", "curses", "doctest", "multiprocessing", "numpy", "pydoc", "pygments", "readline", "rich"),
    *("setuptools", "pkg_resources", "packaging", "_pytest", "tkinter", "trio", "unittest", "lib2to3"),
    # truststore looks whether urllib3 is there to be patched. Here it comes with the tools, and would bring all of these.
    *("urllib3", "requests", "charset_normalizer", "cryptography", "cffi", "_cffi_backend"),
    # Pillow's formats and fonts: icons are drawn as shapes, and saved as PNG or ICO at most.
    *("PIL._avif", "PIL._webp", "PIL._imagingcms", "PIL._imagingft", "PIL._imagingmath", "PIL._imagingtk"),
]


def licences(modules: Iterable[str], libraries: Iterable[Path]) -> Iterator[tuple[str, str]]:
    """Each licence's file and the folder it goes to: of the modules' packages, of Python, of the system's libraries."""
    for name in packages(modules):
        found = [str(path) for path in _texts(distribution(_with_text(name)))]
        if not found:
            raise SystemExit(f"{name} brings no licence text")
        yield from ((path, f"licences/{name}") for path in found)
    # PyInstaller's start program goes into the bundle although no module of it does.
    yield from ((str(path), "licences/pyinstaller") for path in _texts(distribution("pyinstaller")))
    yield str(_python()), "licences/python"
    if sys.platform == "win32":
        yield from ((str(text), f"licences/{name}") for name, text in _within_python())
    for package in sorted(system_packages(libraries)):
        yield f"/usr/share/doc/{package}/copyright", f"licences/{package}"


def packages(modules: Iterable[str]) -> list[str]:
    """The packages of the index that these modules belong to, without the program itself."""
    owners = packages_distributions()
    tops = {module.partition(".")[0] for module in modules}
    return sorted({owner for top in tops for owner in owners.get(top, ())} - {NAME})


def _with_text(name: str) -> str:
    """PyObjC's packages are under one licence, whose text only one of them brings (seen in 13.0)."""
    return "pyobjc-framework-Cocoa" if name.lower().startswith("pyobjc") else name


def _texts(package: Distribution) -> Iterator[Path]:
    for file in package.files or ():
        if file.name.upper().startswith(("LICEN", "COPYING", "NOTICE")) and ".dist-info" in str(file):
            yield Path(str(package.locate_file(file)))


def _python() -> Path:
    """Its own text, or the one of Debian's package, which parts the two."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    places = (
        Path(sys.base_prefix) / "LICENSE.txt",
        Path(sys.base_prefix, "lib", version, "LICENSE.txt"),
        Path("/usr/share/doc", version, "copyright"),
        Path("/usr/share/doc", f"{version}-minimal", "copyright"),
    )
    return next(place for place in places if place.exists())


def _within_python() -> Iterator[tuple[str, Path]]:
    """The libraries in Windows' Python, whose texts it lacks here: Debian's of the same libraries, seen through Wine."""
    share = Path("Z:/usr/share")
    for name in ("libssl3", "libffi8", "libsqlite3-0", "libbz2-1.0", "liblzma5", "libexpat1", "zlib1g", "libzstd1"):
        yield name, min(share.glob(f"doc/{name}*/copyright"))
    yield "libssl3", share / "common-licenses" / "Apache-2.0"


def system_packages(libraries: Iterable[Path]) -> dict[str, str]:
    """Debian's packages that libraries were taken from, with their versions; empty on other systems."""
    return dict(sorted(set(debian_packages(libraries).values())))


def record(modules: Iterable[str], libraries: Iterable[Path]) -> dict[str, object]:
    """What a bundle is to know of its build: the date, which libraries are Debian's, and what else is in it."""
    return {
        "built": int(os.environ["SOURCE_DATE_EPOCH"]),
        "debian": debian_record(libraries),
        "packages": {name: distribution(name).version for name in packages(modules)},
        "system": system_packages(libraries),
    }


def version_resource() -> object:
    """What Windows shows under Properties, Details."""
    from PyInstaller.utils.win32 import versioninfo as v

    numbers = (*map(int, __version__.split(".")), 0)
    texts = {
        "CompanyName": TITLE,
        "FileDescription": TITLE,
        "FileVersion": __version__,
        "InternalName": NAME,
        "LegalCopyright": f"The {TITLE} authors. Not made or endorsed by OpenAI.",
        "OriginalFilename": f"{NAME}.exe",
        "ProductName": TITLE,
        "ProductVersion": __version__,
    }
    table = v.StringTable("040904B0", [v.StringStruct(*text) for text in texts.items()])
    translation = v.VarFileInfo([v.VarStruct("Translation", [0x0409, 0x04B0])])
    return v.VSVersionInfo(
        ffi=v.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[v.StringFileInfo([table]), translation],
    )


def info_plist() -> dict[str, object]:
    """What macOS is told about the .app (developer.apple.com/documentation/bundleresources/information-property-list)."""
    return {
        "CFBundleName": TITLE,
        "CFBundleDisplayName": TITLE,
        "CFBundleShortVersionString": __version__,
        "CFBundleVersion": __version__,
        "CFBundleDevelopmentRegion": "en",
        "NSHumanReadableCopyright": f"The {TITLE} authors. Not made or endorsed by OpenAI.",
        # An icon in the menu bar, and none in the Dock.
        "LSUIElement": True,
        # The first whose notification centre knows banners by that name.
        "LSMinimumSystemVersion": "11.0",
        "NSHighResolutionCapable": True,
    }
