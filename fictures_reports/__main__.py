"""`python -m fictures_reports` is the command `fictures-reports`."""

from fictures_reports.cli.commands import main

if __name__ == "__main__":
    main()
