"""The values that the program's packages hand to each other.

Every type here is immutable. Times are aware UTC; durations are seconds. Texts from outside are kept unchanged;
`i18n.sanitize` cleans them when they enter a sentence. `docs/law.md` has the laws that the comments cite.
"""

from trayapp.model.levels import Level
from trayapp.model.limits import AboutMe, Hush, Limits, QuietHours
from trayapp.model.notifications import (
    Action,
    Command,
    DisplayedNotification,
    Notification,
    NotificationKind,
    Transition,
    TransitionKind,
    Urgency,
)
from trayapp.model.observations import Estimate, EstimateBasis, Observation, ObservationSource
from trayapp.model.plan import PollPlan
from trayapp.model.probes import AnswerFinding, Cause, KeyUsage, Outcome, ProbeResult, ProbeSpec
from trayapp.model.proxies import ProxySource, ProxyTrouble, SystemProxyAnswer
from trayapp.model.rounds import (
    Component,
    ConnectionState,
    Incident,
    Miss,
    Moment,
    NativeReading,
    PageReading,
    Round,
    SystemConnectivity,
    Update,
)
from trayapp.model.saved import (
    SavedAlarm,
    SavedIncident,
    SavedMemory,
    SavedProbe,
    SavedProduct,
    SeenIncident,
    Selection,
    SentNotification,
    Spending,
    StoreComplaint,
    StoreFault,
)
from trayapp.model.states import (
    CLOSED_STAGES,
    LADDER,
    Look,
    Stage,
    State,
    is_on_ladder,
    ladder_rank,
    milder_state,
    worst_state,
)
from trayapp.model.terms import RoundTerms
from trayapp.model.timestamps import FOREVER, format_utc, parse_timestamp
from trayapp.model.tray_view import MenuChoices, MenuLine, TrayView
from trayapp.model.verdict import (
    Feature,
    PageStatus,
    ProductVerdict,
    Reachability,
    Reason,
    ReasonKind,
    Verdict,
)

__all__ = [
    "CLOSED_STAGES",
    "FOREVER",
    "LADDER",
    "AboutMe",
    "Action",
    "AnswerFinding",
    "Cause",
    "Command",
    "Component",
    "ConnectionState",
    "DisplayedNotification",
    "Estimate",
    "EstimateBasis",
    "Feature",
    "Hush",
    "Incident",
    "KeyUsage",
    "Level",
    "Limits",
    "Look",
    "MenuChoices",
    "MenuLine",
    "Miss",
    "Moment",
    "NativeReading",
    "Notification",
    "NotificationKind",
    "Observation",
    "ObservationSource",
    "Outcome",
    "PageReading",
    "PageStatus",
    "PollPlan",
    "ProbeResult",
    "ProbeSpec",
    "ProductVerdict",
    "ProxySource",
    "ProxyTrouble",
    "QuietHours",
    "Reachability",
    "Reason",
    "ReasonKind",
    "Round",
    "RoundTerms",
    "SavedAlarm",
    "SavedIncident",
    "SavedMemory",
    "SavedProbe",
    "SavedProduct",
    "SeenIncident",
    "Selection",
    "SentNotification",
    "Spending",
    "Stage",
    "State",
    "StoreComplaint",
    "StoreFault",
    "SystemConnectivity",
    "SystemProxyAnswer",
    "Transition",
    "TransitionKind",
    "TrayView",
    "Update",
    "Urgency",
    "Verdict",
    "format_utc",
    "is_on_ladder",
    "ladder_rank",
    "milder_state",
    "parse_timestamp",
    "worst_state",
]
