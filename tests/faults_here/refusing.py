"""`python -m tests.faults_here.refusing`: a notification server that refuses every notification, until it is ended."""

from __future__ import annotations

import signal

from tests.desktop.buses import Service
from trayapp.desktop.dbus.bus import MethodReply
from trayapp.desktop.notifications.freedesktop import PATH, SERVER

if __name__ == "__main__":
    server = Service(SERVER, PATH)
    server.answers["GetServerInformation"] = MethodReply("ssss", ("refuser", "tests", "1", "1.2"))
    server.answers["GetCapabilities"] = MethodReply("as", (["body"],))
    signal.pause()
