"""What is read: page and feed, settings, state, recordings, and the small texts of headers, proxies and addresses."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

from tests.sources.mutations import TOKENS, documents
from tools.fuzz_edges.engine import Wrong
from tools.fuzz_edges.mutate import Mutator
from trayapp.app.languages import load_translator
from trayapp.commands.replay import json_line, replay_rounds, text_lines
from trayapp.core.judge import judge_round
from trayapp.core.state.memory import Memory
from trayapp.core.tray_view.view import build_view
from trayapp.core.wording.notifications import build_notification
from trayapp.desktop.dbus.addresses import list_session_sockets, list_system_sockets
from trayapp.desktop.links import is_allowed_url
from trayapp.engine.recording import Recorder, RecordError, read_lines
from trayapp.i18n.sanitize import clean_text, clip_text, strip_markdown
from trayapp.model import (
    Level,
    Limits,
    Moment,
    Notification,
    NotificationKind,
    Observation,
    ObservationSource,
    PageReading,
    Round,
    SavedMemory,
    SeenIncident,
    State,
    Transition,
    TransitionKind,
)
from trayapp.settings.edit import SettingsError, change_setting
from trayapp.settings.schema import Config, ConfigError, load_config
from trayapp.settings.site import read_site_settings
from trayapp.sources.messages import (
    HttpResponse,
    decode_body,
    parse_http_date,
    read_age,
    read_fresh_for,
    read_retry_after,
)
from trayapp.sources.native_feed import read_native
from trayapp.sources.proxies import configured_proxies, system_proxies
from trayapp.sources.statuspage import read_page
from trayapp.store import Store
from trayapp.store.codec import CodecError, from_json, to_json
from trayapp.store.reader import read_history

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FRAMES = documents(NOON)
LIMITS = Limits(level=Level.EVERYTHING)
ENGLISH = load_translator("en")
DISK = Path("/dev/shm")  # noqa: S108  # in memory, because each input is a file or two
ROLES = 4


def is_harmless(text: str) -> bool:
    """Whether nothing in it steers a terminal, a panel or a reader's eye."""
    return not {unicodedata.category(character) for character in text} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _answers(bodies: Sequence[bytes]) -> list[HttpResponse]:
    return [HttpResponse(200, body=body) for body in bodies]


def _round(bodies: Sequence[bytes], second: float) -> Round:
    *page, native = _answers(bodies)
    moment = Moment(NOON + timedelta(seconds=second), second, second)
    return Round(moment, read_page(*page, base="https://page.example.test"), read_native(native))


class _Place:
    """A folder of a target's own."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="fuzz-", dir=DISK if DISK.is_dir() else None))

    def close(self) -> None:
        """Leave nothing behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


class PageTarget:
    """The page's files and its feed, one of them broken, read twice, judged and put into words. The first byte says which."""

    name = "page"
    mutator = Mutator(TOKENS, is_json=True)
    seeds = tuple(b"%d" % role + frame[role] for frame in FRAMES for role in range(ROLES))

    def __init__(self) -> None:
        self._calm = judge_round(Memory(), _round(FRAMES[0], 0.0), LIMITS)[0]

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        bodies = list(FRAMES[len(data) % len(FRAMES)])
        bodies[(data or b"0")[0] % ROLES] = data[1:]
        memory, told = self._calm, 0
        for second in (120.0, 140.0, 300.0):
            round_ = _round(bodies, second)
            memory, verdict, transitions = judge_round(memory, round_, LIMITS)
            build_view(verdict, memory.saved, ENGLISH, round_.moment.wall)
            for transition in transitions:
                made = build_notification(ENGLISH, transition, verdict)
                if not is_harmless(made.title + made.body):
                    raise Wrong(f"told {made.title!r}, {made.body!r}")
                told += 1
        if from_json(SavedMemory, to_json(memory.saved)) != memory.saved:
            raise Wrong("what is kept is not what was kept")
        page = round_.page
        kind = f"{verdict.state} {len(verdict.incidents)}" if isinstance(page, PageReading) else str(page)
        return f"{kind}, told {told}, {type(round_.native).__name__}"

    def close(self) -> None:
        """Nothing was started."""


