"""Lists the product of each component of OpenAI's status page, as the page itself groups them.

The page's public API gives no groups. The table is of September 2026; the native feed corrects later changes.
Ids are looked up before names, because a component may be renamed, and two are called "Login".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

_COMPONENTS_BY_GROUP: Mapping[str, tuple[tuple[str, str], ...]] = {
    "APIs": (
        ("01JMXBRMFE6N2NNT7DG6XZQ6PW", "Chat Completions"),
        ("01JP8CD9JR3HR6Y7G4Q75N4DVW", "Responses"),
        ("01JMXBRMFEMZK0HPK19RYET250", "Fine-tuning"),
        ("01JMXBRMFEV0AJ0VVS68N9CD6R", "Embeddings"),
        ("01JMXBRMFE4MAP2BHSJNZ787WX", "Images"),
        ("01JMXBRMFE5ESNNV8JDHVCGSRD", "Batch"),
        ("01JMXBRMFEKVBWKK82B44QFMCE", "Audio"),
        ("01JMXBRMFEVZ7E0X9GD9FWR9WX", "Moderations"),
        ("01JMXBRMFEQW613TFE89F45035", "Realtime"),
        ("01JMXBRMFESJCBGJR10PDD3WCQ", "Files"),
        ("01JSM5RTJWHRWDTS6Q604VEW3B", "Login"),
        ("01K9G527YRPY1EFRMHTKB5BKT5", "Sora"),
    ),
    "ChatGPT": (
        ("01JMXBNJXGV1T5GT2M9XA83XNG", "Conversations"),
        ("01JMXBNJXG1S2D9V65P1ZZTD94", "Login"),
        ("01KX45G1SH21AX5DT93D4HMF0P", "ChatGPT Work"),
        ("01KX45G1SHQQ9DTAX9S4W7FV8G", "Sites"),
        ("01JNKS9D9S72PMP1938PVFFQN4", "Compliance API"),
        ("01JMXBNJXGKKP51D4DEJ2HZJ8Q", "Search"),
        ("01JMXBNJXG1YMQPPCPCQX3MPA2", "File uploads"),
        ("01JMXBNJXGGT5SR5DB9J7GYY48", "Voice mode"),
        ("01JSFK5QX36ZRW0TW0ZV0ZYFXQ", "GPTs"),
        ("01JQ7EKW990MSPSWVXC7VPV2ZJ", "Image Generation"),
        ("01JSYVYQSWMJ9QG35XHP08BHA7", "Deep Research"),
        ("01JSG1XMJ9RVJJQ0E85NVSJ2AZ", "Agent"),
        ("01K6TVGGGDCP0PPGCHXAG3AQX8", "Connectors/Apps"),
        ("01K8C008QVXHA6JX98PAS42VPD", "ChatGPT Atlas"),
        ("01KMKFAMWKQ81YWSE1Z18R6VHR", "Codex in ChatGPT Desktop"),
    ),
    "Codex": (
        ("01JVCV8YSWZFRSM1G5CVP253SK", "Codex Web"),
        ("01KMP3KP5MGE23B80K1EK4S8PV", "Codex API"),
        ("01KMKFAMWKNQ84Z1766MV08ZDE", "CLI"),
        ("01KMP3KP5M8X0EBTVW6KN327EE", "VS Code extension"),
    ),
    "FedRAMP": (("01KKAD7C71MCCH3FTREMJH4AAS", "FedRAMP"),),
    "Ads Platform": (
        ("01KVR95C58GGWHV7RYBT32NP11", "Ads API"),
        ("01KTQBYVARFJ5KMCSECM06VKCF", "Ads Manager"),
    ),
    # On the page until April 2026; recordings of that time are still replayed.
    "Sora": (("", "Video generation"), ("", "Video viewing"), ("", "Feed"), ("", "Login")),
}

_ROWS = tuple((i, name.casefold(), group) for group, rows in _COMPONENTS_BY_GROUP.items() for i, name in rows)
_NAME_COUNTS = Counter(name for _, name, _ in _ROWS)
_GROUP_BY_ID = {i: group for i, _, group in _ROWS if i}
_GROUP_BY_NAME = {name: group for _, name, group in _ROWS if _NAME_COUNTS[name] == 1}


_CORE_COMPONENTS = {
    "ChatGPT": frozenset({"conversations", "login"}),
    "APIs": frozenset({"responses", "chat completions"}),
    "Codex": frozenset({"codex api"}),
}


def is_core(group: str | None, name: str) -> bool:
    """Whether a product is hardly usable without this component."""
    return name.strip().casefold() in _CORE_COMPONENTS.get(group or "", ())


def group_by_id(component_id: str) -> str | None:
    """Returns the product of a component's id; None if it is unknown."""
    return _GROUP_BY_ID.get(component_id)


def group_by_name(name: str) -> str | None:
    """Returns the product of a component's name; None if it is unknown or several products have it."""
    return _GROUP_BY_NAME.get(name.strip().casefold())
