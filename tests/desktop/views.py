"""Views to show, in the tests' own words."""

from __future__ import annotations

from trayapp.model import (
    Action,
    Command,
    Look,
    MenuLine,
    Notification,
    NotificationKind,
    State,
    TrayView,
    Urgency,
)

DEFAULT = MenuLine("state", "All is well", Command(Action.DETAILS), default=True)
CHECK = MenuLine("check", "Check now", Command(Action.CHECK))
SAID = MenuLine("said", "Only said")
BETWEEN = MenuLine("line:1", separator=True)
TICK = MenuLine("tick", "Ticked", Command(Action.TELL_WHEN_BACK), checked=True)
RADIO = MenuLine("radio", "One of some", Command(Action.LEVEL, "outages"), checked=True, radio=True)
BELOW = MenuLine("below", "Below", Command(Action.OPEN_INCIDENT, "inc-1"))
MORE = MenuLine("more", "More", lines=(BELOW,))
QUIT = MenuLine("quit", "Quit", Command(Action.QUIT))
LINES = (DEFAULT, BETWEEN, CHECK, SAID, TICK, RADIO, MORE, QUIT)

NOTICE = Notification(
    id="n1",
    kind=NotificationKind.START,
    title="Chat is down",
    body="The page says: “Answers <fail> & more”, since 13:41.",
    thread="inc-1",
    urgency=Urgency.CRITICAL,
    lasting=True,
    click=Command(Action.DETAILS, "inc-1"),
    button="Details",
    look=Look(State.MAJOR),
)
"""An outage's start, with what a server could take for markup."""

HOSTILE = "<b>x</b> & _u_ %s {0} --version 'q' \u202e" + "\U0001f600" * 40
"""What a page may say to break a tooltip or a menu."""


def view_of(
    state: State = State.OPERATIONAL,
    tooltip: str = "Chat is fine",
    menu: tuple[MenuLine, ...] = LINES,
    *,
    attention: bool = False,
) -> TrayView:
    """A View with what matters to a test."""
    return TrayView(
        Look(state),
        f"title {state}",
        tooltip,
        menu,
        needs_attention=attention,
        status_line=f"the state is {state}",
    )


class English:
    """Says every sentence as it stands."""

    def say(self, message: str, /, **values: str | int) -> str:
        """The sentence, filled."""
        return message.format(**values)
