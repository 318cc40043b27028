"""Shows pystray's icon in macOS' menu bar and works around its faults. All of it runs on the main thread.

Faults of pystray 0.19.5 `_darwin.py`; drop each workaround when a later version mends it: its setters and set-up
touch AppKit on the caller's thread, which ends the program since macOS 26 (moses-palmer/pystray#60); the icon is drawn
at half of a Retina display's pixels; a changed menu replaces one that is open; without an activation policy the
program stands in the Dock. So neither its setters nor its `run` are used here.
"""

# ruff: noqa: SLF001  # what needs mending in pystray is private there

from __future__ import annotations

import ctypes
import io
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any, Protocol

from trayapp import APP_ID, APP_TITLE
from trayapp.desktop.tray.base import Draw, OnCommand
from trayapp.desktop.tray.pystray_loader import Unavailable, load_back_end
from trayapp.desktop.tray.pystray_menu import build_pystray_menu
from trayapp.model import Look, MenuLine, TrayView

SCALES = (1, 2)
"""Pixels a point on normal and Retina displays: AppKit chooses the picture that fits the display."""
_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


class OnSleep(Protocol):
    """Takes the news that the computer goes to sleep or woke."""

    def __call__(self, *, begins: bool) -> None:
        """Handle sleep, which begins when this returns, or (`begins` False) waking."""


def load_menu_bar() -> ModuleType:
    """Import pystray's macOS back end. Raises Unavailable without a desktop."""
    if not _has_desktop():
        raise Unavailable("this session has no desktop")
    return load_back_end("darwin")


def _has_desktop() -> bool:
    """Whether there is a window server: without one, as over ssh, AppKit would end the program."""
    graphics = ctypes.CDLL(_GRAPHICS)
    graphics.CGSessionCopyCurrentDictionary.restype = ctypes.c_void_p
    return graphics.CGSessionCopyCurrentDictionary() is not None


