"""Entry point of the command `openai-status-tray` and of `python -m trayapp`."""

from __future__ import annotations

import sys

from trayapp import APP_ID


def main() -> int:
    """Run one command and return its exit status, even if the program cannot be loaded."""
    try:
        if "--cached" in sys.argv:
            # A shell prompt waits: loading the parser alone takes longer than everything that this path needs.
            from trayapp.commands.status_cached import answer_prompt

            code = answer_prompt(sys.argv[1:])
            if code is not None:
                return code
        from trayapp.cli import main as run_command_line

        return run_command_line()
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # Python's exit status 1 would mean trouble at OpenAI
        # In English and without the log: the modules for these may be what cannot be loaded.
        if sys.stderr is not None:
            sys.stderr.write(f"{APP_ID}: it could not go on: {ascii(error)[:300]}\n")
        return 2 if {"status", "wait"} & set(sys.argv[1:]) else 70


if __name__ == "__main__":
    sys.exit(main())
