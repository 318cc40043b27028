"""On a computer that several people use: what others could change or put in its place is neither run nor written."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tests.core.films import LIMITS
from tests.endtoend.command import CALL, configure_home, ran, settings
from tests.systems import ANOTHER, administrator, as_another, modes, second_user
from trayapp.app.logs import log_to_file, write_exception
from trayapp.desktop.hooks import HookRunner
from trayapp.engine.recording import Recorder, RecordError
from trayapp.model import State, StoreComplaint, StoreFault, Transition, TransitionKind
from trayapp.ownership import (
    UntrustedPathError,
    is_on_other_computer,
    open_private,
    resolve_administered,
    resolve_owned,
    resolve_owned_program,
)
from trayapp.settings.schema import ConfigError, load_config
from trayapp.store import Store

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TOLD = Transition(TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOW, NOW)

Spoil = Callable[[Path], object]


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder of our own in the folder that everybody may write."""
    folder = Path(mkdtemp()).resolve()
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("path", "elsewhere"),
    [
        (r"C:\Users\ann\hook.exe", False),
        ("d:/tools/hook.exe", False),
        (r"\\?\C:\Users\ann\hook.exe", False),
        (r"\\server\share\hook.exe", True),
        ("//server/share/hook.exe", True),
        (r"\\?\UNC\server\share\hook.exe", True),
        (r"\\.\pipe\hook", True),
        (r"\\?\GLOBALROOT\Device\Mup\server\share\hook.exe", True),
        (r"\hook.exe", True),
        ("", True),
    ],
)
def test_on_windows_what_is_run_is_on_a_disk_of_this_computer(path: str, elsewhere: bool) -> None:
    """Who may write on another computer's is not known here."""
    assert is_on_other_computer(path) is elsewhere


@pytest.mark.skipif(sys.platform != "win32", reason="only Windows has such paths")
@pytest.mark.parametrize("place", [r"\\localhost\share\config.toml", "//localhost/share/config.toml"])
def test_another_computers_file_names_no_program(place: str) -> None:
    """Its server is not even asked."""
    with pytest.raises(UntrustedPathError):
        resolve_owned_program(Path(place))


def test_an_own_file_may_name_a_program(place: Path) -> None:
    """On the person's own disk, in a folder that is theirs."""
    file = place / "config.toml"
    file.touch(0o600)
    assert resolve_owned_program(file) == file


def give(path: Path) -> None:
    """Make it another user's."""
    os.chown(path, ANOTHER, ANOTHER, follow_symlinks=False)


def _share(path: Path, mode: int) -> None:
    """With a group of another user's."""
    os.chown(path, -1, ANOTHER)
    path.chmod(mode)


def _swapped_for_a_link(path: Path) -> None:
    """A link of another user's to a file of ours, as it stands in a folder of theirs."""
    real = path.with_name("real")
    path.rename(real)
    path.symlink_to(real)
    give(path)


def _through_a_link(path: Path) -> None:
    """The folder is a link of another user's."""
    folder = path.parent
    folder.rename(folder.with_name("elsewhere"))
    folder.symlink_to(folder.with_name("elsewhere"))
    give(folder)


OPEN: dict[str, Spoil] = {
    "the file may be written by all": lambda path: path.chmod(0o666),
    "the file may be written by a group": lambda path: _share(path, 0o664),
    "the folder may be written by all": lambda path: path.parent.chmod(0o777),
    "the folder may be written by a group": lambda path: _share(path.parent, 0o775),
    "a folder above may be written by all": lambda path: path.parent.parent.chmod(0o777),
    "the file is another's": give,
    "the folder is another's": lambda path: give(path.parent),
    "a folder above is another's": lambda path: give(path.parent.parent),
    "another's link": _swapped_for_a_link,
    "through another's link": _through_a_link,
}


@pytest.fixture
def file(place: Path) -> Path:
    """A file two folders deep, as we make it."""
    folder = place / "above" / "folder"
    folder.mkdir(parents=True, mode=0o700)
    (folder / "file").write_text("")
    (folder / "file").chmod(0o600)
    return folder / "file"


