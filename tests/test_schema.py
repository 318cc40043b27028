"""The config file: what is good is read, what is not is named in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import time
from pathlib import Path
from typing import Any

import pytest
import trustme

from trayapp.model import AboutMe, Level, Limits, ProbeSpec, QuietHours
from trayapp.model.defaults import PROBE_INTERVAL, PROBES
from trayapp.settings.checks import parse_duration
from trayapp.settings.keys import SETTING_KEYS
from trayapp.settings.schema import Config, ConfigError, load_config
from trayapp.settings.sections import ConnectivityConfig, CrowdConfig, PageConfig

WHOLE = """
language = "tr"
follow = ["APIs", "Codex", "APIs"]

[page]
url = "http://mirror.example.com:8080/openai/"
interval = "90s"
interval_in_trouble = "15s"

[[probes]]
name = "Gateway"
product = "APIs"
url = "https://gateway.example.com/health?deep=1"
interval = "1h"

[[probes]]
name = "Chat"
product = "ChatGPT"
url = "https://chat.example.com"

[connectivity]
references = ["http://[::1]:8080/ok"]

[notify]
level = "everything"
quiet_hours = "23:00-07:30"
quiet_major = true

[network]
proxy = "http://ann:s3cret@proxy.example.com:3128"
ca_file = "%s"

[links]
allow = ["Wiki.Example.com"]

[hooks]
on_transition = ["/usr/bin/logger", "-t", "-t", ""]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the config file is; it is not there yet."""
    return tmp_path / "config.toml"


def test_no_file_means_the_defaults(file: Path) -> None:
    """As does an empty one, and one that a Windows editor saved."""
    assert load_config(None) == load_config(file) == Config()
    for text in (
        b"",
        b"\xef\xbb\xbf# notes\r\n",
        b"[page]\n[notify]\nquiet_hours = ''\n[network]\nproxy = ''\nca_file = ''",
    ):
        file.write_bytes(text)
        assert load_config(file) == Config()


def test_plans_and_regions_are_known_however_they_are_spelled(file: Path) -> None:
    """By one name each, and "any" is none of them."""
    file.write_text('[me]\nplan = ["plus", "PLUS"]\nregion = ["Türkiye", "uk", "europe"]', "utf-8")
    assert load_config(file).build_limits().me == AboutMe(("Plus",), ("Turkey", "United Kingdom", "Europe"))
    for text in ('[me]\nplan = "any"', '[me]\nplan = ["any"]\nregion = []', "[me]"):
        file.write_text(text, "utf-8")
        assert load_config(file).me == AboutMe()


def test_a_file_that_was_asked_for_must_be_there(file: Path) -> None:
    """A mistyped path must not silently mean the defaults."""
    with pytest.raises(ConfigError, match=r"config\.toml: there is no such file"):
        load_config(file, required=True)


def test_every_key_is_read(file: Path, tmp_path: Path) -> None:
    """Each in the form the program wants: seconds, times, enums, addresses without a slash at the end."""
    authority = tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(authority))
    file.write_text(WHOLE % authority.as_posix())

    config = load_config(file)

    assert config.language == "tr"
    assert config.follow == ("APIs", "Codex")
    assert config.page == PageConfig("http://mirror.example.com:8080/openai", 90.0, 15.0)
    assert config.probes == (
        ProbeSpec("Gateway", "APIs", "https://gateway.example.com/health?deep=1", 3600.0),
        ProbeSpec("Chat", "ChatGPT", "https://chat.example.com", PROBE_INTERVAL),
    )
    assert config.connectivity == ConnectivityConfig(("http://[::1]:8080/ok",))
    assert config.notify.level is Level.EVERYTHING
    assert config.notify.quiet_hours == QuietHours(time(23), time(7, 30))
    assert config.notify.quiet_major is True
    assert config.network.proxy == "http://ann:s3cret@proxy.example.com:3128"
    assert config.network.ca_file == authority
    assert config.links.allow == ("wiki.example.com",)
    assert config.hooks.on_transition == ("/usr/bin/logger", "-t", "-t", "")


def test_what_is_ignored_may_be_nothing_and_counts_once(file: Path) -> None:
    """The judge gets it with the rest."""
    assert load_config(None).build_limits().ignore == ()
    file.write_text('ignore = ["Batch", "batch", "APIs/Login"]')
    assert load_config(file).build_limits().ignore == ("Batch", "APIs/Login")
    file.write_text("ignore = []")
    assert load_config(file).ignore == ()


def test_a_followed_name_that_is_there_twice_counts_once_however_it_is_spelled(file: Path) -> None:
    """The first spelling stays."""
    file.write_text('follow = ["chatgpt", "APIs", "ChatGPT", " apis "]')

    assert load_config(file).follow == ("chatgpt", "APIs")


def test_the_core_goes_by_what_the_file_says(file: Path) -> None:
    """And by the law's own numbers for all else."""
    file.write_text('follow = ["APIs"]\nprobes = []\n[page]\ninterval = "1m"\n[notify]\nlevel = "nothing"')

    assert load_config(file).build_limits() == Limits(
        follow=("APIs",), level=Level.NOTHING, page_interval=60.0
    )
    assert Config().build_limits() == Limits(probes=PROBES)


def _named_limits() -> Iterator[tuple[str, str]]:
    """Each setting with the limit that bears its name, alone or after its table's."""
    names = {field.name for field in fields(Limits)}
    for key in SETTING_KEYS:
        section, _, name = key.rpartition(".")
        yield from ((key, limit) for limit in {name, f"{section}_{name}"} & names)


