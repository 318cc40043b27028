"""Bring the catalogues up to date with the program: extract what it says, merge it into each .po, compile each .mo.
The desktop entry, Windows' installer, the example of the settings and the package's classifiers get their languages here
too.

    python build/catalogues.py           # write
    python build/catalogues.py --check   # change nothing; exit 1 and say what is stale, untranslated or fuzzy

Babel is needed here only; the program itself reads the .mo files with the standard library.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from trayapp import APP_ID
from trayapp.i18n.languages import LANGUAGES, NO_PLURAL, PluralRule
from trayapp.model.defaults import AUTO

PROGRAM = Path(__file__).resolve().parent.parent / "trayapp"
LOCALE = PROGRAM / "locale"
ASSETS = PROGRAM.parent / "assets"
ENTRY = ASSETS / f"{APP_ID}.desktop"
ENTRY_KEYS = ("GenericName", "Comment", "Keywords")
"""What the entry in a desktop's menu says to people; the English stands there, the other languages are written to it."""
INSTALLER = PROGRAM.parent / "build" / "installer.nsi"
INSTALLER_TEXT = re.compile(r'(?m)^LangString (\w+) \$\{LANG_ENGLISH\} "(.*)"\n')
"""A text of the installer, which stands there in English; the other languages are written to it."""
EXAMPLE = ASSETS / "config.example.toml"
PACKAGE = PROGRAM.parent / "pyproject.toml"
RULES = {language.code: language.plural for language in LANGUAGES}

KEYWORDS = {"say": None, "mark": None, "phrase": None, "say_many": (1, 2), "mark_many": (1, 2), "StoryStep": (2,)}
"""The functions of `trayapp.i18n.translator` and `phrase` whose first texts are for people, and the demo's notes."""

HEADER = "# {title}: OpenAI Status Tray."


class Calm(Catalog):
    """A catalogue whose header says only what is used: dates and tool versions would change it for no reason."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's fields."""
        language = [("Language", str(self.locale)), ("Plural-Forms", self.plural_forms)] if self.locale else []
        return [*language, ("Content-Type", "text/plain; charset=utf-8"), ("Content-Transfer-Encoding", "8bit")]

    @property
    def num_plurals(self) -> int:
        """As the list of languages says; the template has none."""
        return self._rule.forms

    @property
    def plural_expr(self) -> str:
        """Which form a number n asks for. Babel does not know Indonesian's."""
        return self._rule.expression

    @property
    def _rule(self) -> PluralRule:
        return RULES.get(str(self.locale), NO_PLURAL)


def template() -> Catalog:
    """All that the program says, as it is now."""
    catalogue = Calm(header_comment=HEADER.format(title="Everything that is said"), fuzzy=False)
    found = extract_from_dir(PROGRAM, method_map=[("**.py", "python")], keywords=KEYWORDS)
    for name, _line, message, _comments, context in sorted(found, key=lambda one: (one[0], one[1])):
        catalogue.add(message, locations=[(f"trayapp/{name}", 0)], context=context)
    for key in ENTRY_KEYS:
        catalogue.add(entry_text(key), locations=[(f"assets/{ENTRY.name}", 0)])
    for _, text in INSTALLER_TEXT.findall(INSTALLER.read_text("utf-8")):
        catalogue.add(from_installer(text), locations=[(f"build/{INSTALLER.name}", 0)])
    return catalogue


def entry_text(key: str) -> str:
    """What the desktop entry says in English."""
    (text,) = re.findall(rf"(?m)^{key}=(.*)$", ENTRY.read_text("utf-8"))
    return text


def translated_entry(catalogues: Mapping[str, Catalog]) -> bytes:
    """The desktop entry with its texts in every language."""
    text = re.sub(r"(?m)^\w+\[\w+\]=.*\n", "", ENTRY.read_text("utf-8"))
    for key in ENTRY_KEYS:
        english = entry_text(key)
        found = {code: catalogue.get(english) for code, catalogue in sorted(catalogues.items()) if code != "en"}
        lines = "".join(f"{key}[{code}]={one.string}\n" for code, one in found.items() if one and one.string)
        text = text.replace(f"{key}={english}\n", f"{key}={english}\n{lines}")
    return text.encode()


def from_installer(text: str) -> str:
    """A text as the catalogues have it: the program's name is a placeholder as elsewhere."""
    return text.replace("${TITLE}", "{program}")


def as_installer(text: str) -> str:
    """The same as NSIS has it, which knows two signs of its own."""
    return text.replace("$", "$$").replace('"', '$\\"').replace("{program}", "${TITLE}")