@second_user
@pytest.mark.parametrize("spoil", OPEN.values(), ids=OPEN)
def test_what_others_may_change_is_not_ours(file: Path, spoil: Spoil) -> None:
    """Whichever part of the path it is."""
    assert resolve_owned(file) == file
    spoil(file)
    with pytest.raises(UntrustedPathError):
        resolve_owned(file)


@administrator
@pytest.mark.parametrize("spoil", OPEN.values(), ids=OPEN)
def test_what_others_may_change_is_not_an_administrators(file: Path, spoil: Spoil) -> None:
    """Whichever part of the path it is."""
    assert resolve_administered(file) == file
    spoil(file)
    with pytest.raises(UntrustedPathError):
        resolve_administered(file)


@administrator
def test_a_group_may_write_nothing_of_an_administrators(file: Path) -> None:
    """Not even root's own: where there is an access list, the group's mode is that of whoever stands in it."""
    file.chmod(0o664)
    with pytest.raises(UntrustedPathError):
        resolve_administered(file)


@administrator
def test_what_a_person_owns_is_not_an_administrators(file: Path) -> None:
    """Though the program runs as that person; a link of root's leads to what is root's alone."""
    (link := file.with_name("link")).symlink_to(file)
    assert resolve_administered(link) == file
    for folder in (file.parent.parent, file.parent.parent.parent):
        folder.chmod(0o755)
    for part in (file.parent, file):
        give(part)
    os.seteuid(ANOTHER)
    try:
        assert resolve_owned(file) == file
        with pytest.raises(UntrustedPathError, match="others may change it"):
            resolve_administered(link)
    finally:
        os.seteuid(0)


@modes
def test_what_only_we_or_root_may_change_is_ours(file: Path) -> None:
    """Links of our own lead where they lead; what is not there yet will be ours; a folder as /tmp lets nobody move ours."""
    link = file.parent.parent / "link"
    link.symlink_to("folder")
    assert resolve_owned(link / "file") == file
    assert resolve_owned(link / ".." / "folder" / "file") == file
    assert resolve_owned(file.parent / "new" / "deeper") == file.parent / "new" / "deeper"
    assert resolve_owned(Path("/dev/null")) == Path("/dev/null")
    assert resolve_owned(Path("/")) == Path("/")
    file.parent.chmod(0o1777)
    assert resolve_owned(file) == file
    (file.parent / "round").symlink_to("round")
    with pytest.raises(OSError, match="levels of symbolic links"):
        resolve_owned(file.parent / "round")
    with pytest.raises(NotADirectoryError):
        resolve_owned(file / "below")


@modes
def test_a_file_is_opened_without_links_and_for_its_owner_alone(file: Path) -> None:
    """Whatever its mode was; what is no file keeps its own."""
    file.chmod(0o644)
    os.close(open_private(str(file), os.O_RDWR))
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    (link := file.with_name("link")).symlink_to(file)
    with pytest.raises(OSError, match="symbolic links"):
        open_private(str(link), os.O_RDWR)
    before = Path(os.devnull).stat().st_mode
    os.close(open_private(os.devnull, os.O_WRONLY))
    assert Path(os.devnull).stat().st_mode == before


@second_user
@pytest.mark.parametrize("spoil", OPEN.values(), ids=OPEN)
def test_hooks_of_a_config_that_others_may_change_are_refused(file: Path, spoil: Spoil) -> None:
    """In one sentence that names what lets them; without hooks the same file is read."""
    file.write_text('hooks.on_transition = ["/bin/true"]')
    assert load_config(file).hooks.on_transition
    spoil(file)
    with pytest.raises(ConfigError, match=r"refused, because (others may write|.* belongs to somebody else)"):
        load_config(file)
    file.write_text("")
    assert not load_config(file).hooks.on_transition


