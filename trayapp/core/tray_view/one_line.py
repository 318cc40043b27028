"""A verdict as one line for a terminal, a shell's prompt or a bar, in the form that was asked for.

What the status page says stands in it, so it must neither become two lines nor command who shows it.
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
"""Characters of a template."""
_SHOWN_IN_ERROR = 40
"""Of them, in a line that refuses it."""

_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
"""A doubled brace, a field, or a brace that belongs to neither."""
_DOUBLED = {"{{": "{", "}}": "}"}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_COMMANDS = re.compile(r"(?<=[%#])(?=[{\[(])")
"""Where a text from outside would begin a command to a bar: polybar's "%{A1:…:}" runs a program on a click, and tmux
has "#[…]" and "#(…)". A blank there makes it words."""
_MARKUP = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
"""Waybar reads both its texts as Pango's markup."""


class FormName(StrEnum):
    """The forms that have a name."""

    PLAIN = "plain"
    JSON = "json"
    WAYBAR = "waybar"


@dataclass(frozen=True, slots=True)
class Template:
    """A line of the person's own, with fields in braces."""

    text: str


Form = FormName | Template


def read_form(text: str) -> Form:
    """A form by its name, or a template. Raises Refusal, also of a template without a field: it is a name misspelt."""
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
    """The line. JSON has a contract of its own elsewhere; its line here is the plain one."""
    if isinstance(form, Template):
        return _fill_template(form.text, _field_values(speech, verdict, now))
    said = _safe_text(status_sentence(speech, verdict))
    return _waybar_json(speech, verdict, now, said) if form is FormName.WAYBAR else said


def _safe_text(text: str) -> str:
    """Words with texts from outside among them, in one line that commands nobody."""
    return _COMMANDS.sub(" ", clean_text(text))


def _field_values(speech: Translator, verdict: Verdict, now: datetime) -> Mapping[str, str]:
    return {
        "icon": icon_look(verdict).symbol,
        "state": verdict.state.value,
        "sentence": _safe_text(status_sentence(speech, verdict)),
        "since": speech.time_text(verdict.since, now) if verdict.since else "",
    }


def _fill_template(template: str, values: Mapping[str, str]) -> str:
    """All at once, so that a value's own braces are no fields."""
    return _PIECE.sub(lambda piece: _DOUBLED.get(piece[0]) or values[piece[1]], template)


def _waybar_json(speech: Translator, verdict: Verdict, now: datetime, said: str) -> str:
    """What waybar's custom modules read: all is well in a letter, all else in words."""
    sign, kind = icon_look(verdict).symbol, verdict.state.value
    calm = verdict.state is State.OPERATIONAL and not verdict.checking
    text = sign if calm else f"{sign} {_safe_text(headline_text(speech, verdict, now))}"
    shown = {"text": text.translate(_MARKUP), "tooltip": said.translate(_MARKUP)}
    return json.dumps({**shown, "alt": kind, "class": kind}, ensure_ascii=False)
