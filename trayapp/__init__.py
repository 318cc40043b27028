"""OpenAI Status Tray: is ChatGPT or the OpenAI API down, is it them or me, and since when."""

__version__ = "0.1.0"
