"""Stand-ins for the parts of AppKit that the menu bar's icon uses: there is no macOS here to ask.

What they have in common with the real ones is what matters: each refuses to be touched off the main thread, the loop
waits where Python gets no turn, and ends only when an event comes after `stop:`, and an open menu refuses to be
rebuilt. pystray's own back end, the real one, is loaded on top of them.
"""

# ruff: noqa: D101, D102, N802  # what they are and do, Apple's own pages say under these names

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from io import BytesIO
from types import ModuleType
from typing import Any, NamedTuple, Self

import pytest
from PIL import Image

from trayapp.desktop.tray.macos import menubar

SLEEPS, WAKES = "NSWorkspaceWillSleepNotification", "NSWorkspaceDidWakeNotification"


class OffMain(Exception):  # noqa: N818  # it is what happens, not a fault of ours
    """macOS 26 ends a program that does this."""


def _guard(name: str) -> None:
    if threading.current_thread() is not threading.main_thread():
        raise OffMain(name)


class _GuardedClass(type):
    def __getattribute__(cls, name: str) -> Any:
        _guard(name)
        return super().__getattribute__(name)


class NSObject(metaclass=_GuardedClass):
    """Made by `alloc` and an `init…`, and touched on the main thread alone."""

    def __getattribute__(self, name: str) -> Any:
        _guard(name)
        return super().__getattribute__(name)

    @classmethod
    def alloc(cls) -> Self:
        return cls()

    def init(self) -> Self:
        return self


class NSData(NSObject):
    data = b""

    @classmethod
    def dataWithBytes_length_(cls, data: bytes, length: int) -> Self:
        made = cls()
        made.data = data[:length]
        return made


class NSBitmapImageRep(NSObject):
    picture: Image.Image
    points: tuple[int, int]

    @classmethod
    def imageRepWithData_(cls, data: NSData) -> Self:
        made = cls()
        made.picture = Image.open(BytesIO(data.data))
        return made

    def setSize_(self, points: tuple[int, int]) -> None:
        self.points = points


class NSImage(NSObject):
    template = True

    def initWithSize_(self, points: tuple[int, int]) -> Self:
        self.points = points
        self.pictures: list[NSBitmapImageRep] = []
        return self

    def addRepresentation_(self, picture: NSBitmapImageRep) -> None:
        self.pictures.append(picture)

    def setTemplate_(self, template: bool) -> None:
        self.template = template


class NSMenuItem(NSObject):
    title = ""
    enabled = True
    bold = False
    state: int | None = None
    submenu: NSMenu | None = None
    separator = False

    def initWithTitle_action_keyEquivalent_(self, title: str, _action: bytes, _key: str) -> Self:
        self.title = title
        return self

    @classmethod
    def separatorItem(cls) -> Self:
        made = cls()
        made.separator = True
        return made

    def setSubmenu_(self, menu: NSMenu) -> None:
        self.submenu = menu

    def setAction_(self, _action: bytes) -> None: ...

    def setTarget_(self, target: Any) -> None:
        self._target = target

    def setTag_(self, tag: int) -> None:
        self._tag = tag

    def tag(self) -> int:
        return self._tag

    def setAttributedTitle_(self, _title: Any) -> None:
        self.bold = True

    def setState_(self, state: int) -> None:
        self.state = state

    def setEnabled_(self, enabled: bool) -> None:
        self.enabled = enabled

    def click(self) -> None:
        """Choose it, as AppKit does."""
        self._target.activate_menu_item(self)


class NSMenu(NSObject):
    is_open = False

    def initWithTitle_(self, _title: str) -> Self:
        self.items: list[NSMenuItem] = []
        return self

    def setAutoenablesItems_(self, on: bool) -> None:
        assert not on, "AppKit would switch lines on and off as it sees fit"

    def setDelegate_(self, delegate: Any) -> None:
        self._delegate = delegate

    def addItem_(self, item: NSMenuItem) -> None:
        assert not self.is_open, "rebuilt under the pointer"
        self.items.append(item)

    def removeAllItems(self) -> None:
        assert not self.is_open, "rebuilt under the pointer"
        self.items.clear()

    def open(self) -> list[str]:
        """What a click on the icon shows: the lines' titles."""
        self._delegate.menuNeedsUpdate_(self)
        self.is_open = True
        return [item.title for item in self.items]

    def close(self) -> None:
        """Leave it."""
        self.is_open = False


class Point(NamedTuple):
    x: float
    y: float


class Rect(NamedTuple):
    origin: Point


AT_BIRTH, PLACED = Rect(Point(-1.0, 0.0)), Rect(Point(1400.0, 1055.0))


