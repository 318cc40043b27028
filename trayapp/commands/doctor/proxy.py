"""Examines for `doctor` which proxy the requests go through, and who has named it."""

from __future__ import annotations

import os

from trayapp.app.context import CommandContext, proxy_lookup
from trayapp.commands.doctor.desktop import DoctorFinding
from trayapp.i18n.translator import Translator, mark
from trayapp.model import ProxySource, ProxyTrouble
from trayapp.redact import safe_address
from trayapp.sources.proxies import Proxy, ProxySettings
from trayapp.sources.proxy_choice import ProxyChoice

_PATIENCE = 3.0
"""Seconds for the system's answer: less than an examination has."""
_SOURCES = {
    ProxySource.SETTING: mark("{proxies} (set under [network])"),
    ProxySource.PORTAL: mark("{proxies} (from the desktop's settings, by its portal)"),
    ProxySource.GNOME: mark("{proxies} (from GNOME's settings)"),
    ProxySource.WINDOWS: mark("{proxies} (from Windows' settings)"),
    ProxySource.MACOS: mark("{proxies} (from macOS' settings)"),
    ProxySource.ENVIRONMENT: mark("{proxies} (from the environment's variables)"),
}
_TROUBLES = {
    ProxyTrouble.LATE: mark(
        "The system's proxy settings did not come in time and are not used: if you need a proxy, name it under [network]."
    ),
    ProxyTrouble.FAILED: mark(
        "The system's proxy settings cannot be read and are not used: if you need a proxy, name it under [network]."
    ),
    ProxyTrouble.PAC_NOT_FOLLOWED: mark(
        "A PAC file cannot be followed here: name its proxy under [network]."
    ),
}


def proxy_finding(context: CommandContext) -> DoctorFinding:
    """Name the proxies that requests go through, who named them, and what is wrong with them."""
    config, say = context.config, context.speech.say
    choice = ProxyChoice(config.network.proxy, proxy_lookup)
    choice.reread()
    report = choice.describe([config.page.url, *(probe.url for probe in config.probes)], _PATIENCE)
    names = sorted({safe_address(each.address) if each else say("none") for each in report.proxies})
    shown = ", ".join(names) or say("none")
    if report.source is not None:
        shown = say(_SOURCES[report.source], proxies=shown)
    do = _remedy(context.speech, report.proxies, report.settings, report.trouble)
    return DoctorFinding(say("Proxy"), not do, shown, do)


def _remedy(
    speech: Translator,
    proxies: frozenset[Proxy | None],
    settings: ProxySettings,
    trouble: ProxyTrouble | None,
) -> str:
    if any(proxy and not proxy.is_supported for proxy in proxies):
        return speech.say("SOCKS is not supported: name an HTTP proxy under [network].")
    if trouble is not None:
        return speech.say(_TROUBLES[trouble])
    if settings.unreadable:
        entries = ", ".join(
            f"{each.variable} {safe_address(each.entry)}".strip() for each in settings.unreadable
        )
        return speech.say(
            "Correct or remove what cannot be read and is not used: {entries}.", entries=entries
        )
    if os.environ.get("AUTO_PROXY"):
        return speech.say(_TROUBLES[ProxyTrouble.PAC_NOT_FOLLOWED])
    return ""
