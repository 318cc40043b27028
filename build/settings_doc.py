"""Write docs/settings.md from the model of the settings: each key with its type, default, limits and meaning.

    python build/settings_doc.py           # write
    python build/settings_doc.py --check   # change nothing; exit 1 when the document is stale

Defaults and meanings are those of the dataclasses in trayapp/settings (the text below a field is its meaning); limits
are the sentences with which the program itself refuses a wrong value.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, get_type_hints

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from trayapp.core.audience.plans import PLANS  # noqa: E402
from trayapp.i18n.deferred import Refusal  # noqa: E402
from trayapp.model import ProbeSpec  # noqa: E402
from trayapp.settings import about_me, schema  # noqa: E402
from trayapp.settings.display import format_setting  # noqa: E402
from trayapp.settings.keys import MAX_PROBED, PROBE_KEYS, SECTIONS, TOP_KEYS, CheckTable  # noqa: E402

DOCUMENT = ROOT / "docs" / "settings.md"
INTRODUCTION = """\
# Settings

*Made from the program by `make docs`; change the texts in `trayapp/settings/`, not here.*

The settings are one [TOML](https://toml.io) file, UTF-8, of 64 kB at most:

| System  | File                                                            |
|---------|-----------------------------------------------------------------|
| Linux   | `~/.config/openai-status-tray/config.toml`                      |
| Windows | `%LOCALAPPDATA%\\openai-status-tray\\config.toml`                 |
| macOS   | `~/Library/Application Support/openai-status-tray/config.toml`  |

`--config FILE` names another file; `OPENAI_STATUS_TRAY_HOME=DIR` keeps settings, memory and log under one folder. Every key
is optional. The menu's *Open the settings file* makes the file from [the example](../assets/config.example.toml), and what
you choose in the menu is written into it; your comments and the order of things stay. A change is read within half a
minute. A mistake is named in the menu and in a notification, with the key, the value and what is allowed; until it is
mended the settings that held before go on. A start with a mistake in the file ends with exit status 64.

A duration is a text such as `"90s"`, `"2m"` or `"1h"`. `openai-status-tray settings` prints each setting, and where it comes from.

## For all users of a computer

An administrator can put a file of the same form here:

| System  | File                                                                                           |
|---------|------------------------------------------------------------------------------------------------|
| Linux   | `/etc/xdg/openai-status-tray/config.toml`, or the same in each folder of `XDG_CONFIG_DIRS`     |
| Windows | `%ProgramData%\\openai-status-tray\\config.toml`                                                 |
| macOS   | `/Library/Application Support/openai-status-tray/config.toml`                                  |

What it says holds in place of the built-in defaults, and a person's own file overrides it. What stands in its table `[locked]`, in
the same form once more, overrides the person's file, too:

```toml
follow = ["ChatGPT"]                             # until a person chooses otherwise

[locked.page]
url = "https://status-mirror.example.com"        # whatever a person's own file says
```

So the order is: built-in, the computer's file, the person's file, `[locked]`; key by key, where `probes` are one key. Of several folders
the first that sets a key wins. In the menu a locked setting is greyed, with the words "set by your organisation"; `doctor` names the file
and what it locks. Settings in the person's file that are locked are without effect, and no mistake.

- **Only administrators' files count**: the file and each folder above it must belong to root, and nobody else may write them, also no group
  (on macOS wheel and admin may write folders); a link must be root's, and lead to such a file. On Windows owner and access list are
  looked at: only administrators, Windows itself and its installer may have the right to change the file, or to replace it or a folder
  above it, and there may be no link on the way.
- **A mistake in it stops nobody.** What cannot be used is skipped and named in one line by `doctor`, by `settings` and in the log: the whole file
  if it does not count, cannot be read or is no TOML; else each key that is unknown or has a wrong value, alone, and the rest holds.
- **A change is read within half a minute**, as of the person's file. While a file cannot be used, a running program goes on with what the file
  said before.
- Where a file of the site makes two settings contradict each other, the person's file does not become invalid by it: of the two intervals of
  `[page]` the shorter holds in trouble, and a check of the person's with the name "Answers" is left out while `key_check.on` is true.
"""
_LIST = "a list in brackets"
_WRONG = (
    object(), [object()], [object()] * 1000, "x", "http://me@x.example", "http://x.example/?x", "http://x.example",
)  # fmt: skip
"""Of no type, of a list's items, too many, no address, with a user name, with a query, without TLS."""
_TYPES = {"str": "text", "bool": "true or false", "float": "duration", "tuple": "list of texts"}


def document() -> str:
    """The whole document."""
    parts = [INTRODUCTION, _section("Top level", "", schema.Config, TOP_KEYS)]
    parts.append(_probes())
    for name, (model, checks) in SECTIONS.items():
        parts.append(_section(f"[{name}]", inspect.getdoc(model) or "", model, checks))
    return "\n".join(parts)


def _section(title: str, meaning: str, model: type, checks: CheckTable) -> str:
    defaults = model()
    rows = (
        (f"`{key}`", _type(model, key), _code(format_setting(getattr(defaults, key))), _limits(check), _meanings(model)[key])
        for key, check in checks.items()
    )
    return "\n".join([f"## {title}", "", *([meaning, ""] if meaning else []), *_table("Key Type Default Allowed Meaning", rows)])


def _probes() -> str:
    keys = (
        (f"`{key}`", _type(ProbeSpec, key), _limits(check), _meanings(ProbeSpec)[key])
        for key, check in PROBE_KEYS.items()
    )
    defaults = (
        (_code(p.name), _code(p.product), _code(p.url), _code(json.loads(format_setting(p.interval)))) for p in schema.Config().probes
    )
    return "\n".join(
        [
            "## [[probes]]",
            "",
            f"The health endpoints that this computer asks by itself, {MAX_PROBED} at most. Tables of yours replace all of the",
            'defaults; `probes = []` means none. No two may bear one name, and none "Answers" while `key_check.on` is true. Each',
            "table needs every key but `interval`.",
            "",
            *_table("Key Type Allowed Meaning", keys),
            "",
            "The defaults:",
            "",
            *_table("name product url interval", defaults),
            "",
        ]
    )


def _table(head: str, rows: Iterator[tuple[str, ...]]) -> list[str]:
    """Rows of Markdown, padded so that a change of one cell is easy to read in its column."""
    cells = [tuple(head.split()), *((*(cell.replace("|", "\\|") for cell in row),) for row in rows)]
    lines = ["| " + " | ".join(row) + " |" for row in cells]
    return [lines[0], "|" + "---|" * len(cells[0]), *lines[1:], *([""] if len(cells[0]) == 5 else [])]


def _meanings(model: type) -> dict[str, str]:
    """Each field's text: the literal below it in the source."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(body, ast.ClassDef)
    return {
        field.target.id: inspect.cleandoc(text.value.value).replace("\n", " ")
        for field, text in zip(body.body, body.body[1:], strict=False)
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def _type(model: type, key: str) -> str:
    hint = get_type_hints(model)[key]
    return _TYPES.get(getattr(hint, "__name__", ""), "text")


def _limits(check: Any) -> str:
    """What the program says is allowed, by having it refuse one wrong value after the other."""
    known = f"; known are {', '.join(PLANS)}" if check is about_me.check_plans else ""
    said = [_refusal(check, tried) for tried in _WRONG]
    whole = [text.replace(_LIST, said[0], 1) if text.startswith(_LIST + ", each") else text for text in said]
    allowed = [text for text in dict.fromkeys(whole) if text and not whole[1].startswith(f"{text}, each")]
    return "; ".join(allowed) + known


def _refusal(check: Any, tried: object) -> str:
    try:
        check(tried)
    except Refusal as refusal:
        return str(refusal)
    return ""


def _code(text: str) -> str:
    return f"`{text}`"


def main(arguments: list[str]) -> int:
    """Write, or with --check only look."""
    wanted = document()
    if "--check" not in arguments:
        DOCUMENT.write_text(wanted, "utf-8")
    elif not DOCUMENT.exists() or DOCUMENT.read_text("utf-8") != wanted:
        print("docs/settings.md is stale: `make docs` writes it", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
