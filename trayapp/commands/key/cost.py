"""Says what the check with the person's key has cost."""

from __future__ import annotations

from datetime import datetime

from trayapp.app.context import CommandContext
from trayapp.core.polling.key_check import dollar_cost, requests_today
from trayapp.model import Limits, Spending
from trayapp.store.reader import read_last_saved


def cost_text(context: CommandContext, now: datetime) -> str:
    """Say this month's requests and their cost in US dollars, by the reported usage, and today's number and limit."""
    spending = read_last_saved(context.places.state_file).spending
    if spending.month != f"{now:%Y-%m}":
        spending = Spending()
    return context.speech.say(
        "This month: {requests} requests for about {dollars} US dollars; today {today} of at most {most}.",
        requests=spending.requests,
        dollars=f"{dollar_cost(spending):.4f}",
        today=requests_today(spending, now),
        most=Limits().answers_a_day,
    )
