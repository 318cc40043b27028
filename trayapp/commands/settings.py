"""`settings`: prints each setting with its value and where it comes from, as TOML with comments or as JSON."""

from __future__ import annotations

import argparse
import json
import sys

from trayapp import APP_ID
from trayapp.app.context import CommandContext
from trayapp.i18n.sanitize import clean_text
from trayapp.i18n.translator import Translator
from trayapp.settings.display import displayed_setting, format_plain
from trayapp.settings.layers import Layer, Origin


def main(context: CommandContext, arguments: argparse.Namespace) -> int:
    """Print all settings, and on stderr what of the site's files is not used."""
    speech = context.speech
    if arguments.json:
        print(json.dumps(_describe_settings(context)))
        return 0
    for key, origin in context.origins.items():
        first, *rest = format_plain(displayed_setting(context.config, key)).split("\n")
        print("\n".join([f"{key} = {first}  # {clean_text(_origin_text(speech, origin))}", *rest]))
    for problem in context.site.problems:
        print(f"{APP_ID}: {clean_text(speech.translate_phrase(problem))}", file=sys.stderr)
    return 0


def _describe_settings(context: CommandContext) -> dict[str, object]:
    """Return values and origins for scripts; what is wrong with a file is in the person's language."""
    problems = {
        str(file.path): context.speech.translate_phrase(file.problem) if file.problem else ""
        for file in context.site.files
    }
    return {
        "settings": [
            {
                "key": key,
                "value": displayed_setting(context.config, key),
                "from": origin.layer,
                "file": str(origin.file or ""),
                "overrides_person": origin.overrides_person,
            }
            for key, origin in context.origins.items()
        ],
        "site_files": [
            {
                "file": str(path),
                "exists": str(path) in problems,
                "problem": problems.get(str(path), ""),
            }
            for path in context.site.paths
        ],
    }


def _origin_text(speech: Translator, origin: Origin) -> str:
    match origin.layer:
        case Layer.BUILT_IN:
            return speech.say("built-in")
        case Layer.SITE:
            return speech.say("for all users of this computer: {file}", file=str(origin.file))
        case Layer.PERSON:
            return speech.say("your own: {file}", file=str(origin.file))
    if origin.overrides_person:
        return speech.say("set by your organisation, yours is not used: {file}", file=str(origin.file))
    return speech.say("set by your organisation: {file}", file=str(origin.file))
