"""A config file that is wrong is refused in one line that says how to mend it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trayapp.i18n.languages import LANGUAGE_CODES
from trayapp.settings.schema import ConfigError, load_config

SPOKEN = ", ".join(f'"{code}"' for code in LANGUAGE_CODES)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the config file is; it is not there yet."""
    return tmp_path / "config.toml"


def refusal(file: Path, text: str | bytes) -> str:
    """The one line that says what is wrong with a file of that content, without the file's name."""
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    said = str(caught.value)
    assert said.isprintable()
    assert said.startswith(f"{file}: ")
    return said.removeprefix(f"{file}: ")


def test_all_bad_values_are_named_in_one_line(file: Path) -> None:
    """Each with its key, its value and what is allowed, so that the file is mended in one go."""
    said = refusal(file, '[page]\ninterval = "5s"\n[notify]\nlevel = "loud"\nquiet_major = 1\nlevle = 2')

    assert said == (
        'page.interval = "5s": must be a duration from "15s" to "1h", such as "90s" or "2m"; '
        'notify.level = "loud": must be one of "outages", "problems", "everything", "nothing"; '
        "notify.quiet_major = 1: must be true or false; "
        "notify.levle: unknown key, the nearest known one is notify.level"
    )


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ('language = "xx"', f'language = "xx": must be one of "auto", {SPOKEN}'),
        ("language = 3", "language = 3: must be one of"),
        ("follow = []", "follow = []: must be a list in brackets, not empty"),
        ('follow = "APIs"', 'follow = "APIs": must be a list in brackets, not empty'),
        ('follow = ["APIs", ""]', 'follow = ["APIs", ""]: must be a list in brackets, each item a text'),
        ('ignore = "Sora"', 'ignore = "Sora": must be a list in brackets'),
        ('ignore = ["Sora", " "]', 'ignore = ["Sora", " "]: must be a list in brackets, each item a text'),
        ("ignored = []", "ignored: unknown key, the nearest known one is ignore"),
        ("follow = [3]", "follow = [3]: must be a list in brackets, each item a text"),
        ('page = "x"', 'page = "x": must be a table, [page]'),
        ("[[page]]", "page = [{}]: must be a table, [page]"),
        ('page.interval = "61m"', 'page.interval = "61m": must be a duration from "15s" to "1h"'),
        ("page.interval = 120", "page.interval = 120: must be a duration"),
        (
            'page.interval_in_trouble = "15m"',
            'page.interval_in_trouble = "15m": must be at most page.interval',
        ),
        ('page.interval = "2 m"', 'page.interval = "2 m": must be a duration'),
        ('page.interval = "1.5m"', 'page.interval = "1.5m": must be a duration'),
        ('page.interval = "٣m"', 'page.interval = "٣m": must be a duration'),
        ('page.interval = "-2m"', 'page.interval = "-2m": must be a duration'),
        ('page.url = "status.example.com"', "must be an address such as https://"),
        ('page.url = "ftp://example.com"', "must be an address such as https://"),
        ('page.url = "file:///etc/passwd"', "must be an address such as https://"),
        ('page.url = "https://"', "must be an address such as https://"),
        ('page.url = "https://:8080/"', "must be an address such as https://"),
        ('page.url = "https://a..b"', "must be an address such as https://"),
        ('page.url = "https://a b"', "must be an address such as https://"),
        ('page.url = "https://[::1"', "must be an address such as https://"),
        ('page.url = "https://example.com:0"', "must be an address such as https://"),
        ('page.url = "https://example.com:99999"', "must be an address such as https://"),
        ('page.url = "https://example.com?x=1"', "must be an address without ? and #"),
        (
            'page.url = "https://ann:s3cret@example.com"',
            'page.url = "https://example.com": must be an address without',
        ),
        ('me.plan = ["Pluss"]', 'names that are known; the nearest known one is "Plus"'),
        ('me.plan = ["Enterprize", "Go"]', 'the nearest known one is "Enterprise"'),
        ('me.region = ["Europ"]', 'the nearest known one is "Europe"'),
        ('me.region = ["Indonezia"]', 'the nearest known one is "Indonesia"'),
        ("me.region = [3]", 'me.region = [3]: must be "any", or a list in brackets such as ["Europe"]'),
        ('me.plan = "Plus"', 'me.plan = "Plus": must be "any", or a list in brackets such as ["Plus"]'),
        ('me.plans = ["Plus"]', "me.plans: unknown key, the nearest known one is me.plan"),
        ('probes = "none"', 'probes = "none": must be [[probes]] tables, or [] for none'),
        ('probes = [{name = "A"}]', "probes: {name} lacks product, url"),
        (
            'probes = [{name="A", product="P", url="http://a"}, {name="A", product="Q", url="http://b"}]',
            'probes.name = "A": must be a different name for each probe',
        ),
        (
            'probes = [{name="Answers", product="P", url="http://a"}]\nkey_check.on = true',
            'probes.name = "Answers": must be a different name for each probe',
        ),
        ('probes = [{nam = "A"}]', "probes.nam: unknown key, the nearest known one is probes.name"),
        (
            "connectivity.references = []",
            "connectivity.references = []: must be a list in brackets, not empty",
        ),
        ('connectivity.references = ["x"]', "each item an address such as"),
        ('notify.quiet_hours = "23-7"', 'notify.quiet_hours = "23-7": must be two times such as'),
        ('notify.quiet_hours = "24:00-07:00"', "must be two times such as"),
        ('notify.quiet_hours = "07:00-07:00"', "must be two different times"),
        ("notify.quiet_hours = 07:00:00", "must be two times such as"),
        (
            'network.proxy = "proxy:3128"',
            '"proxy:3128": must be an address such as http://proxy.example.com:3128 (',
        ),
        ('network.proxy = "socks5://p:1"', "must be an address such as"),
        (
            'network.ca_file = "ca.pem"',
            'network.ca_file = "ca.pem": must be the full path of a file that is there',
        ),
        ('network.ca_file = "/nowhere/ca.pem"', "must be the full path of a file that is there"),
        ('links.allow = ["https://example.com"]', "each item the name of a host"),
        ('links.allow = ["-x.example.com"]', "each item the name of a host"),
        ('hooks.on_transition = "rm -rf /"', "must be a list in brackets: the program and its arguments"),
        ("hooks.on_transition = [3]", "must be a list in brackets: the program and its arguments"),
        ('hooks.on_transition = [""]', "must be a list in brackets that begins with a program"),
        ('quiet_hour = "x"', "quiet_hour: unknown key, the nearest known one is notify.quiet_hours"),
        ('Language = "en"', "Language: unknown key, the nearest known one is language"),
        ("[notfy]", "notfy: unknown key, the nearest known one is notify"),
        ('"\\u001b[2J" = 1', "unknown key, the nearest known one is"),
    ],
)
def test_a_bad_line_is_named_with_what_is_allowed(file: Path, line: str, named: str) -> None:
    """The key, the value and what would be right."""
    assert named in refusal(file, line)


