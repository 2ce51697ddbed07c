"""What stands around a problem record: its life, its priority, what it has cost, and what suggests one."""
