"""Pages and fragments of alerts and metrics."""
