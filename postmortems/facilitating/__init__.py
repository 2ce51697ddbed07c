"""What surrounds the writing of a post-mortem: who leads the conversation, the meeting, its agenda. Pure."""
