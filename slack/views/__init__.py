"""Where Slack posts, and the page of its settings."""