def translated_installer(catalogues: Mapping[str, Catalog]) -> bytes:
    """The installer with its languages and its texts in each of them. NSIS names a language in English, as Babel does."""
    names = {code: str(Locale.parse(code).get_language_name("en")) for code in catalogues}
    lines = "".join(f'!insertmacro MUI_LANGUAGE "{name}"\n' for name in names.values())

    def in_every_language(found: re.Match[str]) -> str:
        key, english = found.groups()
        texts = {code: catalogue.get(from_installer(english)) for code, catalogue in catalogues.items() if code != "en"}
        return found.group() + "".join(
            f'LangString {key} ${{LANG_{names[code].upper()}}} "{as_installer(str(one.string))}"\n'
            for code, one in texts.items()
            if one and one.string
        )

    text = re.sub(r"(?m)^LangString \w+ \$\{LANG_(?!ENGLISH\}).*\n", "", INSTALLER.read_text("utf-8"))
    text = re.sub(r'(?m)(^!insertmacro MUI_LANGUAGE ".*\n)+', lines, text)
    return INSTALLER_TEXT.sub(in_every_language, text).encode()


def example_with_languages() -> bytes:
    """The example of the settings, naming what `language` may be."""
    named = ", ".join((AUTO, *RULES))
    return re.sub(r"(?m)^(language = .*# ).*$", rf"\g<1>{named}", EXAMPLE.read_text("utf-8")).encode()


def package_with_languages() -> bytes:
    """The package's description, with the English name of each language among its classifiers."""
    names = [Locale.parse(code).get_language_name("en") for code in RULES]
    lines = "".join(f'  "Natural Language :: {name}",\n' for name in names)
    return re.sub(r'(?m)(^  "Natural Language :: .*\n)+', lines, PACKAGE.read_text("utf-8")).encode()


def path(language: str, ending: str) -> Path:
    """Where a language's catalogue lies."""
    return LOCALE / language / "LC_MESSAGES" / f"{APP_ID}.{ending}"


def merge_catalogue(language: str, source: Catalog) -> Catalog:
    """A language's catalogue with the program's present texts; those that went are dropped, new ones are empty."""
    new = Calm(locale=language, header_comment=HEADER.format(title=f"Translation into {language}"), fuzzy=False)
    old = Catalog(locale=language)
    if path(language, "po").exists():
        with path(language, "po").open("rb") as file:
            old = read_po(file, locale=language)
    for message in messages(source):
        known = old.get(message.id)
        string = message.id if language == "en" else known.string if known else None
        flags = known.flags - {"python-format", "python-brace-format"} if known else ()
        new.add(message.id, string, locations=message.locations, flags=flags, context=message.context)
    return new


def messages(catalogue: Catalog) -> Iterator[Message]:
    """The entries but for the header."""
    return (message for message in catalogue if message.id)


def as_po(catalogue: Catalog) -> bytes:
    """The file a translator edits."""
    out = BytesIO()
    write_po(out, catalogue, width=110, include_lineno=False)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    """The file the program reads."""
    out = BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def files() -> dict[Path, bytes]:
    """Every file as it should be."""
    source = template()
    wanted = {LOCALE / f"{APP_ID}.pot": as_po(source)}
    catalogues = {code: merge_catalogue(code, source) for code in RULES}
    for language, catalogue in catalogues.items():
        wanted[path(language, "po")] = as_po(catalogue)
        wanted[path(language, "mo")] = as_mo(catalogue)
    return {
        **wanted,
        ENTRY: translated_entry(catalogues),
        INSTALLER: translated_installer(catalogues),
        EXAMPLE: example_with_languages(),
        PACKAGE: package_with_languages(),
    }


def missing() -> list[str]:
    """What is not translated, or only guessed."""
    source = template()
    return [
        f"{language}: {message.id!r}"
        for language in RULES
        for message in messages(merge_catalogue(language, source))
        if message.fuzzy or not all(message.string if isinstance(message.string, (list, tuple)) else [message.string])
    ]


def main(arguments: list[str]) -> int:
    """Write, or with --check only look."""
    wanted = files()
    stale = [file for file, content in wanted.items() if not file.exists() or file.read_bytes() != content]
    if "--check" not in arguments:
        for file in stale:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(wanted[file])
        stale = []
    complaints = [f"stale: {file.relative_to(PROGRAM.parent)}" for file in stale] + [f"untranslated: {m}" for m in missing()]
    print("\n".join(complaints) or "every catalogue is complete and fresh")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
