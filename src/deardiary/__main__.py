"""The command line: `python -m deardiary check URL`."""

import sys
from collections.abc import Sequence

USAGE = "usage: python -m deardiary check URL\n\nHolds the store under a URL to every promise; the diary must be new.\n"


def main(arguments: Sequence[str]) -> int:
    """Do what the command line says, and return the exit code: 0 fine, 1 a promise is broken, 2 wrong usage."""
    match arguments:
        case ["check", url]:
            from deardiary.testing.check import check

            return check(url, sys.stdout)
        case ["--help"] | ["-h"]:
            sys.stdout.write(USAGE)
            return 0
        case _:
            sys.stderr.write(USAGE)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
