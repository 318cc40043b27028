"""Settings written back into the person's own file."""

from __future__ import annotations

import os
import random
import stat
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from tests.systems import modes, unix
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import Level
from trayapp.model.defaults import AUTO
from trayapp.settings.edit import SettingsError, change_setting, create_file
from trayapp.settings.schema import Config, load_config

OWN = """\
# My settings.  Do not touch!

language = 'en'   # the one I learn
follow = [
    "ChatGPT",  # mine
    "APIs",     # work
]

  [page]   # slow line here
interval   =   "5m"\t# five

[notify]
# loud
level = "outages"  # for now
quiet_hours = "23:00-07:00"

[[probes]]
name = "API"
product = "APIs"
url = "https://api.test/"   # ours

# the end, without a line's end"""
NAMES = ("ChatGPT", "APIs", "Codex", "Video")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A person's own file."""
    path = tmp_path / "config.toml"
    path.write_text(OWN, "utf-8")
    path.chmod(0o640)
    return path


@pytest.mark.long
def test_a_hundred_changes_leave_all_but_the_values_byte_for_byte(file: Path) -> None:
    """Whatever was chosen, and in whatever order, putting the old values back gives the old file."""
    dice = random.Random(7)  # noqa: S311  # the same choices in every run
    for _ in range(100):
        language = dice.choice((AUTO, *LANGUAGE_CODES))
        level = dice.choice(list(Level))
        before = file.read_text("utf-8")
        was = load_config(file)
        change_setting(file, "language", language)
        config = change_setting(file, "notify.level", level)
        assert (config.language, config.notify.level) == (language, level)
        expected = before.replace(f"'{was.language}'", f'"{language}"', 1)
        expected = expected.replace(f'language = "{was.language}"', f'language = "{language}"', 1)
        expected = expected.replace(f'level = "{was.notify.level}"', f'level = "{level}"', 1)
        assert file.read_text("utf-8") == expected
    change_setting(file, "language", "en")
    change_setting(file, "notify.level", "outages")
    assert file.read_text("utf-8") == OWN.replace("'en'", '"en"')


def test_a_list_keeps_the_comments_of_what_stays_in_it(file: Path) -> None:
    """Following one more and one less touches these lines alone."""
    change_setting(file, "follow", ("ChatGPT", "APIs", "Codex"))
    assert change_setting(file, "follow", ("APIs", "Codex")).follow == ("APIs", "Codex")
    text = file.read_text("utf-8")
    assert '"APIs",     # work\n' in text
    assert "mine" not in text
    start, end = OWN.index("follow"), OWN.index("  [page]")
    assert text.startswith(OWN[:start])
    assert text.endswith(OWN[end:])


def test_a_hundred_lists_are_read_back_as_they_were_chosen(file: Path) -> None:
    """Any choice of names, one after the other, is what the file then says, and the rest stays."""
    dice = random.Random(11)  # noqa: S311  # the same choices in every run
    for _ in range(100):
        wanted = tuple(dice.sample(NAMES, dice.randint(1, len(NAMES))))
        assert set(change_setting(file, "follow", wanted).follow) == set(wanted)
        text = file.read_text("utf-8")
        assert text.endswith(OWN[OWN.index("  [page]") :])
        assert text.startswith(OWN[: OWN.index("follow")])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment",
        '[page]\ninterval = "2m"',
        'notify = { quiet_hours = "" } # short\n',
        'notify.quiet_hours = ""\n',
        "[[probes]]\nname='A'\nproduct='B'\nurl='https://x.test/'\n",
        '\ufefflanguage = "en"\r\n[notify]\r\nlevel = "nothing"\r\n',
    ],
)
def test_a_setting_that_was_not_there_finds_its_place(tmp_path: Path, text: str) -> None:
    """However the file is written, the new value is read back and every old line is still there."""
    file = tmp_path / "config.toml"
    file.write_bytes(text.encode())
    change_setting(file, "follow", ("Video",))
    config = change_setting(file, "notify.level", "problems")

    assert (config.follow, config.notify.level) == (("Video",), Level.PROBLEMS)
    assert load_config(file) == config
    old = tomllib.loads(text.removeprefix("\ufeff"))
    new = tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    new["notify"].pop("level")
    old.get("notify", {}).pop("level", None)
    assert {**new, "notify": {}, "follow": []} == {**old, "notify": {}, "follow": []}


