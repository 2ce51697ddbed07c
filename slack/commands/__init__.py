"""What slash commands do: one function each, named in `slack/dispatch.py`."""
