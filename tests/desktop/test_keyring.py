"""The key in a real keyring of a Linux desktop: kept, had, forgotten; locked, gone, silent and lying."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.buses import PrivateBus
from tests.desktop.key_forms import KEY, OTHER_KEY
from tests.desktop.keyrings import LOGIN, Keyring, StandIn, missing, secret_of
from trayapp.desktop.dbus.bus import Bus, BusError, MethodCall, MethodReply
from trayapp.desktop.keys.base import Key, KeyAccessError, KeyProblem, KeyPurpose
from trayapp.desktop.keys.chooser import create_key_reader
from trayapp.desktop.keys.secret_service import SERVICE_PATH, SecretService

needs_keyring = pytest.mark.skipif(
    bool(missing()), reason=f"needs {missing()}; `make desktop-tools` installs it"
)


@pytest.fixture
def keyring(private_bus: PrivateBus, tmp_path: Path) -> Iterator[Keyring]:
    """An unlocked keyring."""
    own = Keyring(tmp_path / "keyring", private_bus.address)
    yield own
    own.close()


@pytest.fixture
def stand_in(private_bus: PrivateBus) -> Iterator[StandIn]:
    """A keyring that can be told what to answer."""
    own = StandIn()
    yield own
    own.bus.close()


def trouble(act: Callable[[], object]) -> KeyProblem:
    """Why it was not done."""
    with pytest.raises(KeyAccessError) as caught:
        act()
    assert KEY not in repr(caught.value)
    assert caught.value.__cause__ is None
    return caught.value.problem


@needs_keyring
def test_a_real_keyring_keeps_finds_replaces_and_forgets(keyring: Keyring, join: Callable[[], Bus]) -> None:
    """It keeps one key, the newest; another program of the same person finds it."""
    place = SecretService(join())
    assert place.is_running()
    assert place.read() is None
    place.save(Key(KEY))
    place.save(Key(OTHER_KEY))
    assert keyring.items() == 1
    assert SecretService(join()).read() == Key(OTHER_KEY)
    assert place.delete()
    assert (place.read(), place.delete(), keyring.items()) == (None, False, 0)


@needs_keyring
def test_the_key_of_each_purpose_is_kept_by_itself(keyring: Keyring, join: Callable[[], Bus]) -> None:
    """Neither replaces, reads or deletes the other."""
    api, reports = SecretService(join()), SecretService(join(), KeyPurpose.DOWNDETECTOR)
    api.save(Key(KEY))
    assert reports.read() is None
    reports.save(Key(OTHER_KEY))
    assert (api.read(), reports.read(), keyring.items()) == (Key(KEY), Key(OTHER_KEY), 2)
    assert create_key_reader(lambda: (), join, KeyPurpose.DOWNDETECTOR)() == OTHER_KEY
    assert reports.delete()
    assert (api.read(), reports.read()) == (Key(KEY), None)


@needs_keyring
def test_a_key_outlives_the_keyrings_own_restart(
    keyring: Keyring, private_bus: PrivateBus, tmp_path: Path, join: Callable[[], Bus]
) -> None:
    """It stands on the disk, encrypted: no file of the keyring has it in the clear."""
    SecretService(join()).save(Key(KEY))
    keyring.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert any(file.suffix == ".keyring" for file in files)
    assert not [file for file in files if KEY.encode() in file.read_bytes()]
    again = Keyring(tmp_path / "keyring", private_bus.address)
    assert SecretService(join()).read() == Key(KEY)
    again.close()


@needs_keyring
def test_a_locked_keyring_is_said_at_once_and_nobody_is_asked(
    keyring: Keyring, join: Callable[[], Bus]
) -> None:
    """Reading, keeping and forgetting: none of them waits for the person."""
    place = SecretService(join())
    place.save(Key(KEY))
    keyring.lock()
    began = time.monotonic()
    assert trouble(place.read) is KeyProblem.LOCKED
    assert trouble(lambda: place.save(Key(OTHER_KEY))) is KeyProblem.LOCKED
    assert trouble(place.delete) is KeyProblem.LOCKED
    assert time.monotonic() - began < 4.0
    assert keyring.items() == 1


@needs_keyring
def test_a_keyring_that_dies_is_one_that_is_not_there(keyring: Keyring, join: Callable[[], Bus]) -> None:
    """The connection to the bus goes on."""
    bus = join()
    SecretService(bus).save(Key(KEY))
    keyring.kill()
    assert trouble(SecretService(bus).read) is KeyProblem.NO_KEYRING
    assert not SecretService(bus).is_running()


def test_without_a_keyring_that_is_said(join: Callable[[], Bus]) -> None:
    """A bus on which nobody has that name."""
    place = SecretService(join())
    assert not place.is_running()
    for act in (place.read, place.delete, lambda: place.save(Key(KEY))):
        assert trouble(act) is KeyProblem.NO_KEYRING


@pytest.mark.parametrize(
    "member", ["OpenSession", "SearchItems", "GetSecrets", "ReadAlias", "CreateItem", "Delete"]
)
def test_a_keyring_that_hangs_is_left_after_its_time(
    stand_in: StandIn, join: Callable[[], Bus], member: str
) -> None:
    """Whichever call it hangs in, all of it together takes no longer."""

    def hang(call: MethodCall) -> MethodReply:
        if call.member == member:
            time.sleep(1.0)
        return StandIn.answer(stand_in, call)

    for path in (SERVICE_PATH, LOGIN, f"{LOGIN}/1"):
        stand_in.bus.serve(path, hang)
    place = SecretService(join(), patience=0.3)
    acts = {
        "ReadAlias": lambda: place.save(Key(KEY)),
        "CreateItem": lambda: place.save(Key(KEY)),
        "Delete": place.delete,
    }
    began = time.monotonic()
    assert trouble(acts.get(member, place.read)) is KeyProblem.TIMED_OUT
    assert time.monotonic() - began < 0.9


LIES = {
    "OpenSession": [
        MethodReply("s", ("no session",)),
        MethodReply("vs", (("s", ""), "no path")),
        MethodReply(),
    ],
    "SearchItems": [
        MethodReply("asao", (["no path"], [])),
        MethodReply("s", ("",)),
        MethodReply("aiai", ([1], [2])),
    ],
    "GetSecrets": [
        MethodReply("s", (KEY,)),
        MethodReply("a{o(oayays)}", ({},)),
        MethodReply("a{os}", ({f"{LOGIN}/1": KEY},)),
        secret_of(b""),
        secret_of(b"two words"),
        secret_of(b"\xff" * 20),
        secret_of(b"x" * 100_000),
    ],
}


@pytest.mark.parametrize(("member", "lie"), [(m, lie) for m, lies in LIES.items() for lie in lies])
def test_a_keyring_that_lies_is_not_believed(
    stand_in: StandIn, join: Callable[[], Bus], member: str, lie: MethodReply
) -> None:
    """Another form, other values, paths that are none: the connection to the bus outlives them all."""
    stand_in.answers[member] = lie
    bus = join()
    assert trouble(SecretService(bus).read) is KeyProblem.BAD_ANSWER
    stand_in.answers |= {
        "OpenSession": MethodReply("vo", (("s", ""), "/s")),
        "SearchItems": MethodReply("aoao", ([], [])),
    }
    assert SecretService(bus).read() is None


def test_a_key_that_was_not_kept_is_found_out(stand_in: StandIn, join: Callable[[], Bus]) -> None:
    """It says yes and has another."""
    assert trouble(lambda: SecretService(join()).save(Key(OTHER_KEY))) is KeyProblem.BAD_ANSWER


@pytest.mark.parametrize("member", ["CreateItem", "Delete"])
def test_a_keyring_that_wants_to_ask_is_told_not_to(
    stand_in: StandIn, join: Callable[[], Bus], member: str
) -> None:
    """Its prompt is dismissed and never shown."""
    prompt = f"{SERVICE_PATH}/prompt/p1"
    stand_in.answers["CreateItem"] = MethodReply("oo", ("/", prompt))
    stand_in.answers["Delete"] = MethodReply("o", (prompt,))
    place = SecretService(join())
    act = place.delete if member == "Delete" else lambda: place.save(Key(KEY))
    assert trouble(act) is KeyProblem.LOCKED
    place.is_running()
    members = [call for call, _ in stand_in.calls]
    assert "Prompt" not in members


def test_without_a_default_collection_that_is_said(stand_in: StandIn, join: Callable[[], Bus]) -> None:
    """As in a keyring that nobody has used yet."""
    stand_in.answers["ReadAlias"] = MethodReply("o", ("/",))
    assert trouble(lambda: SecretService(join()).save(Key(KEY))) is KeyProblem.NO_COLLECTION


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("org.freedesktop.Secret.Error.IsLocked", KeyProblem.LOCKED),
        ("org.freedesktop.DBus.Error.Spawn.ChildExited", KeyProblem.NO_KEYRING),
        ("org.example.Odd", KeyProblem.BAD_ANSWER),
    ],
)
def test_an_error_is_told_by_its_name_and_its_text_by_nobody(
    stand_in: StandIn,
    join: Callable[[], Bus],
    name: str,
    expected: KeyProblem,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The text may have the key in it."""

    def refuse(_call: MethodCall) -> MethodReply:
        raise BusError(f"no {KEY}", name)

    stand_in.bus.serve(SERVICE_PATH, refuse)
    caplog.set_level("DEBUG")
    assert trouble(SecretService(join()).read) is expected
    assert KEY not in caplog.text


def test_the_function_that_yields_the_key_says_once_why_it_cannot(
    stand_in: StandIn, join: Callable[[], Bus], caplog: pytest.LogCaptureFixture
) -> None:
    """It never raises; each reason stands once in the log, until another comes."""
    bus = join()
    read = create_key_reader(lambda: (), lambda: bus)
    assert read() == KEY
    stand_in.answers["SearchItems"] = MethodReply("aoao", ([], [f"{LOGIN}/1"]))
    assert [read(), read()] == [None, None]
    assert caplog.text.count("the key cannot be had: locked") == 1
    assert KEY not in caplog.text
