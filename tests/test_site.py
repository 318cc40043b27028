"""The site's settings: what an administrator gives to all users, what a person cannot change, and what does not count."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.systems import ANOTHER, administrator
from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.model import Level
from trayapp.settings.edit import SettingsError, change_setting
from trayapp.settings.keys import SETTING_KEYS
from trayapp.settings.layers import NO_SITE, Layer, Origin, SiteFile, SiteSettings
from trayapp.settings.schema import Config, ConfigError, load_config, load_settings
from trayapp.settings.site import read_site_settings

GOOD = 'follow = ["APIs"]\n[locked.notify]\nlevel = "problems"\n'
FILE, LESSER = Path("/etc/xdg/first/config.toml"), Path("/etc/xdg/second/config.toml")
MINE = Path("the person's")
SPOKEN = ", ".join(f'"{code}"' for code in LANGUAGE_CODES)


def site_of(*files: SiteFile) -> SiteSettings:
    """The site's settings, as read from these files."""
    return SiteSettings(tuple(file.path for file in files), files)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The person's file; it is not there yet."""
    return tmp_path / "config.toml"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A site's file as root makes it."""
    path = tmp_path / "site" / "config.toml"
    path.parent.mkdir(mode=0o755)
    path.write_text(GOOD, "utf-8")
    path.chmod(0o644)
    return path


def english(site: SiteSettings) -> list[str]:
    """What of it is not used."""
    return [problem.translate(str) for problem in site.problems]


@administrator
def test_a_sites_file_gives_defaults_and_locks(file: Path) -> None:
    """Both are checked as the person's are, and brought into the program's form."""
    (read,) = read_site_settings((file,)).files
    assert read == SiteFile(file, {"follow": ("APIs",)}, {"notify.level": Level.PROBLEMS})


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    """Most computers have none."""
    paths = (tmp_path / "none" / "config.toml", tmp_path)
    (tmp_path / "file").touch()
    below_a_file = (tmp_path / "file" / "config.toml",)
    assert read_site_settings(paths[:1] + below_a_file) == SiteSettings(paths[:1] + below_a_file)


