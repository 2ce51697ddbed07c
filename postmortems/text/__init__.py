"""Words as people write them: read, put together, compared, and shown safely."""
