"""Text that producers write: encodings, colours, times, and the error texts of languages."""
