"""Console entry: answers `--version` before anything heavy is imported."""

from __future__ import annotations

import gc
import sys

from spondyl import __version__


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        print(f"spondyl {__version__}")
        return
    gc.set_threshold(
        100_000, 20, 20
    )  # vocabularies are many objects that stay; looking for garbage in them takes time
    from spondyl.app.shell import run

    sys.exit(run())


if __name__ == "__main__":
    main()