class NSWindow(NSObject):
    """Lies at the main display's lower left corner until the menu bar has a place for it."""

    def __init__(self) -> None:
        self.place = PLACED

    def frame(self) -> Rect:
        return self.place


class NSStatusBarButton(NSObject):
    tooltip = ""
    label = ""

    def __init__(self) -> None:
        self.images: list[NSImage] = []
        self.touched = 0
        self.own_window: NSWindow | None = NSWindow()

    def window(self) -> NSWindow | None:
        return self.own_window

    def setTarget_(self, _target: Any) -> None: ...

    def setAction_(self, _action: bytes) -> None: ...

    def setImage_(self, image: NSImage) -> None:
        self.images.append(image)
        self.touched += 1

    def setToolTip_(self, text: str) -> None:
        self.tooltip = text
        self.touched += 1

    def setAccessibilityLabel_(self, text: str) -> None:
        self.label = text
        self.touched += 1


class NSStatusItem(NSObject):
    menu: NSMenu
    autosave_name = "Item-0"

    def __init__(self) -> None:
        self._button = NSStatusBarButton()

    def button(self) -> NSStatusBarButton:
        return self._button

    def setMenu_(self, menu: NSMenu) -> None:
        self.menu = menu

    def setAutosaveName_(self, name: str) -> None:
        self.autosave_name = name


class NSStatusBar(NSObject):
    def __init__(self) -> None:
        self.items: list[NSStatusItem] = []
        self.made_after: list[str] = []

    def thickness(self) -> float:
        return 22.0

    def statusItemWithLength_(self, _length: int) -> NSStatusItem:
        assert NSApplication.shared is not None
        self.made_after = list(NSApplication.shared.steps)
        self.items.append(NSStatusItem())
        return self.items[-1]

    def removeStatusItem_(self, item: NSStatusItem) -> None:
        self.items.remove(item)


class NSApplication(NSObject):
    shared: NSApplication | None = None
    loop: MainLoop

    def __init__(self) -> None:
        self.policy: int | None = None
        self.steps: list[str] = []
        self._delegate: Any = None

    @classmethod
    def sharedApplication(cls) -> NSApplication:
        NSApplication.shared = NSApplication.shared or cls()
        return NSApplication.shared

    def terminate_(self, _sender: Any) -> None:
        """What the real one does, which no test can let happen."""
        raise AssertionError("the process has ended")

    def setDelegate_(self, delegate: Any) -> None:
        self._delegate = delegate

    def reopen(self) -> bool:
        """Somebody starts the program that runs; whether AppKit is to open a window."""
        return bool(self._delegate.applicationShouldHandleReopen_hasVisibleWindows_(self, False))

    def setActivationPolicy_(self, policy: int) -> None:
        self.policy = policy
        self.steps.append("policy")

    def activateIgnoringOtherApps_(self, over_others: bool) -> None:
        assert not over_others, "it would take the keyboard from whoever types"
        self.steps.append("active")

    def run(self) -> None:
        self.loop.run()

    def stop_(self, _sender: Any) -> None:
        self.loop.stopping = True

    def postEvent_atStart_(self, _event: Any, _at_start: bool) -> None:
        self.loop.post(self.loop.event)


class NSNotificationCenter(NSObject):
    def __init__(self) -> None:
        self._observers: list[tuple[Any, str, str]] = []

    def addObserver_selector_name_object_(self, observer: Any, selector: str, name: str, _any: None) -> None:
        assert hasattr(observer, selector.replace(":", "_"))
        self._observers.append((observer, selector, name))

    def removeObserver_(self, observer: Any) -> None:
        self._observers = [entry for entry in self._observers if entry[0] is not observer]

    def post(self, name: str) -> None:
        """What macOS does: calls whoever observes it, and waits for each."""
        for observer, selector, wanted in tuple(self._observers):
            if wanted == name:
                getattr(observer, selector.replace(":", "_"))(None)


class MainLoop:
    """Waits in the system, not in Python."""

    def __init__(self) -> None:
        self.hops = 0
        self.stopping = False
        self._ended = False
        self._tasks: deque[Callable[[], None]] = deque()
        self._reader, self._writer = os.pipe()
        self._read = ctypes.CDLL(None).read

    def call_after(self, function: Callable[..., None], *arguments: object) -> None:
        """Have it called on the main thread, from any."""
        self.hops += 1
        self.post(partial(function, *arguments))

    def post(self, task: Callable[[], None]) -> None:
        """Wake the loop with something to do."""
        self._tasks.append(task)
        os.write(self._writer, b"!")

    def event(self) -> None:
        """An event was processed; only then AppKit looks whether it was told to stop."""
        self._ended = self.stopping

    def run(self) -> None:
        """Do what comes, until an event comes after `stop:`. A signal does not break the wait off."""
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
        byte = ctypes.create_string_buffer(1)
        while not self._ended:
            assert self._read(self._reader, byte, 1) == 1
            self._tasks.popleft()()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._reader)
        os.close(self._writer)


