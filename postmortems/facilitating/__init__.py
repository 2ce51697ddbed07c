"""What surrounds the writing of a post-mortem: who leads the conversation, the meeting, its agenda, the next step.

`suggesting`, `open_questions`, `meetings` and `calendar_file` read the database; the rest is pure.
"""
