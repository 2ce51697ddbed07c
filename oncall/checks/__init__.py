"""What watches over on-call: concerns, told before they lose a page; the morning message; the watchdog."""
