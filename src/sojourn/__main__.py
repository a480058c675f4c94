"""The `sojourn` command, also as `python -m sojourn`; stopped while it loads, it ends without a traceback."""

from __future__ import annotations

import sys

STOPPED = 130
"""Exit code of what Ctrl+C ended, as shells know it."""


def main() -> None:
    """Load the command, which takes a moment, and run it."""
    try:
        from sojourn.cli import main as run
    except KeyboardInterrupt:
        sys.exit(STOPPED)
    run()


if __name__ == "__main__":
    main()
