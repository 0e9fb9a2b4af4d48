"""What a CI job knows of itself: which build it is, and what its change is compared with."""