class PackedTarget:
    """A body as it comes compressed; the first byte says how it is called."""

    name = "packed"
    mutator = Mutator((b"\x1f\x8b\x08", b"\x78\x9c", b"\x00\x00\xff\xff", b"\x03\x00"))
    seeds = tuple(
        b"%d" % n + packer.compress(FRAMES[-1][0]) + packer.flush()
        for n, packer in enumerate(zlib.compressobj(wbits=bits) for bits in (31, 15, -15))
    )

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        words = ("gzip", "deflate", "deflate", "x-gzip", "br")
        got = decode_body(data[1:], words[(data or b"0")[0] % len(words)])
        return "decoded" if isinstance(got, bytes) else f"{got.cause}"

    def close(self) -> None:
        """Nothing was started."""


class ConfigTarget(_Place):
    """A settings file: settings, or one line that says what is wrong; one setting is changed in it."""

    name = "config"
    mutator = Mutator(
        (
            b"[", b"]", b"[[probes]]\n", b"=", b'"', b"'", b'"""', b"'''", b"\n", b"\r", b"#", b"{", b"}", b"a.", b"\\", b",",
            b"\\u0000", b"\\UFFFFFFFF", b"0x", b"1e999", b"nan", b"-inf", b"9" * 5000, b"1979-05-27T07:32:00Z", b"true",
            b"\xef\xbb\xbf", b"\xff", b"\x00", b"\x1b", b'follow = ["APIs"]\n', b"[hooks]\n", b"on_transition = [", b'"2m"',
            b'url = "https://a.test"\n', b"quiet_hours", b"ca_file", b"page.url", b"[locked.page]\n", b"locked.", b"?@:%", b"\xe2\x80\xae",
        )
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        example = files("trayapp").parent / "assets" / "config.example.toml"  # type: ignore[attr-defined]  # a folder of files
        text = Path(str(example)).read_bytes()
        self.seeds = (
            text,
            text.replace(b"\n# ", b"\n"),
            b'[[probes]]\nname = "A"\nproduct = "B"\nurl = "https://a.test/x"\ninterval = "90s"\n',
            b'follow = ["APIs"]\n[locked]\nprobes = []\n[locked.page]\nurl = "https://a.test"\n[locked.key_check]\non = true\n',
            b'language = "tr"\nfollow = ["APIs", "ChatGPT/Login"]\n[notify]\nquiet_hours = "23:00-07:00"\nlevel = "problems"\n',
            b'network.proxy = "http://u:p@proxy.test:3128"\n[links]\nallow = ["a.test"]\n[hooks]\non_transition = ["/bin/true", "x"]\n',
        )

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        file = self.folder / "config.toml"
        file.write_bytes(data)
        self._read_as_site(file)
        try:
            config = load_config(file)
        except ConfigError as error:
            said = error.phrase.translate(str)
            if not said.isprintable() or len(said) > 3000:
                raise Wrong(f"said {said!r}") from error
            return said.removeprefix(f"{file}: ").partition(":")[0][:24]
        changed = self._change_setting(file)
        if isinstance(changed, Config) and changed.follow != ("Codex",):
            raise Wrong(f"follows {changed.follow}")
        return f"read, {len(config.probes)} probes, {type(changed).__name__}"

    def _read_as_site(self, file: Path) -> None:
        """As an administrator's file it raises nothing, whatever it says, and what is wrong with it is one line."""
        site = read_site_settings((file,))
        load_config(None, site=site)
        for problem in site.problems:
            said = problem.translate(str)
            if not said.isprintable() or len(said) > 6000:
                raise Wrong(f"said {said!r}")

    def _change_setting(self, file: Path) -> Config | SettingsError:
        try:
            return change_setting(file, "follow", ("Codex",))
        except SettingsError as error:
            return error


class StateTarget(_Place):
    """A state file: opened, read by others, written to; what cannot be read is put aside and said."""

    name = "state"
    mutator = Mutator(
        (
            b"SQLite format 3\x00", b"CREATE VIEW ", b"CREATE TABLE ", b"CREATE TRIGGER ", b"incidents", b"kept", b"doc", b"{",
            b"}", b'"', b"\x00" * 16, b"\xff" * 16, b"\x0d", b"\x05", b"\x0a", b"\x02", b"TEXT", b"BLOB", b"WITHOUT ROWID",
            b'{"looked": true}', b"0001-01-01T00:00:00+00:00", b"null", b"OSTR",
        )
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self._transition = Transition(
            TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON
        )
        page = _round(FRAMES[-1], 0.0).page
        assert isinstance(page, PageReading)
        self._seen = [SeenIncident(incident, NOON) for incident in page.incidents]
        self.seeds = (b"", self._make_input(0), self._make_input(3), self._make_input(40))

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        file = self.folder / "state.db"
        for old in self.folder.iterdir():
            old.unlink()
        file.write_bytes(data)
        found = read_history(file, EPOCH)
        with closing(Store.open(file, NOON)) as store:
            first = store.complaint
            store.remember_incidents(self._seen)
            store.save(
                SavedMemory(looked=True),
                [self._transition],
                [Notification("n", NotificationKind.START, "t", "b")],
                now=NOON,
            )
            store.save_observations(
                [Observation(ObservationSource.PAGE, "", NOON, 60.0, State.MAJOR, 5)], NOON
            )
            told = len(store.read_transitions())
            store.unfinished_intents(NOON)
            kept = {seen.incident.id for seen in store.read_incidents()}
        again = read_history(file, EPOCH)
        if first is None and store.complaint is None:
            if not {seen.incident.id for seen in self._seen} <= kept or not told:
                raise Wrong(f"has not kept what it took: {kept}, {told}")
            if not again.is_readable and found.is_readable:
                raise Wrong("cannot be read any more")
        faults = f"{first and first.fault}, {store.complaint and store.complaint.fault}"
        return f"{faults}; {found.is_readable}, {again.is_readable}; {len(found.incidents) > 0}, {len(found.transitions) > 0}"

    def _make_input(self, times: int) -> bytes:
        file = self.folder / "made.db"
        file.unlink(missing_ok=True)
        with closing(Store.open(file, NOON)) as store:
            for turn in range(times):
                now = NOON + timedelta(minutes=turn)
                store.remember_incidents(self._seen)
                store.save(SavedMemory(looked=True, tell_when_back=("APIs",)), [self._transition], now=now)
                store.save_observations(
                    [Observation(ObservationSource.PAGE, "", now, 60.0, State.MAJOR, 5)], now
                )
        with closing(sqlite3.connect(file)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return file.read_bytes()


class DocumentTarget:
    """One document of the state file, as each kind that is kept in it."""

    name = "document"
    mutator = Mutator(TOKENS, is_json=True)

    def __init__(self) -> None:
        told = Transition(TransitionKind.START, ("APIs",), State.OPERATIONAL, State.MAJOR, NOON, NOON)
        page = _round(FRAMES[-1], 0.0).page
        assert isinstance(page, PageReading)
        memory = judge_round(Memory(), _round(FRAMES[-1], 0.0), LIMITS)[0]
        values = (memory.saved, told, *(SeenIncident(incident, NOON) for incident in page.incidents), LIMITS)
        self.seeds = tuple(to_json(value).encode() for value in values)

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        came = []
        for kind in (SavedMemory, Transition, SeenIncident, Limits):
            try:
                value = from_json(kind, data)
            except CodecError:
                continue
            came.append(kind.__name__)
            if isinstance(value, SavedMemory):
                judge_round(Memory(saved=value), _round(FRAMES[1], 0.0), LIMITS)
            if from_json(kind, to_json(value)) != value:
                raise Wrong("does not come back as it was")
        return " ".join(came)

    def close(self) -> None:
        """Nothing was started."""


class RecordingTarget(_Place):
    """A recording, replayed: what would have been told, or the line that cannot be read."""

    name = "recording"
    mutator = Mutator((*TOKENS, b"\n", b'{"limits": ', b'"moment":', b'"wall":', b'"awake":'), is_json=False)

    def __init__(self) -> None:
        super().__init__()
        self.seeds = (self._make_input(1), self._make_input(len(FRAMES)), b"")

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        file = self.folder / "recording"
        file.write_bytes(data)
        told = 0
        try:
            for each in replay_rounds(read_lines(file), ENGLISH):
                told += 1
                json_line(ENGLISH, each)
                if not is_harmless(text_lines(ENGLISH, each).replace("\n", "")):
                    raise Wrong(f"told {each.notification.body!r}")
        except RecordError as error:
            return f"told {told}, {error.phrase.translate(str).rpartition(': ')[2]}"
        return f"told {told}"

    def _make_input(self, frames: int) -> bytes:
        file = self.folder / "made"
        file.unlink(missing_ok=True)
        recorder = Recorder(file, LIMITS, print)
        for turn, frame in enumerate(FRAMES[:frames]):
            for again in (0, 20, 60):
                recorder.add_round(_round(frame, 300.0 * turn + again), LIMITS)
        recorder.close()
        return file.read_bytes()


class TextTarget:
    """Headers, proxies, addresses of buses, links, posts: short texts that are read by a few lines each."""

    name = "text"
    seeds = (
        b"Thu, 01 Jan 2026 00:00:00 GMT", b"120", b'max-age=60, s-maxage="5", no-cache', b"http://user:pass@proxy.test:3128",
        b"socks5://[::1]:1080", b"localhost,127.0.0.0/8,.test,*", b"unix:path=/run/user/0/bus;unix:abstract=%2ftmp,guid=00",
        b"https://status.openai.com/incidents/x?y#z", b"**bold** [a](https://b 'c') `d`\n> e\n\n---\n1. f ~~g~~ <br/>",
        "ที่นี่ Türkiye \u202e \U0001f1f9\U0001f1f7 a\u0301\u0301".encode(),
    )  # fmt: skip
    mutator = Mutator(
        (
            b"%00", b"%", b";", b",", b":", b"//", b"@", b"[", b"]", b"(", b")", b"*", b"_", b"`", b"\\", b"\x00", b"\xff",
            "\u0301".encode(), "\u202e".encode(), "\u3164".encode(), b"unix:", b"path=", b"http://", b"9" * 400, b"-1", b"\n", b" ",
        )
    )  # fmt: skip

    def feed(self, data: bytes) -> str:
        """See `Target`."""
        text = data[:20_000].decode("utf-8", "surrogateescape")
        headers = {"retry-after": text, "cache-control": text, "age": text, "date": text}
        env = dict.fromkeys(
            ("http_proxy", "https_proxy", "no_proxy", "all_proxy", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"),
            text,
        )  # fmt: skip
        for reads in (read_retry_after(headers, NOON), read_fresh_for(headers), read_age(headers)):
            if reads is not None and not reads >= 0.0:
                raise Wrong(f"waits {reads}")
        proxies = configured_proxies(text), system_proxies(env)
        for shown in (strip_markdown(text), clean_text(text), clip_text(clean_text(text), 60)):
            if not is_harmless(shown):
                raise Wrong(f"shows {shown!r}")
        places = (*list_session_sockets(env), *list_system_sockets(env))
        opens = is_allowed_url(text, frozenset({"status.openai.com"}))
        if opens and not text.lower().startswith("https://status.openai.com"):
            raise Wrong("opens what it should not")
        kinds = (
            parse_http_date(text) is None,
            opens,
            len(places),
            *(len(each.by_scheme) for each in proxies),
        )
        return " ".join(map(str, kinds))

    def close(self) -> None:
        """Nothing was started."""


PARSERS: tuple[Callable[[], PageTarget | PackedTarget | ConfigTarget | StateTarget | DocumentTarget | RecordingTarget | TextTarget], ...] = (
    PageTarget, PackedTarget, ConfigTarget, StateTarget, DocumentTarget, RecordingTarget, TextTarget,
)  # fmt: skip