def test_a_probe_that_is_no_table_is_named_once(file: Path) -> None:
    """With the spelling that makes one; what it lacks is no help."""
    assert refusal(file, "probes = [1]") == "probes = [1]: must be [[probes]] tables, or [] for none"


@pytest.mark.parametrize("port", ["0", "65536", "99999999", "-1", "8x", "１２"])
@pytest.mark.parametrize(
    "line",
    [
        'page.url = "{url}"',
        'network.proxy = "{url}"',
        'connectivity.references = ["{url}/"]',
        '[[probes]]\nname = "a"\nproduct = "b"\nurl = "{url}/"',
    ],
)
def test_a_port_that_cannot_be_is_refused(file: Path, line: str, port: str) -> None:
    """Wherever an address is asked for, and whatever address it is."""
    for host in ("status.example.com", "[2001:db8::1]"):
        assert "must be" in refusal(file, line.format(url=f"https://{host}:{port}"))


def test_a_file_of_no_certificates_is_refused(file: Path, tmp_path: Path) -> None:
    """Found here, it costs a line; found later, every look."""
    (tmp_path / "ca.pem").write_text("-----BEGIN NOTHING-----")

    said = refusal(file, f"network.ca_file = '{(tmp_path / 'ca.pem').as_posix()}'")

    assert said.endswith("must be a file of certificates (PEM) that can be read")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b'[page]\nurl = "x\n', r"is not TOML, line 2: url = … \(Illegal character"),
        (b"interval = 2m", r"is not TOML, line 1: interval = 2m \(Expected newline"),
        (b"a = 1\na = 2", r"is not TOML, line 2: a = 2 \(Cannot overwrite"),
        (b"x = " + b"[" * 30_000, "is nested too deeply"),
        (b"x = " + b"9" * 30_000, "is not TOML"),
        (b"language = 0x" + b"f" * 30_000, "language = …: must be one of"),
        (b"\xff\xfel\x00", "is not UTF-8 text"),
        (b"#" * 10_000_000, "is larger than 64 kB"),
    ],
)
def test_a_file_that_is_no_config_is_refused(file: Path, content: bytes, named: str) -> None:
    """With the offending line where there is one, and without running out of memory or stack."""
    file.write_bytes(content)
    with pytest.raises(ConfigError, match=named):
        load_config(file)


