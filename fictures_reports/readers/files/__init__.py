"""Input files: where they lie, how they are unpacked, and XML and JSON as such."""
