"""Whether the services keep what they have promised each other: what deploy/contracts is made of."""