class MenuBarIcon:
    """A status item and its menu."""

    def __init__(self, darwin: ModuleType, draw: Draw, act: OnCommand, slept: OnSleep | None = None) -> None:
        self._appkit = darwin.AppKit
        self._foundation = darwin.Foundation
        self._draw = draw
        self._act = act
        self._view: TrayView | None = None
        self._menu_lines: tuple[MenuLine, ...] | None = None
        app = _application_class(self._appkit).sharedApplication()
        app.quit = self.end_loop
        # The policy comes first: the Dock shows a program without one, and an item made before it may have no height
        # on macOS 26 (https://github.com/domzilla/Caffeine/pull/14).
        app.setActivationPolicy_(self._appkit.NSApplicationActivationPolicyAccessory)
        # A program that was never active may get no picture there (https://github.com/getagentseal/codeburn/pull/955);
        # False, so that a person who types elsewhere is not interrupted.
        app.activateIgnoringOtherApps_(False)
        self._icon = darwin.Icon(APP_ID, title=APP_TITLE)
        # An unnamed item shares "Item-0", which can stay hidden (https://github.com/AThevon/TokenEater/pull/238).
        self._icon._status_item.setAutosaveName_(APP_ID)
        self._icon._update_menu = _do_nothing  # pystray would make a menu of its own after each click
        self._delegate = _delegate_class(self._foundation).alloc().init()
        self._delegate.fill = self._fill_menu
        self._delegate.reopen = self._choose_default
        app.setDelegate_(self._delegate)
        self._delegate.slept = slept or _ignore_sleep
        heard = self._appkit.NSWorkspace.sharedWorkspace().notificationCenter()
        for selector, name in (
            ("sleeps:", self._appkit.NSWorkspaceWillSleepNotification),
            ("wakes:", self._appkit.NSWorkspaceDidWakeNotification),
        ):
            heard.addObserver_selector_name_object_(self._delegate, selector, name, None)
        self._menu = self._appkit.NSMenu.alloc().initWithTitle_(APP_TITLE)
        self._menu.setAutoenablesItems_(False)
        self._menu.setDelegate_(self._delegate)
        self._icon._status_item.setMenu_(self._menu)

    def show(self, view: TrayView) -> None:
        """Show what differs from the view before. The menu is filled when it is opened next."""
        before = self._view
        button = self._icon._status_item.button()
        if before is None or before.look != view.look:
            button.setImage_(self._build_image(view.look))
        if before is None or before.tooltip != view.tooltip:
            button.setToolTip_(view.tooltip)
        if before is None or before.title != view.title:
            button.setAccessibilityLabel_(view.title)
        self._view = view
        if self._menu_lines is None:
            self._fill_menu(self._menu)

    def is_shut_out(self) -> bool:
        """Whether macOS gives the icon no place, because it is not allowed in the menu bar.

        AppKit has no function that says so. The icon's window then stays in the lower left corner, where it was made
        (https://github.com/vorssaint/vorssaint-utils/pull/1811), or there is none.
        """
        window = self._icon._status_item.button().window()
        if window is None:
            return True
        corner, near = window.frame().origin, self._icon._status_bar.thickness()
        return bool(abs(corner.x) <= near and abs(corner.y) <= near)

    def run_loop(self) -> None:
        """Run AppKit's loop until `end_loop`."""
        # App Nap suspends a program without windows, which would lengthen the time between two polls.
        process = self._foundation.NSProcessInfo.processInfo()
        awake = process.beginActivityWithOptions_reason_(
            self._foundation.NSActivityUserInitiatedAllowingIdleSystemSleep,
            "polls the status page on time",
        )
        self._icon._app.run()
        process.endActivity_(awake)

    def end_loop(self) -> None:
        """Make `run_loop` return."""
        self._icon._stop()

    def remove(self) -> None:
        """Remove the icon."""
        self._appkit.NSWorkspace.sharedWorkspace().notificationCenter().removeObserver_(self._delegate)
        self._icon._status_bar.removeStatusItem_(self._icon._status_item)

    def _fill_menu(self, menu: Any) -> None:
        """Put the newest lines in. AppKit calls this before it opens the menu, never while it is open."""
        if self._view is None or self._view.menu == self._menu_lines:
            return
        self._menu_lines = self._view.menu
        callbacks: list[Callable[[Any], None]] = []
        menu.removeAllItems()
        for item in build_pystray_menu(self._menu_lines, self._act):
            menu.addItem_(self._icon._create_menu_item(item, callbacks))
            callbacks.append(self._icon._handler(item))
        self._icon._menu_handle = (menu, callbacks)  # where pystray looks up what a click means

    def _choose_default(self) -> None:
        """Run the default line's command, as a second start does elsewhere: macOS starts no bundle a second time."""
        if self._view is not None and (command := self._view.default_command):
            self._act(command)

    def _build_image(self, look: Look) -> Any:
        """Draw the look in its own colours: macOS draws a template image in the menu bar's."""
        points = int(self._icon._status_bar.thickness())
        image = self._appkit.NSImage.alloc().initWithSize_((points, points))
        for scale in SCALES:
            png = io.BytesIO()
            self._draw(look, points * scale).save(png, "png")
            data = self._foundation.NSData.dataWithBytes_length_(png.getvalue(), len(png.getvalue()))
            picture = self._appkit.NSBitmapImageRep.imageRepWithData_(data)
            picture.setSize_((points, points))
            image.addRepresentation_(picture)
        image.setTemplate_(False)
        return image


def _ignore_sleep(*, begins: bool) -> None:
    """Ignore sleep, where nobody asked for it."""


def _do_nothing() -> None:
    """Stand in for pystray's menu update."""


@cache  # Objective-C knows a class by its name, and takes each name once
def _application_class(appkit: ModuleType) -> Any:
    """Make the NSApplication class whose quitting ends the program in order."""

    class OpenAIStatusTrayApplication(appkit.NSApplication):  # type: ignore[name-defined,misc]
        """The application object of this process; later calls of sharedApplication return this one."""

        def terminate_(self, _sender: Any) -> None:
            """End the loop when the session ends or somebody quits: AppKit would exit without returning to Python."""
            self.quit()

    return OpenAIStatusTrayApplication


@cache
def _delegate_class(foundation: ModuleType) -> Any:
    """Make the NSMenuDelegate and NSApplicationDelegate class. PyObjC makes selectors of its methods' names."""

    class OpenAIStatusTrayDelegate(foundation.NSObject):  # type: ignore[name-defined,misc]
        """Passes AppKit's events on to the icon."""

        def menuNeedsUpdate_(self, menu: Any) -> None:  # noqa: N802
            """Fill the menu, which is about to open."""
            self.fill(menu)

        def sleeps_(self, _notification: Any) -> None:
            """Announce sleep, which begins on return."""
            self.slept(begins=True)

        def wakes_(self, _notification: Any) -> None:
            """Announce waking."""
            self.slept(begins=False)

        def applicationShouldHandleReopen_hasVisibleWindows_(self, _app: Any, _visible: bool) -> bool:  # noqa: N802
            """React to a second start of the running program."""
            self.reopen()
            return False

    return OpenAIStatusTrayDelegate
