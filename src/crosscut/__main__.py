"""`python -m crosscut`, and the command `crosscut`: the command line.

Loading it takes a moment; who stops it meanwhile is told so in a sentence.
"""

import sys


def main() -> None:
    """Entry point of the `crosscut` command."""
    try:
        from crosscut.app.cli.main import main as run
    except KeyboardInterrupt:
        sys.stderr.write("crosscut: stopped; no result was written\n")
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
