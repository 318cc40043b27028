"""Lives of planned work: it explains failing checks, and is the end of an outage."""

from __future__ import annotations

from tests.core.life import Life
from tests.core.lives.world import CHATGPT_FAILS, down
from tests.core.pages import MAINTENANCE, MAJOR, page
from trayapp.model import Stage

PLANNED = down("ChatGPT upgrade", MAINTENANCE, Stage.IN_PROGRESS, began="09:10", parts=("ChatGPT/Chats",))


def test_checks_that_fail_in_a_planned_maintenance_are_no_suspicion() -> None:
    """OpenAI has said that it works there; nobody says that nothing was posted."""
    day = Life(network="home").until("09:11")
    day.page = page(PLANNED, ChatGPT=MAINTENANCE)
    day.until("09:20")
    day.answers = CHATGPT_FAILS
    day.until("10:30")
    said = day.sentence
    day.page, day.answers = page(), {}
    day.until("11:00")
    assert day.heard == []
    assert day.icons == ["09:00 operational", "09:12 maintenance", "10:32 operational"]
    assert (
        said
        == "OpenAI reports maintenance of ChatGPT since 09:12: “ChatGPT upgrade” (In progress). APIs and Codex fine."
    )


def test_checks_that_fail_on_after_a_maintenance_are_a_suspicion() -> None:
    """It is over by the page, and ChatGPT does not come back."""
    day = Life(network="home").until("09:11")
    day.page = page(PLANNED, ChatGPT=MAINTENANCE)
    day.until("09:20")
    day.answers = CHATGPT_FAILS
    day.until("10:30")
    day.page = page()
    day.until("11:00")
    assert day.heard == ["10:34 ChatGPT: possible outage"]
    assert day.icons == [
        "09:00 operational",
        "09:12 maintenance",
        "10:32 operational",
        "10:32 operational hollow",
        "10:34 partial_outage hollow",
    ]


def test_a_maintenance_after_an_outage_is_its_end_and_a_second_outage_is_told() -> None:
    """The component goes from down to under maintenance, and two hours later down again."""
    day = Life().until("09:10")
    day.page = page(ChatGPT=MAJOR)
    day.until("09:40")
    day.page = page(ChatGPT=MAINTENANCE)
    day.until("12:00")
    day.page = page(ChatGPT=MAJOR)
    day.until("12:20")
    assert day.heard == [
        "09:12 ChatGPT is down",
        "09:41 ChatGPT is no longer down after 28 min",
        "12:01 ChatGPT is down",
    ]
    assert day.bodies[1:2] == [
        "ChatGPT: now under maintenance. OpenAI's page shows no trouble any more. The last 2 checks from this computer were fine. Still stuck? Reload the page or sign in again."
    ]
    assert day.icons == ["09:00 operational", "09:12 major_outage", "09:40 maintenance", "12:01 major_outage"]


def test_a_maintenance_that_is_planned_for_later_changes_nothing() -> None:
    """It is in the list, and lies ahead."""
    ahead = down("ChatGPT upgrade", MAINTENANCE, Stage.SCHEDULED, began="20:00", parts=("ChatGPT/Chats",))
    day = Life(page=page(ahead)).until("12:00")
    assert (day.heard, day.icons) == ([], ["09:00 operational"])
