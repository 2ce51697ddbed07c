"""Finding what is known: one search for all, and what was seen before, however it is spelt."""
