"""`python -m dateline` is the command `dateline`."""

from flows.commands.cli import main

if __name__ == "__main__":
    main()