@pytest.mark.long
@pytest.mark.parametrize(
    "key",
    [
        "a." * 30_000 + "b = 1",
        '"a".' * 15_000 + "b = 1",
        r'"\"".' * 12_000 + "b = 1",
        "x = {" + "a . " * 15_000 + "b = 1}",
        'x = [\n{y = """\n\' """, ' + "a." * 30_000 + "b = 1}]",
        "[" + "a." * 20_000 + "b]\n" + "a.b = 1\n" * 2_500,
        "".join(f"{'a.' * 399}b{i} = 1\n" for i in range(75)),
        "[" + "a." * 399 + "b]\n" + "".join(f"a.b{i} = 1\n" for i in range(5_000)),
        "".join(f"k{i} = 1\n" for i in range(6_000)),
        "".join(f"[a{i}]\n" for i in range(6_000)),
        "[[probes]]\nx = 1\n" * 3_000,
        "[page]\n" + "".join(f"{'k' * 60}{i} = 1\n" for i in range(900)),
        '"' + r"\"" * 30_000,
    ],
    ids=lambda key: key[:12],
)
def test_a_file_full_of_keys_is_refused_quickly(file: Path, key: str) -> None:
    """In one sentence, whatever makes them many: parts, tables, unknown names. Parsers and comparisons take squares."""
    assert len(key) < 64 * 1024
    began = time.process_time()
    assert len(refusal(file, key)) < 1500
    assert time.process_time() - began < 5.0  # on a slow computer too; without a limit it is ten and more


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (
            "".join(f'[[probes]]\nname = "{n}"\nproduct = "P"\nurl = "https://a.test"\n' for n in range(640)),
            "probes",
        ),
        (f"connectivity.references = {[f'http://a{n}.test' for n in range(640)]}", "connectivity.references"),
    ],
    ids=["probes", "references"],
)
def test_what_is_asked_every_round_is_no_flood(file: Path, text: str, key: str) -> None:
    """Twenty at most, said in one sentence."""
    said = refusal(file, text)
    assert said.startswith(f"{key} = [")
    assert said.endswith(": must be a list of 20 at most")


def test_many_hosts_on_one_line_are_no_long_key(file: Path) -> None:
    """Dots within texts part nothing."""
    hosts = [f"h{n}.example.com" for n in range(1_000)]
    file.write_text(f"links.allow = {hosts} # {'.' * 1_000}")
    assert load_config(file).links.allow == tuple(hosts)


def test_twenty_probes_are_taken(file: Path) -> None:
    """As many as are allowed."""
    table = '[[probes]]\nname = "{}"\nproduct = "P"\nurl = "https://a.test"\n'
    file.write_text("".join(table.format(number) for number in range(20)))
    assert len(load_config(file).probes) == 20


def test_a_folder_is_no_config(tmp_path: Path) -> None:
    """Nor is a path below a file."""
    with pytest.raises(ConfigError, match="cannot be read: it is a folder"):
        load_config(tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes among its files")
def test_a_pipe_is_refused_and_not_waited_for(file: Path) -> None:
    """A pipe without a writer would hang the program."""
    os.mkfifo(file)

    with pytest.raises(ConfigError, match="is not a file"):
        load_config(file)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() != 0, reason="needs the right to become somebody else")
def test_a_file_that_may_not_be_read_is_named(file: Path) -> None:
    """The defaults in its stead would surprise whoever wrote it."""
    file.write_text("")
    file.chmod(0)
    os.seteuid(65534)
    try:
        with pytest.raises(ConfigError, match="cannot be read: permission denied"):
            load_config(file)
    finally:
        os.seteuid(0)


def test_long_values_are_clipped_and_many_problems_counted(file: Path) -> None:
    """One line stays one line that can be read."""
    said = refusal(file, "\n".join(f'key{n} = "{"x" * 1000}"' for n in range(30)))
    assert said.endswith("; and 20 more")

    said = refusal(file, f'language = "{"x" * 10_000}"')
    assert len(said) < 200


def test_proxy_credentials_are_never_shown(file: Path) -> None:
    """Neither where the proxy is refused, nor where the whole line is no TOML, nor under another key."""
    for text in (
        'network.proxy = "ann:s3/cr\\"et@proxy.example.com"',
        "network.proxy = http://ann:s3/cret@proxy.example.com",
        'page.url = "http://ann:s3/cret@proxy.example.com"',
        'probes = [{url = "http://ann:s3/cret@proxy.example.com"}]',
    ):
        said = refusal(file, text)
        assert "s3" not in said
        assert "cr" not in said.replace("lacks", "")


_KEYS = st.sampled_from(
    ["language", "follow", "probes", "page", "url", "interval", "notify", "level", "allow", "name", "x"]
)
_VALUES = st.recursive(
    st.booleans()
    | st.integers(-9, 9)
    | st.floats()
    | st.datetimes()
    | st.text(max_size=9)
    | st.just("https://a.example"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=3),
    max_leaves=8,
)
_FILES = st.dictionaries(_KEYS, _VALUES, max_size=5).map(tomlkit.dumps).map(str.encode)


@pytest.mark.long
@given(content=st.binary(max_size=200) | _FILES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_file_gives_a_config_or_one_line(file: Path, content: bytes) -> None:
    """Whatever bytes, whatever tables: no other error, and nothing unprintable."""
    file.write_bytes(content)
    said = ""
    try:
        load_config(file)
    except ConfigError as error:
        said = str(error)

    assert said == "" or said.isprintable()
