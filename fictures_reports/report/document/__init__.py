"""The phase document: what a team commits beside its tests at the end of a phase."""
