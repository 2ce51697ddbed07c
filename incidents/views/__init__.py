"""Pages of incidents: what is burning, declaring, the list, and the room."""
