"""The names of the components on the made-up status page."""

from __future__ import annotations

from collections.abc import Mapping

COMPONENTS_BY_GROUP: Mapping[str, tuple[str, ...]] = {
    "APIs": (
        "Chat Completions",
        "Responses",
        "Fine-tuning",
        "Embeddings",
        "Images",
        "Batch",
        "Audio",
        "Moderations",
        "Realtime",
        "Files",
        "Login",
        "Sora",
    ),
    "ChatGPT": (
        "Conversations",
        "Login",
        "ChatGPT Work",
        "Sites",
        "Compliance API",
        "Search",
        "File uploads",
        "Voice mode",
        "GPTs",
        "Image Generation",
        "Deep Research",
        "Agent",
        "Connectors/Apps",
        "ChatGPT Atlas",
        "Codex in ChatGPT Desktop",
    ),
    "Codex": ("Codex Web", "Codex API", "CLI", "VS Code extension"),
    "FedRAMP": ("FedRAMP",),
    "Ads Platform": ("Ads API", "Ads Manager"),
}
"""The real page's components by group, as of September 2026. The page's API gives no groups."""
