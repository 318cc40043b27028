"""Puts a verdict on one line for a terminal, a shell's prompt or a bar, in the form that was asked for.

Text of the status page stands in it, which must neither break the line nor command the program that shows it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from trayapp.core.tray_view.view import icon_look
from trayapp.core.wording.headline import headline_text, status_sentence
from trayapp.i18n.deferred import Refusal, phrase
from trayapp.i18n.sanitize import clean_text, clip_text
from trayapp.i18n.translator import Translator
from trayapp.model import State, Verdict

FIELDS = ("icon", "state", "sentence", "since")
MAX_TEMPLATE = 1_000
"""The most characters of a template."""
_SHOWN_IN_ERROR = 40
"""The most UTF-16 units of an unknown field that the error message repeats."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""A doubled brace, a field, or a brace that belongs to neither."""
_DOUBLED = {"{{": "{", "}}": "}"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_COMMANDS = re.compile(r"(?<=[%#])(?=[{\[(])")
"""Where a text from outside would begin a command to a bar: polybar's "%{A1:…:}" runs a program on a click, and tmux
has "#[…]" and "#(…)". A blank there makes it plain text."""
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Escapes for Waybar, which reads both its texts as Pango markup."""


class FormName(StrEnum):
    """The forms that have a name."""

    PLAIN = "plain"
    JSON = "json"
    WAYBAR = "waybar"


@dataclass(frozen=True, slots=True)
class Template:
    """A line that the person wrote, with fields in braces."""

    text: str


Form = FormName | Template


def read_form(text: str) -> Form:
    """Returns a form by its name, or a template. Raises Refusal, also for a template without a field."""
    if text in {name.value for name in FormName}:
        return FormName(text)
    if len(text) > MAX_TEMPLATE:
        raise Refusal(phrase("--format: a template has {most} characters at most", most=MAX_TEMPLATE))
    fields = [piece for piece in _PIECE.finditer(text) if piece[0] not in _DOUBLED]
    fields_known = ", ".join(f"{{{field}}}" for field in FIELDS)
    for piece in fields:
        if piece[1] not in FIELDS:
            unknown = clip_text(clean_text(piece[0]), _SHOWN_IN_ERROR)
            raise Refusal(
                phrase(
                    "--format: unknown field {field}; there are {fields}", field=unknown, fields=fields_known
                )
            )
    if not fields:
        raise Refusal(
            phrase("--format: must be plain, json, waybar, or a template with {fields}", fields=fields_known)
        )
    return Template(_CONTROLS.sub(" ", text))


def format_line(form: Form, speech: Translator, verdict: Verdict, now: datetime) -> str:
    """Returns the line. `app.status_report` writes JSON itself; the line for JSON here is the plain one."""
    if isinstance(form, Template):
        return _fill_template(form.text, _field_values(speech, verdict, now))
    said = _safe_text(status_sentence(speech, verdict))
    return _waybar_json(speech, verdict, now, said) if form is FormName.WAYBAR else said


def _safe_text(text: str) -> str:
    """Cleans words with text from outside among them, so that they stay on one line and command no bar."""
    return _COMMANDS.sub(" ", clean_text(text))


def _field_values(speech: Translator, verdict: Verdict, now: datetime) -> Mapping[str, str]:
    return {
        "icon": icon_look(verdict).symbol,
        "state": verdict.state.value,
        "sentence": _safe_text(status_sentence(speech, verdict)),
        "since": speech.time_text(verdict.since, now) if verdict.since else "",
    }


def _fill_template(template: str, values: Mapping[str, str]) -> str:
    """Fills all fields in one pass, so that braces in a value are not taken for fields."""
    return _PIECE.sub(lambda piece: _DOUBLED.get(piece[0]) or values[piece[1]], template)


def _waybar_json(speech: Translator, verdict: Verdict, now: datetime, said: str) -> str:
    """Returns the JSON that waybar's custom modules read: only a symbol if all is well, else words too."""
    sign, kind = icon_look(verdict).symbol, verdict.state.value
    calm = verdict.state is State.OPERATIONAL and not verdict.checking and not verdict.is_reported_by_people
    text = sign if calm else f"{sign} {_safe_text(headline_text(speech, verdict, now))}"
    shown = {"text": text.translate(_MARKUP), "tooltip": said.translate(_MARKUP)}
    return json.dumps({**shown, "alt": kind, "class": kind}, ensure_ascii=False)