def test_a_file_that_is_not_there_is_made(tmp_path: Path) -> None:
    """With its folder, and with nothing but what was chosen."""
    file = tmp_path / "new" / "config.toml"
    assert change_setting(file, "language", "tr") == Config(language="tr")
    assert file.read_text("utf-8") == 'language = "tr"\n'


@modes
def test_a_new_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Its folder too."""
    file = tmp_path / "new" / "config.toml"
    change_setting(file, "language", "tr")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_file_that_somebody_reads_for_a_moment_is_written(file: Path) -> None:
    """As a scanner for viruses does, which on Windows nobody can rename over."""
    with file.open() as open_:
        closing = threading.Timer(0.2, open_.close)
        closing.start()
        assert change_setting(file, "language", "tr").language == "tr"
        closing.join()
    assert load_config(file).language == "tr"


@modes
def test_the_files_mode_stays(file: Path) -> None:
    """What others may read, they still may."""
    change_setting(file, "language", "tr")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


@unix
def test_a_symbolic_link_stays_one(tmp_path: Path, file: Path) -> None:
    """What it leads to is changed: dotfiles are often kept elsewhere."""
    link = tmp_path / "elsewhere" / "config.toml"
    link.parent.mkdir()
    link.symlink_to(file)
    change_setting(link, "language", "id")

    assert link.is_symlink()
    assert load_config(file).language == "id"


@pytest.mark.parametrize(
    "broken", ['language = "en', "langauge = 1\n", "\xff\xfe".encode("latin-1"), 'language = "xx"\n']
)
def test_a_file_broken_by_hand_is_never_overwritten(file: Path, broken: str | bytes) -> None:
    """It says in one line what is wrong, and not a byte is changed."""
    content = broken if isinstance(broken, bytes) else broken.encode()
    file.write_bytes(content)
    with pytest.raises(SettingsError) as refused:
        change_setting(file, "language", "tr")

    assert file.read_bytes() == content
    assert "\n" not in str(refused.value)
    assert str(file) in str(refused.value)


def test_a_value_that_would_break_the_file_is_not_written(file: Path) -> None:
    """A product whose name hides a control character cannot be followed; the message names the person's own file."""
    with pytest.raises(SettingsError) as refused:
        change_setting(file, "follow", ("Chat\x1bGPT",))

    assert file.read_text("utf-8") == OWN
    assert str(file) in str(refused.value)
    assert list(file.parent.iterdir()) == [file]


def test_a_kill_between_writing_and_renaming_loses_nothing(file: Path) -> None:
    """The old file is whole, and the next change works."""
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            (
                "import os, sys, pathlib\n"
                "from trayapp.settings.edit import change_setting\n"
                "pathlib.Path.replace = lambda *_: os._exit(9)\n"
                "change_setting(pathlib.Path(sys.argv[1]), 'language', 'tr')\n"
            ),
            str(file),
        ],
        check=False,
    )
    assert killed.returncode == 9
    assert file.read_text("utf-8") == OWN
    assert change_setting(file, "language", "id").language == "id"


@pytest.mark.skipif(os.name == "nt", reason="a folder is made read-only by its mode")
def test_a_disk_that_refuses_is_named(tmp_path: Path) -> None:
    """A folder that cannot be made is a sentence and not a traceback."""
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be"):
        change_setting(tmp_path / "file" / "config.toml", "language", "tr")


def test_the_example_is_made_once(tmp_path: Path) -> None:
    """A file that is there is left as it is."""
    file = tmp_path / "config.toml"
    create_file(file, "# mine\n")
    create_file(file, "# another\n")

    assert file.read_text("utf-8") == "# mine\n"
