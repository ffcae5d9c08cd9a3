"""Programs in which Intake's own modules watch themselves, for deploy/fuzz and deploy/sanitize."""
