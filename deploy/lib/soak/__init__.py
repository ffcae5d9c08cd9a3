"""What deploy/soak is made of: an Intake of its own, a partner, requests, faults, and the reckoning at the end."""
