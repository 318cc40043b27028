"""The country that the computer stands in, from what the system itself has."""

import sys
from pathlib import Path

import pytest

from tests.systems import unix
from trayapp.app.languages import load_translator
from trayapp.desktop.country import country_hints
from trayapp.model.other_sources import match_country

ABSENT = "/nowhere/localtime"


@unix
def test_the_time_zone_is_the_name_of_the_systems_link(tmp_path: Path) -> None:
    """As timedatectl and macOS make it, relative or not; a copy bears no name."""
    link = tmp_path / "localtime"
    link.symlink_to("../usr/share/zoneinfo/Asia/Jakarta")
    assert next(country_hints({}, str(link))) == "Asia/Jakarta"
    link.unlink()
    link.symlink_to("/var/db/timezone/zoneinfo/Europe/Istanbul")
    assert match_country(country_hints({"LANG": "en_US.UTF-8"}, str(link))) == "TR"
    link.unlink()
    link.write_bytes(b"TZif2")
    assert match_country(country_hints({"LANG": "id_ID.UTF-8"}, str(link))) == "ID"


@pytest.mark.parametrize(
    ("environment", "country"),
    [
        ({"TZ": ":Asia/Makassar", "LANG": "tr_TR.UTF-8"}, "ID"),
        ({"TZ": "WIB-7", "LANG": "en_US.UTF-8", "LC_TIME": "id_ID.UTF-8"}, "ID"),
        ({"LC_ALL": "tr_TR.UTF-8", "LANG": "id_ID.UTF-8"}, "TR"),
        ({"TZ": "UTC", "LANG": "C"}, ""),
    ],
)
def test_variables_go_before_the_system(environment: dict[str, str], country: str) -> None:
    """The zone's variable before the locale's."""
    assert match_country(country_hints(environment, ABSENT)) == country


def test_who_has_neither_is_where_their_language_is_spoken() -> None:
    """A server's time and no locale, but Turkish chosen in the settings."""
    assert load_translator("tr", {"TZ": "UTC", "LC_ALL": "C"}).find_country() == "TR"


@pytest.mark.skipif(sys.platform != "win32", reason="asks Windows")
def test_windows_says_its_region() -> None:
    """As a locale without a language."""
    regions = [hint for hint in country_hints({}) if hint.startswith("und_")]
    assert len(regions) <= 1
    assert all(len(region) == len("und_TR") for region in regions)
