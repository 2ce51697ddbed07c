"""What full-text search reads of an incident."""

from notifications.fulltext import vector

INCIDENT = vector(A="title", B="summary")
