"""OpenAI Status Tray: is ChatGPT or the OpenAI API down, is it them or me, and since when."""

__version__ = "0.1.0"
APP_ID = "openai-status-tray"
"""The application's name for systems: command, folders, catalogues, icon, desktop entry."""
APP_TITLE = "OpenAI Status Tray"
"""The application's name for people."""
PROGRAM_VERSION = f"{APP_ID} {__version__}"