@second_user
@pytest.mark.parametrize("spoil", OPEN.values(), ids=OPEN)
def test_a_hooks_program_that_others_may_change_is_not_run(
    file: Path, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    """The log says why, and `doctor` does."""
    ran_ = file.parent.parent.parent / "ran"
    file.write_text(f"#!/bin/sh\ntouch {ran_}\n")
    file.chmod(0o700)
    _report_outage(str(file))
    assert ran_.exists()
    ran_.unlink()
    spoil(file)
    if not os.access(file, os.X_OK):
        file.chmod(stat.S_IMODE(file.stat().st_mode) | 0o111)
    _report_outage(str(file))
    assert not ran_.exists()
    assert "the hook could not be run: [Errno 13] others may change it" in caplog.text


def _report_outage(program: str) -> None:
    hooks = HookRunner(lambda: (program,))
    hooks.report_transition(TOLD)
    hooks.close(10.0)


FOLDERS: dict[str, Spoil] = {
    "another's": give,
    "open to all": lambda folder: folder.chmod(0o777),
    "in another's": lambda folder: give(folder.parent),
    "in one open to all": lambda folder: folder.parent.chmod(0o777),
}


@second_user
@pytest.mark.parametrize("spoil", FOLDERS.values(), ids=FOLDERS)
@pytest.mark.parametrize("linked", [True, False])
def test_nothing_is_written_into_a_folder_that_is_not_ours(file: Path, spoil: Spoil, *, linked: bool) -> None:
    """Log, state and recording: each says so and is done without; where links led, nothing is changed."""
    folder = file.parent
    (victim := folder.parent.parent / "victim").write_text("mine")
    victim.chmod(0o644)
    for name in ("tray.log", "state.db", "looks"):
        if linked:
            (folder / name).symlink_to(victim)
            give(folder / name)
    spoil(folder)
    with log_to_file(folder / "tray.log"):
        assert not write_exception(folder / "tray.log", ValueError("planted"))
    with closing(Store.open(folder / "state.db", NOW)) as store:
        assert store.complaint == StoreComplaint(StoreFault.READ_ONLY)
    with pytest.raises(RecordError, match=r"cannot be written: (others may write|.* belongs to somebody)"):
        Recorder(folder / "looks", LIMITS, print)
    assert (victim.read_text(), stat.S_IMODE(victim.stat().st_mode)) == ("mine", 0o644)
    assert linked or not (folder / "state.db").exists()


@pytest.mark.long
@second_user
@pytest.mark.parametrize("spoil", FOLDERS.values(), ids=FOLDERS)
def test_the_program_does_not_start_there(file: Path, spoil: Spoil) -> None:
    """One line that says whose it is or how it is mended, and `doctor` says it too."""
    configure_home(file.parent, settings("http://127.0.0.1:9"))
    spoil(file.parent)
    done = ran(file.parent, "run")
    assert (done.code, done.out, done.err.count("\n")) == (64, "", 1)
    assert "belongs to somebody else" in done.err or "chmod go-w mends it" in done.err
    assert not (file.parent / "run.lock").exists()
    found = {one["what"]: one for one in ran(file.parent, "doctor", "--json").json}
    for what in ("Memory", "Log"):
        assert not found[what]["ok"]
        assert "belongs to somebody else" in found[what]["found"] or "chmod go-w" in found[what]["found"]


@pytest.mark.long
@second_user
def test_a_real_second_user_keeps_their_files_from_root_alone(place: Path) -> None:
    """A person with an account of no name, in a home of their own, is served as everybody is."""
    place.chmod(0o755)
    (home := place / "home").mkdir(mode=0o700)
    give(home)
    (home / "config.toml").write_text(
        settings("http://127.0.0.1:9") + '[hooks]\non_transition = ["/bin/true"]\n'
    )
    done = as_another(
        *CALL, "doctor", "--json", reads=True, OPENAI_STATUS_TRAY_HOME=str(home), HOME=str(home)
    )
    assert '"what": "Memory", "ok": true' in done.stdout, "root's file in it is as good as their own"
    assert '"what": "Hook", "ok": true' in done.stdout


@modes
def test_a_recording_that_others_could_read_is_closed_to_them(file: Path) -> None:
    """As the README says of every recording."""
    file.chmod(0o644)
    Recorder(file, LIMITS, print).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
