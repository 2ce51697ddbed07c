"""What people fill in. Rules live in the services; a form only says what kind of thing each field is."""
