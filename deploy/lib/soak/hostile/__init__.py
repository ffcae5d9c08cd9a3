"""What `deploy/soak --hostile` adds: clients, neighbours, partners, clocks and disks that mean no good."""
