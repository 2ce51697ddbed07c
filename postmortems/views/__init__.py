"""The pages of post-mortems, actions, problems, knowledge, trends and search."""