def _another(value: object) -> object:
    """A value of the same kind that is no default."""
    match value:
        case bool():
            return not value
        case Level():
            return Level.NOTHING
        case tuple():
            return () if value else ("X",)
        case _:
            return 15.0


@pytest.mark.parametrize(("key", "limit"), sorted(_named_limits()))
def test_a_setting_with_the_name_of_a_limit_sets_it(key: str, limit: str) -> None:
    """Else the file could say what it likes, and the core would go by the default."""
    section, _, name = key.rpartition(".")
    part: Any = getattr(Config(), section) if section else Config()
    value = _another(getattr(part, name))
    changed = replace(part, **{name: value})
    config = replace(Config(), **{section: changed}) if section else changed
    assert getattr(config.build_limits(), limit) == value


def test_an_empty_list_of_probes_means_none(file: Path) -> None:
    """While no list at all means the defaults."""
    file.write_text("probes = []")

    assert load_config(file).probes == ()


@pytest.mark.parametrize(
    ("text", "length"), [("90s", 90), ("2m", 120), ("1h", 3600), ("30m", 1800), ("0s", 0)]
)
def test_a_duration_is_a_number_and_a_unit(text: str, length: float) -> None:
    """Seconds, minutes or hours."""
    assert parse_duration(text) == length


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize("mode", [0o664, 0o646, 0o666])
def test_hooks_are_refused_when_others_may_write_the_file(file: Path, mode: int) -> None:
    """They could make the program run anything; without hooks the same file is fine."""
    file.write_text('hooks.on_transition = ["/bin/true"]')
    file.chmod(mode)
    with pytest.raises(
        ConfigError,
        match=f"hooks.on_transition: refused, because others may write .*config.toml .mode {mode:04o}",
    ):
        load_config(file)

    file.write_text('language = "en"')
    assert load_config(file).language == "en"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to give a file away")
def test_hooks_are_refused_when_the_file_is_somebody_elses(file: Path) -> None:
    """Its owner may change it at any time."""
    file.write_text('hooks.on_transition = ["/bin/true"]')
    file.chmod(0o644)
    os.chown(file, 65534, 65534)

    with pytest.raises(
        ConfigError, match=r"hooks\.on_transition: refused, because .*config.toml belongs to somebody else"
    ):
        load_config(file)


@pytest.mark.parametrize(
    "url",
    ["https://gateway.example.com/v1/", "http://127.0.0.1:8080/v1", "http://[::1]/v1", "http://localhost/v1"],
)
def test_a_key_may_be_sent_over_https_or_to_this_computer(file: Path, url: str) -> None:
    """A gateway may stand in OpenAI's place."""
    file.write_text(f'[key_check]\nbase_url = "{url}"\n')
    assert load_config(file).key_check.base_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "http://gateway.example.com/v1",
        "http://192.0.2.1/v1",
        "http://localhost.example.com/v1",
        "https://ann:s3cret@example.com/v1",
        "https://example.com/v1?x",
    ],
)
def test_a_key_is_sent_to_no_other_place(file: Path, url: str) -> None:
    """Nobody on the way is to read it."""
    file.write_text(f'[key_check]\nbase_url = "{url}"\n')
    with pytest.raises(ConfigError, match="base_url"):
        load_config(file)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
@pytest.mark.parametrize(
    ("section", "line"),
    [
        ("key_check", 'key_command = ["/bin/echo"]'),
        ("key_check", 'base_url = "https://example.com/v1"'),
        ("crowd", 'key_command = ["/bin/echo"]'),
    ],
)
def test_who_may_write_the_file_could_else_have_the_key(file: Path, section: str, line: str) -> None:
    """What gives it, and where it goes, are refused in a file that others may write."""
    file.write_text(f"[{section}]\n{line}\n")
    load_config(file)
    file.chmod(0o666)
    with pytest.raises(ConfigError, match=f"{section}.{line.split(maxsplit=1)[0]}: refused, because"):
        load_config(file)


@pytest.mark.parametrize(
    "line",
    [
        'sources = ["twitter"]',
        'sources = ["Downdetector"]',
        'sources = "github"',
        'key_command = "pass downdetector"',
        'country = "Turkey"',
        'country = "tr"',
        'country = "../"',
        'mastodon = "https://mastodon.social"',
        'mastodon = "mastodon.social/x"',
        'mastodon = ""',
        "notify = 1",
    ],
)
def test_whom_to_ask_about_other_people_is_checked(tmp_path: Path, line: str) -> None:
    """A source by its name, a country by its letters, a server by its host alone: they become parts of addresses."""
    file = tmp_path / "config.toml"
    file.write_text(f"[crowd]\n{line}\n")
    with pytest.raises(ConfigError, match=f"crowd.{line.split(maxsplit=1)[0]}"):
        load_config(file)


def test_nobody_is_asked_about_other_people_until_a_source_is_named(tmp_path: Path) -> None:
    """By default no source, and no notification by what they say alone."""
    assert Config().crowd == CrowdConfig(sources=(), country="", mastodon="mastodon.social", notify=False)
    file = tmp_path / "config.toml"
    file.write_text('[crowd]\nsources = ["mastodon", "downdetector", "mastodon"]\ncountry = "ID"\n')
    asked = load_config(file).crowd
    assert asked == CrowdConfig(sources=("mastodon", "downdetector"), country="ID")
    assert [asked.country_or("TR"), Config().crowd.country_or("TR"), Config().crowd.country_or("")] == [
        "ID",
        "TR",
        "US",
    ]
