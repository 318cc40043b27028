"""Whether a session is there, by what its variables lead to."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from trayapp.desktop.session import SESSION_VARIABLES, is_session_alive, session_variables

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="sessions are Linux's")

NUMBER = 59_000
"""A display that no X server has."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A session's folder in which Wayland, a bus, and an X server under the abstract name listen."""
    with ExitStack() as stack:
        for place in (f"{tmp_path}/wayland-7", f"{tmp_path}/listens", f"\0/tmp/.X11-unix/X{NUMBER}"):
            listening = stack.enter_context(socket.socket(socket.AF_UNIX))
            listening.bind(place)
            listening.listen()
        gone = stack.enter_context(socket.socket(socket.AF_UNIX))
        gone.bind(f"{tmp_path}/wayland-gone")  # left by a killed compositor: nobody listens
        yield tmp_path


BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path={folder}/listens"}
DEAD_BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path={folder}/nowhere"}
RUNTIME = {"XDG_RUNTIME_DIR": "{folder}"}
X = {"DISPLAY": f":{NUMBER}"}


@pytest.mark.parametrize(
    ("env", "alive"),
    [
        (X, True),
        ({"DISPLAY": f":{NUMBER}.0"}, True),
        ({"DISPLAY": f"unix:{NUMBER}"}, True),
        ({"DISPLAY": ":58999"}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":"}, False),
        ({"DISPLAY": "nonsense"}, False),
        ({"DISPLAY": ":\N{ARABIC-INDIC DIGIT ONE}"}, False),
        ({"DISPLAY": "127.0.0.1:65535"}, False),
        ({"DISPLAY": "a" * 300 + ":1"}, False),
        ({}, False),
        (BUS, False),
        ({**X, **BUS}, True),
        ({**X, **DEAD_BUS}, False),
        (
            {
                **X,
                **DEAD_BUS,
                "DBUS_SESSION_BUS_ADDRESS": "unix:path={folder}/nowhere;unix:path={folder}/listens",
            },
            True,
        ),
        ({**BUS, **RUNTIME, "WAYLAND_DISPLAY": "wayland-7"}, True),
        ({**BUS, "WAYLAND_DISPLAY": "{folder}/wayland-7"}, True),
        ({**BUS, **RUNTIME, "WAYLAND_DISPLAY": "wayland-gone"}, False),
        ({**BUS, **RUNTIME, "WAYLAND_DISPLAY": "wayland-gone", **X}, True),
        ({**BUS, **RUNTIME, "WAYLAND_DISPLAY": "x" * 300}, False),
    ],
)
def test_a_session_is_there_where_its_display_and_its_bus_answer(
    folder: Path, env: Mapping[str, str], alive: bool
) -> None:
    """A variable that is left over, and a socket that nobody listens at, are no session."""
    assert is_session_alive({name: value.format(folder=folder) for name, value in env.items()}) is alive


def test_only_what_leads_to_a_session_is_handed_over() -> None:
    """Nothing that says which programs are run, or from where; and nothing that no variable can hold."""
    env = {
        "DISPLAY": ":1",
        "PATH": "x",
        "LD_PRELOAD": "x",
        "BROWSER": "x",
        "XAUTHORITY": 7,
        "XDG_SESSION_ID": "a\0b",
    }
    assert session_variables(env) == {"DISPLAY": ":1"}
    assert not {"PATH", "BROWSER", "HOME", "XDG_CONFIG_HOME", "XDG_DATA_DIRS"} & set(SESSION_VARIABLES)
    assert not [name for name in SESSION_VARIABLES if name.startswith(("LD_", "PYTHON", "OPENAI"))]
