"""Result files in, tidy rows out: `read.read` is the door."""
