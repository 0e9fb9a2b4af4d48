"""What other tools read: JUnit, CTRF, Slack's blocks, a badge, a folder for Pages."""
