"""The words of the domain: what flows from room to room.

Everything here is a frozen value. Times are aware UTC; durations are seconds; texts that came from outside are
carried as they came and are cleaned in `core.words`, the only place that makes sentences.
"""

from trayapp.model.limits import Hush, Level, Limits, Me, QuietHours
from trayapp.model.notifications import (
    Act,
    Change,
    Command,
    Notice,
    NoticeKind,
    Standing,
    Transition,
    Urgency,
)
from trayapp.model.observations import Alike, Estimate, Observation, Witness
from trayapp.model.plan import Plan
from trayapp.model.probes import Cause, Finding, Outcome, ProbeResult, ProbeSpec, Spent
from trayapp.model.rounds import (
    Component,
    Incident,
    Line,
    Miss,
    Moment,
    Native,
    OsWord,
    Page,
    Round,
    Update,
)
from trayapp.model.saved import (
    Complaint,
    Fault,
    Kept,
    KeptAlarm,
    KeptIncident,
    KeptProbe,
    KeptProduct,
    Notified,
    Seen,
    Selection,
    Spending,
)
from trayapp.model.states import LADDER, OVER, Look, Stage, State, milder, on_ladder, rank, worst
from trayapp.model.timestamps import FOREVER, instant, utc
from trayapp.model.tray_view import Choices, MenuLine, View
from trayapp.model.verdict import Feature, PageStatus, ProductVerdict, Reach, Reason, Verdict, Why

__all__ = [
    "FOREVER",
    "LADDER",
    "OVER",
    "Act",
    "Alike",
    "Cause",
    "Change",
    "Choices",
    "Command",
    "Complaint",
    "Component",
    "Estimate",
    "Fault",
    "Feature",
    "Finding",
    "Hush",
    "Incident",
    "Kept",
    "KeptAlarm",
    "KeptIncident",
    "KeptProbe",
    "KeptProduct",
    "Level",
    "Limits",
    "Line",
    "Look",
    "Me",
    "MenuLine",
    "Miss",
    "Moment",
    "Native",
    "Notice",
    "NoticeKind",
    "Notified",
    "Observation",
    "OsWord",
    "Outcome",
    "Page",
    "PageStatus",
    "Plan",
    "ProbeResult",
    "ProbeSpec",
    "ProductVerdict",
    "QuietHours",
    "Reach",
    "Reason",
    "Round",
    "Seen",
    "Selection",
    "Spending",
    "Spent",
    "Stage",
    "Standing",
    "State",
    "Transition",
    "Update",
    "Urgency",
    "Verdict",
    "View",
    "Why",
    "Witness",
    "instant",
    "milder",
    "on_ladder",
    "rank",
    "utc",
    "worst",
]
