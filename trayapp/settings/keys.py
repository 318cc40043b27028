"""Lists every key of the settings with the check of its value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import AboutMe, Level, defaults
from trayapp.settings import about_me
from trayapp.settings import checks as check
from trayapp.settings.sections import (
    ConnectivityConfig,
    CrowdConfig,
    HooksConfig,
    KeyCheckConfig,
    LinksConfig,
    NetworkConfig,
    NotifyConfig,
    PageConfig,
)

MAX_PROBED = 20
"""Number of probes, and of references, as each is a request in a round."""
CheckTable = Mapping[str, check.ValueCheck[Any]]
TOP_KEYS: CheckTable = {
    "language": check.one_of(defaults.AUTO, *LANGUAGE_CODES),
    "follow": check.check_names,
    "ignore": check.check_optional_names,
}
SECTIONS: Mapping[str, tuple[type, CheckTable]] = {
    "page": (
        PageConfig,
        {
            "url": check.check_page_url,
            "interval": check.check_interval,
            "interval_in_trouble": check.check_interval,
        },
    ),
    "connectivity": (
        ConnectivityConfig,
        {"references": check.list_of(check.check_url, at_least=1, most=MAX_PROBED)},
    ),
    "notify": (
        NotifyConfig,
        {
            "level": check.one_of(*Level),
            "quiet_hours": check.check_quiet_hours,
            "quiet_major": check.check_boolean,
        },
    ),
    "me": (AboutMe, {"plan": about_me.check_plans, "region": about_me.check_regions}),
    "network": (NetworkConfig, {"proxy": check.check_proxy, "ca_file": check.check_ca_file}),
    "links": (LinksConfig, {"allow": check.list_of(check.check_host)}),
    "hooks": (HooksConfig, {"on_transition": check.check_argv}),
    "key_check": (
        KeyCheckConfig,
        {
            "on": check.check_boolean,
            "interval": check.check_costly_interval,
            "model": check.check_text,
            "api": check.one_of("responses", "chat"),
            "base_url": check.check_base_url,
            "key_command": check.check_argv,
        },
    ),
    "crowd": (
        CrowdConfig,
        {
            "sources": check.list_of(
                check.one_of("github", "hacker_news", "mastodon", "downdetector", "trends")
            ),
            "country": check.check_country,
            "mastodon": check.check_host,
            "notify": check.check_boolean,
            "key_command": check.check_argv,
        },
    ),
}
PROBE_KEYS: CheckTable = {
    "name": check.check_text,
    "product": check.check_text,
    "url": check.check_url,
    "interval": check.check_interval,
}
SETTING_KEYS = (
    *TOP_KEYS,
    "probes",
    *(f"{section}.{key}" for section, (_, checks) in SECTIONS.items() for key in checks),
)
"""Every setting by its whole name. The probes are one setting: tables of one file replace all of another's."""
KNOWN_KEYS = (*SETTING_KEYS, *(f"probes.{key}" for key in PROBE_KEYS), *SECTIONS)
