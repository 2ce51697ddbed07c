"""The API of incidents: thin shells over `incidents.services`."""