def _link_to(target: Path) -> Callable[[Path], object]:
    def link(path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return link


def _link_into_a_home(path: Path) -> None:
    home = path.parent.parent / "home"
    home.mkdir()
    path.rename(home / "config.toml")
    path.symlink_to(home / "config.toml")
    os.chown(home, ANOTHER, ANOTHER)


def _link_of_another(path: Path) -> None:
    path.rename(path.with_name("real.toml"))
    path.symlink_to("real.toml")
    os.chown(path, ANOTHER, ANOTHER, follow_symlinks=False)


def _pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


UNUSABLE: dict[str, tuple[Callable[[Path], object], str]] = {
    "another's file": (
        lambda path: os.chown(path, ANOTHER, ANOTHER),
        "does not count: others than administrators may change {file}",
    ),
    "another's folder": (
        lambda path: os.chown(path.parent, ANOTHER, ANOTHER),
        "does not count: others than administrators may change {folder}",
    ),
    "a file for all to write": (
        lambda path: path.chmod(0o666),
        "does not count: others may write {file} (mode 0666; chmod go-w mends it)",
    ),
    "a file for a group to write": (
        lambda path: path.chmod(0o664),
        "does not count: others may write {file} (mode 0664; chmod go-w mends it)",
    ),
    "a folder for all to write": (
        lambda path: path.parent.chmod(0o777),
        "does not count: others may write {folder} (mode 0777; chmod go-w mends it)",
    ),
    "a link into a home": (
        _link_into_a_home,
        "does not count: others than administrators may change {home}",
    ),
    "another's link": (_link_of_another, "does not count: others than administrators may change {file}"),
    "a link to nothing": (_link_to(Path("gone")), "cannot be read: no such file or folder"),
    "a link to itself": (_link_to(Path("config.toml")), "cannot be read: Too many levels of symbolic links"),
    "a pipe": (_pipe, "is not a file"),
    "a device": (_link_to(Path("/dev/zero")), "is not a file"),
    "no TOML": (lambda path: path.write_text("[page\n"), "is not TOML, line 1: [page (Expected ']'"),
    "no text": (lambda path: path.write_bytes(b"\xff\xfe\0"), "is not UTF-8 text"),
    "endless": (lambda path: path.write_text("#" * 70_000), "is larger than 64 kB"),
    "nested": (lambda path: path.write_text("a = " + "[" * 5000), "is nested too deeply"),
}


@administrator
@pytest.mark.parametrize(("spoil", "why"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_named_and_skipped(
    file: Path, mine: Path, spoil: Callable[[Path], object], why: str
) -> None:
    """In one line with its path; the program starts with the person's own settings, and the next file counts."""
    (other := file.with_name("other.toml")).write_text('language = "tr"', "utf-8")
    other.chmod(0o644)
    spoil(file)
    site = read_site_settings((file,))
    (line,) = english(site)
    wanted = why.format(file=file, folder=file.parent, home=file.parent.parent / "home")
    assert line.startswith(f"{file}: {wanted}")
    assert "\n" not in line
    mine.write_text('[notify]\nlevel = "nothing"', "utf-8")
    assert load_config(mine, site=site) == load_config(mine)
    if "folder" not in why:
        assert load_config(mine, site=read_site_settings((file, other))).language == "tr"


@administrator
@pytest.mark.parametrize("closed", ["file", "folder"])
def test_a_file_that_may_not_be_read_is_named(file: Path, closed: str) -> None:
    """An administrator forgot that everybody must read it."""
    (file if closed == "file" else file.parent).chmod(0o700 if closed == "folder" else 0o600)
    file.parent.parent.chmod(0o755)
    os.seteuid(ANOTHER)
    try:
        site = read_site_settings((file,))
    finally:
        os.seteuid(0)
    assert english(site) == [f"{file}: cannot be read: permission denied"]
    assert load_config(None, site=site) == Config()


BAD_KEYS: dict[str, tuple[str, str]] = {
    "an unknown key": ("folow = []", "folow: unknown key, the nearest known one is follow"),
    "an unknown locked key": (
        "[locked]\nfolow = []",
        "locked.folow: unknown key, the nearest known one is locked.follow",
    ),
    "an unknown locked table": (
        "[locked.pages]\nurl = 1",
        "locked.pages: unknown key, the nearest known one is locked.page",
    ),
    "an unknown key in a locked table": (
        "[locked.page]\nulr = 1",
        "locked.page.ulr: unknown key, the nearest known one is locked.page.url",
    ),
    "a locked key with a bad value": (
        '[locked]\nlanguage = "xx"',
        f'locked.language = "xx": must be one of "auto", {SPOKEN}',
    ),
    "a key with a bad value": ('[page]\ninterval = "5s"', 'page.interval = "5s": must be a duration from'),
    "locked is no table": ('locked = ["follow"]', 'locked = ["follow"]: must be a table, [locked]'),
    "a locked lock": (
        "[locked.locked]\nfollow = []",
        "locked.locked: unknown key, the nearest known one is locked.",
    ),
    "a locked probe that lacks a key": (
        '[[locked.probes]]\nname = "A"\nurl = "https://a.example"',
        "locked.probes: {name, url} lacks product",
    ),
    "two probes of one name": (
        '[[probes]]\nname = "A"\nproduct = "B"\nurl = "https://a.example"\n' * 2,
        'probes.name = "A": must be a different name for each probe',
    ),
}


@administrator
@pytest.mark.parametrize(("text", "why"), BAD_KEYS.values(), ids=BAD_KEYS)
def test_a_key_that_cannot_be_used_is_skipped_alone(file: Path, text: str, why: str) -> None:
    """The rest of the file holds: a newer program's key must not take a mirror from all older ones."""
    before, _, after = ("", "\n", text) if text.startswith("[") else (text, "\n", "")
    file.write_text(
        f'{before}\nignore = ["Batch"]\n[network]\nproxy = "http://proxy.example:1"\n{after}\n', "utf-8"
    )
    site = read_site_settings((file,))
    (line,) = english(site)
    assert line.startswith(f"{file}: {why}")
    config = load_config(None, site=site)
    assert (config.ignore, config.network.proxy) == (("Batch",), "http://proxy.example:1")
    assert (config.follow, config.language, config.page, config.probes) == (
        Config().follow,
        Config().language,
        Config().page,
        Config().probes,
    )
    assert site.locked == frozenset()


@administrator
def test_a_hundred_mistakes_are_one_line(file: Path) -> None:
    """The first ten, and how many more there are; a password in one is not shown."""
    lines = "".join(f"k{number} = 1\n" for number in range(100))
    file.write_text(f'network.proxy = ["http://ann:s3cret@proxy.example:1"]\n{lines}', "utf-8")
    (line,) = english(read_site_settings((file,)))
    assert line.endswith("and 91 more")
    assert "s3cret" not in line


@administrator
def test_a_file_that_breaks_keeps_what_it_said(file: Path) -> None:
    """While the program runs: a half-written file must not send a thousand desks past the mirror. Deleted, it says nothing."""
    before = read_site_settings((file,))
    file.write_text("[locked", "utf-8")
    broken = read_site_settings((file,), before)
    assert len(broken.problems) == 1
    assert (broken.files[0].values, broken.locked) == (before.files[0].values, before.locked)
    assert read_site_settings((file,)).locked == frozenset()
    file.write_text("[locked]", "utf-8")
    mended = read_site_settings((file,), broken)
    assert (mended.locked, mended.problems) == (frozenset(), ())
    file.unlink()
    assert read_site_settings((file,), before).files == ()


@administrator
@pytest.mark.parametrize("document", ["docs/settings.md", "docs/company.md"])
def test_the_examples_in_the_documents_are_good(document: str, file: Path) -> None:
    """But for a company's certificate, which is not on this computer."""
    text = (Path(__file__).parents[1] / document).read_text("utf-8")
    examples = [block for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL) if "[locked" in block]
    assert examples
    for example in examples:
        file.write_text(re.sub(r"(?m)^ca_file = .*$", "", example), "utf-8")
        site = read_site_settings((file,))
        assert english(site) == []
        assert site.locked


ORDER: dict[str, tuple[str, SiteSettings, object, Origin]] = {
    "nobody": ("", NO_SITE, Level.OUTAGES, Origin(Layer.BUILT_IN)),
    "the site alone": (
        "",
        site_of(SiteFile(FILE, {"notify.level": Level.PROBLEMS})),
        Level.PROBLEMS,
        Origin(Layer.SITE, FILE),
    ),
    "the person over the site": (
        "nothing",
        site_of(SiteFile(FILE, {"notify.level": Level.PROBLEMS})),
        Level.NOTHING,
        Origin(Layer.PERSON, MINE),
    ),
    "the lock over the person": (
        "nothing",
        site_of(SiteFile(FILE, {"notify.level": Level.PROBLEMS}, {"notify.level": Level.EVERYTHING})),
        Level.EVERYTHING,
        Origin(Layer.LOCKED, FILE, overrides_person=True),
    ),
    "the lock alone": (
        "",
        site_of(SiteFile(FILE, {}, {"notify.level": Level.EVERYTHING})),
        Level.EVERYTHING,
        Origin(Layer.LOCKED, FILE),
    ),
    "the first folder wins": (
        "",
        site_of(
            SiteFile(FILE, {"notify.level": Level.PROBLEMS}),
            SiteFile(LESSER, {"notify.level": Level.NOTHING}),
        ),
        Level.PROBLEMS,
        Origin(Layer.SITE, FILE),
    ),
    "the first folder that says anything wins": (
        "",
        site_of(SiteFile(FILE, {"language": "tr"}), SiteFile(LESSER, {"notify.level": Level.NOTHING})),
        Level.NOTHING,
        Origin(Layer.SITE, LESSER),
    ),
    "the first folder's lock wins": (
        "",
        site_of(
            SiteFile(FILE, {}, {"notify.level": Level.PROBLEMS}),
            SiteFile(LESSER, {}, {"notify.level": Level.NOTHING}),
        ),
        Level.PROBLEMS,
        Origin(Layer.LOCKED, FILE),
    ),
    "a lock of the last folder over all": (
        "outages",
        site_of(
            SiteFile(FILE, {"notify.level": Level.PROBLEMS}),
            SiteFile(LESSER, {}, {"notify.level": Level.NOTHING}),
        ),
        Level.NOTHING,
        Origin(Layer.LOCKED, LESSER, overrides_person=True),
    ),
}


@pytest.mark.parametrize(("level", "site", "holds", "origin"), ORDER.values(), ids=ORDER)
def test_a_later_layer_wins(
    level: str, site: SiteSettings, holds: object, origin: Origin, mine: Path
) -> None:
    """Built-in, site, person, lock; where each value comes from is known."""
    if level:
        mine.write_text(f'[notify]\nlevel = "{level}"', "utf-8")
    loaded = load_settings(mine, site=site)
    assert loaded.config.notify.level is holds
    found = loaded.origins["notify.level"]
    assert (found if found.file != mine else replace(found, file=MINE)) == origin
    assert tuple(loaded.origins) == SETTING_KEYS


def test_what_the_site_says_never_makes_a_persons_file_invalid(mine: Path) -> None:
    """Where the two contradict each other, the site's lock holds, and the shorter of two intervals."""
    mine.write_text(
        '[page]\ninterval_in_trouble = "90s"\n'
        '[[probes]]\nname = "Answers"\nproduct = "APIs"\nurl = "https://a.example"\n'
        '[[probes]]\nname = "Mine"\nproduct = "APIs"\nurl = "https://b.example"\n',
        "utf-8",
    )
    keyed = {"key_check.on": True, "page.interval": 60.0}
    for site in (site_of(SiteFile(FILE, {}, keyed)), site_of(SiteFile(FILE, keyed))):
        limits = load_config(mine, site=site).build_limits(keyed=True)
        assert (limits.page_interval, limits.page_interval_in_trouble) == (60.0, 60.0)
        assert [probe.name for probe in limits.probes] == ["Mine", "Answers"]
    longer = site_of(SiteFile(FILE, {"page.interval": 600.0}))
    mine.write_text('[page]\ninterval_in_trouble = "3m"', "utf-8")
    assert load_config(mine, site=longer).page.interval_in_trouble == 180.0
    with pytest.raises(ConfigError, match=r"at most page\.interval"):
        load_config(mine)
    mine.write_text('[page]\ninterval = "1m"\ninterval_in_trouble = "3m"', "utf-8")
    with pytest.raises(ConfigError, match=r"at most page\.interval"):
        load_config(mine, site=longer)


def test_a_mistake_in_the_persons_file_stays_theirs(mine: Path) -> None:
    """Locked or not; and nobody but the site can lock."""
    site = site_of(SiteFile(FILE, {}, {"language": "tr"}))
    for text in ('language = "xx"', '[locked]\nlanguage = "en"'):
        mine.write_text(text, "utf-8")
        with pytest.raises(ConfigError, match=r"config\.toml: (language|locked)"):
            load_config(mine, site=site)


@pytest.mark.parametrize(
    ("key", "value"),
    [("follow", ("Codex",)), ("notify.level", "nothing"), ("language", "id"), ("me.plan", ("Plus",))],
)
def test_what_is_locked_is_not_written(mine: Path, key: str, value: str | tuple[str, ...]) -> None:
    """By the words that the menu has; what is only a default is the person's to change."""
    mine.write_text("# mine\n", "utf-8")
    locked = site_of(SiteFile(FILE, {}, {key: value}))
    with pytest.raises(SettingsError, match=f"^{key} is set by your organisation$"):
        change_setting(mine, key, value, locked)
    assert mine.read_text("utf-8") == "# mine\n"
    config = change_setting(mine, key, value, site_of(SiteFile(FILE, {key: value})))
    assert load_settings(mine).origins[key].layer is Layer.PERSON
    assert config == load_config(mine)


def test_a_choice_is_written_into_a_file_that_only_the_sites_interval_allows(mine: Path) -> None:
    """The file is checked with the site's settings, before and after."""
    mine.write_text('[page]\ninterval_in_trouble = "3m"\n', "utf-8")
    change_setting(mine, "language", "tr", site_of(SiteFile(FILE, {"page.interval": 600.0})))
    assert 'language = "tr"' in mine.read_text("utf-8")
