"""Settings as they are shown: as a file of settings has them, and without what nobody else should read."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from trayapp.settings.display import displayed_setting, format_plain
from trayapp.settings.keys import SETTING_KEYS
from trayapp.settings.schema import Config, load_config


def test_the_defaults_are_shown_so_that_a_file_could_have_them(tmp_path: Path) -> None:
    """Whole keys before an equals sign are TOML, and say what no file says."""
    file = tmp_path / "config.toml"
    lines = [f"{key} = {format_plain(displayed_setting(Config(), key))}" for key in SETTING_KEYS]
    file.write_text("\n".join(lines), "utf-8")
    assert load_config(file) == Config()
    assert len(tomllib.loads(file.read_text("utf-8"))) == len({key.partition(".")[0] for key in SETTING_KEYS})


@pytest.mark.parametrize(
    ("text", "key", "shown"),
    [
        ('page.url = "https://mirror.example/openai/"', "page.url", '"https://mirror.example/openai"'),
        ('page.interval = "90s"', "page.interval", '"90s"'),
        ('notify.quiet_hours = "23:00-07:30"', "notify.quiet_hours", '"23:00-07:30"'),
        ('me.region = ["Türkiye"]', "me.region", '["Turkey"]'),
        ('network.proxy = "http://ann:s3cret@p.example:1"', "network.proxy", '"http://p.example:1/…"'),
        ('network.proxy = "http://p.example:1"', "network.proxy", '"http://p.example:1"'),
        (
            'connectivity.references = ["http://a.example/x?key=s3cret"]',
            "connectivity.references",
            '["http://a.example/…"]',
        ),
        (
            '[[probes]]\nname = "A"\nproduct = "B"\nurl = "https://a.example/s3cret"\ninterval = "1h"',
            "probes",
            '[\n    {name = "A", product = "B", url = "https://a.example/…", interval = "1h"},\n]',
        ),
        ('hooks.on_transition = ["/bin/x", "s3cret"]', "hooks.on_transition", '["/bin/x", "…"]'),
        ('key_check.key_command = ["/bin/x"]', "key_check.key_command", '["/bin/x"]'),
        ('crowd.key_command = ["/bin/x", "s3cret"]', "crowd.key_command", '["/bin/x", "…"]'),
        ('key_check.model = "sk-s3cret0123"', "key_check.model", '"sk-***"'),
    ],
)
def test_a_value_is_shown_without_secrets(text: str, key: str, shown: str, tmp_path: Path) -> None:
    """Of an address its host, of a program its name: whoever asks for help passes this on."""
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    file.chmod(0o600)
    assert format_plain(displayed_setting(load_config(file), key)) == shown
