"""What deploy/bench measures, and how."""
