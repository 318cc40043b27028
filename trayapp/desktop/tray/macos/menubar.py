"""pystray's icon in macOS's menu bar, with its faults mended. All of it belongs to the main thread.

Mended in pystray 0.19.5 `_darwin.py`, each to be dropped when a later version has it: its setters and its own set-up
touch AppKit on whatever thread they are called, which ends the program since macOS 26 (moses-palmer/pystray#60); the
icon is drawn at half of a Retina display's pixels; a changed menu takes the place of one that is open; without an
activation policy the program stands in the Dock. So neither its setters nor its `run` are used here.
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
"""Pixels to a point of the displays there are: AppKit takes the picture that fits the one it draws on."""
_GRAPHICS = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"


class OnSleep(Protocol):
    """Is told of sleep."""

    def __call__(self, *, begins: bool) -> None:
        """The computer is about to sleep, and does on return, or it woke."""


def load_menu_bar() -> ModuleType:
    """The back end of pystray for it. Raises Unavailable without a desktop."""
    if not _has_desktop():
        raise Unavailable("this session has no desktop")
    return load_back_end("darwin")


def _has_desktop() -> bool:
    """Whether there is a window server to speak to: without one, as over ssh, AppKit would end the program."""
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
        # Before anything else: the Dock shows a program that it knows nothing of, and an item that was made before
        # may have no height on macOS 26 (https://github.com/domzilla/Caffeine/pull/14).
        app.setActivationPolicy_(self._appkit.NSApplicationActivationPolicyAccessory)
        # One that was never active may get no picture there (https://github.com/getagentseal/codeburn/pull/955);
        # nobody who types elsewhere is interrupted.
        app.activateIgnoringOtherApps_(False)
        self._icon = darwin.Icon(APP_ID, title=APP_TITLE)
        # Without a name it shares "Item-0", whose being hidden can stick (https://github.com/AThevon/TokenEater/pull/238).
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
        """Show what has changed. The menu follows when it is opened next."""
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
        """Whether macOS gives the icon no place, as it does unless it is allowed in the menu bar.

        No function of AppKit's says so. The icon's window then stays in the lower left corner, where it was made
        (https://github.com/vorssaint/vorssaint-utils/pull/1811), or there is none.
        """
        window = self._icon._status_item.button().window()
        if window is None:
            return True
        corner, near = window.frame().origin, self._icon._status_bar.thickness()
        return bool(abs(corner.x) <= near and abs(corner.y) <= near)

    def run_loop(self) -> None:
        """Live until `end_loop`."""
        # A program without windows is put to sleep by App Nap, which would draw out the time between two looks.
        process = self._foundation.NSProcessInfo.processInfo()
        awake = process.beginActivityWithOptions_reason_(
            self._foundation.NSActivityUserInitiatedAllowingIdleSystemSleep,
            "looks at the status page on time",
        )
        self._icon._app.run()
        process.endActivity_(awake)

    def end_loop(self) -> None:
        """Have `loop` return."""
        self._icon._stop()

    def remove(self) -> None:
        """Take the icon away."""
        self._appkit.NSWorkspace.sharedWorkspace().notificationCenter().removeObserver_(self._delegate)
        self._icon._status_bar.removeStatusItem_(self._icon._status_item)

    def _fill_menu(self, menu: Any) -> None:
        """Put the newest lines in. AppKit asks for it before it opens the menu, and never while it is open."""
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
        """What a second start does elsewhere: of a program in a bundle macOS starts none."""
        if self._view is not None:
            build_pystray_menu(self._view.menu, self._act)(None)

    def _build_image(self, look: Look) -> Any:
        """In its own colours: as a template it would be drawn in the menu bar's."""
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
    """Nobody wants to know."""


def _do_nothing() -> None:
    """What there is to do."""


@cache  # Objective-C knows a class by its name, and takes each name once
def _application_class(appkit: ModuleType) -> Any:
    """An NSApplication that ends as the program does."""

    class OpenAIStatusTrayApplication(appkit.NSApplication):  # type: ignore[name-defined,misc]
        """The one of this process: whoever asks for it after the first gets the first."""

        def terminate_(self, _sender: Any) -> None:
            """The session ends, or somebody quits the program: AppKit would end it without a word to Python."""
            self.quit()

    return OpenAIStatusTrayApplication


@cache
def _delegate_class(foundation: ModuleType) -> Any:
    """An NSMenuDelegate and NSApplicationDelegate. The names are Apple's; PyObjC makes selectors of them."""

    class OpenAIStatusTrayDelegate(foundation.NSObject):  # type: ignore[name-defined,misc]
        """Is told what AppKit is about to do."""

        def menuNeedsUpdate_(self, menu: Any) -> None:  # noqa: N802
            """The menu is about to open."""
            self.fill(menu)

        def sleeps_(self, _notification: Any) -> None:
            """The computer sleeps on return."""
            self.slept(begins=True)

        def wakes_(self, _notification: Any) -> None:
            """It woke."""
            self.slept(begins=False)

        def applicationShouldHandleReopen_hasVisibleWindows_(self, _app: Any, _visible: bool) -> bool:  # noqa: N802
            """The program, which runs, was started again."""
            self.reopen()
            return False

    return OpenAIStatusTrayDelegate
