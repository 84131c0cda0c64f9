"""The command line as a module: `python -m deardiary`."""

from deardiary.cli import main

if __name__ == "__main__":
    main()
