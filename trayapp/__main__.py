"""The command `openai-status-tray`, and `python -m trayapp`."""

from __future__ import annotations

import sys


def main() -> int:
    """Run one command; its exit status, also when the program cannot even be loaded."""
    try:
        if "--cached" in sys.argv:
            # A prompt waits: the command line's parser alone takes longer to load than all that this needs.
            from trayapp.commands.status_cached import answer_prompt

            code = answer_prompt(sys.argv[1:])
            if code is not None:
                return code
        from trayapp.cli import main as commanded

        return commanded()
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # noqa: BLE001  # whatever it is: Python's own exit status, 1, would be an answer
        # In English and without the log: what knows more may be what cannot be loaded.
        if sys.stderr is not None:
            sys.stderr.write(f"openai-status-tray: it could not go on: {ascii(error)[:300]}\n")
        return 2 if {"status", "wait"} & set(sys.argv[1:]) else 70


if __name__ == "__main__":
    sys.exit(main())
