"""What other tools read: JUnit for a CI server."""