class MenuBar:
    """A Mac's menu bar, empty. Its modules are in the place of PyObjC's until the test ends."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop = MainLoop()
        monkeypatch.setattr(NSApplication, "shared", None)
        monkeypatch.setattr(NSApplication, "loop", self.loop, raising=False)
        self.bar = NSStatusBar()
        self.activities: list[str] = []
        appkit = _module("AppKit", NSApplication, NSImage, NSBitmapImageRep, NSMenu, NSMenuItem)
        appkit.NSPoint = lambda *_: None
        appkit.NSStatusBar = _Shared(systemStatusBar=lambda: self.bar)
        appkit.NSEvent = _Shared(**{_EVENT: lambda *_: "an event"})
        appkit.NSFont = _Shared(
            menuFontOfSize_=lambda _: _Shared(pointSize=lambda: 13.0), boldSystemFontOfSize_=str
        )
        appkit.NSApplicationActivationPolicyAccessory = 1
        appkit.NSVariableStatusItemLength, appkit.NSApplicationDefined = -1, 15
        self.notifications = NSNotificationCenter()
        appkit.NSWorkspace = _Shared(
            sharedWorkspace=lambda: _Shared(notificationCenter=lambda: self.notifications)
        )
        appkit.NSWorkspaceWillSleepNotification = SLEEPS
        appkit.NSWorkspaceDidWakeNotification = WAKES
        appkit.NSFontAttributeName, appkit.NSOnState, appkit.NSOffState = "NSFont", 1, 0
        foundation = _module("Foundation", NSObject, NSData)
        foundation.NSAttributedString = foundation.NSDictionary = _Text
        foundation.NSProcessInfo = _Shared(processInfo=self._process)
        foundation.NSActivityUserInitiatedAllowingIdleSystemSleep = 0xEFFFFF
        objc = _module("objc", namedSelector=lambda _selector: lambda function: function)
        tools, signals = _module("PyObjCTools"), _module("PyObjCTools.MachSignals")
        helper = _module("PyObjCTools.AppHelper", callAfter=self.loop.call_after)
        tools.MachSignals, tools.AppHelper = signals, helper
        for module in (appkit, foundation, objc, tools, signals, helper):
            monkeypatch.setitem(sys.modules, module.__name__, module)
        monkeypatch.delitem(sys.modules, "pystray._darwin", raising=False)
        monkeypatch.setattr(menubar, "_has_desktop", lambda: True)

    @property
    def app(self) -> NSApplication:
        """The application, which somebody has asked for."""
        assert NSApplication.shared
        return NSApplication.shared

    @property
    def item(self) -> NSStatusItem:
        """The only status item."""
        (item,) = self.bar.items
        return item

    @property
    def button(self) -> NSStatusBarButton:
        """What is seen of it."""
        return self.item.button()

    @property
    def menu(self) -> NSMenu:
        """What a click opens."""
        return self.item.menu

    def close(self) -> None:
        """Take the stand-in's pieces down."""
        sys.modules.pop("pystray._darwin", None)
        self.loop.close()

    def _process(self) -> _Shared:
        def begin(_options: int, reason: str) -> str:
            self.activities.append(reason)
            return reason

        return _Shared(beginActivityWithOptions_reason_=begin, endActivity_=self.activities.remove)


_EVENT = "otherEventWithType_location_modifierFlags_timestamp_windowNumber_context_subtype_data1_data2_"


class _Text(NSObject):
    def initWithString_attributes_(self, _text: str, _attributes: Any) -> Self:
        return self

    def initWithObjectsAndKeys_(self, *_pairs: Any) -> Self:
        return self


class _Shared:
    """A class of which only some functions are called."""

    def __init__(self, **functions: Callable[..., Any]) -> None:
        self._functions = functions

    def __getattr__(self, name: str) -> Callable[..., Any]:
        _guard(name)
        return self._functions[name]


def _module(name: str, *classes: type, **functions: Callable[..., Any]) -> Any:
    module = ModuleType(name)
    for each in classes:
        setattr(module, type.__getattribute__(each, "__name__"), each)
    for word, function in functions.items():
        setattr(module, word, function)
    return module
