"""Forms of this room, a file for each subject. What may be saved is for the services to say."""
