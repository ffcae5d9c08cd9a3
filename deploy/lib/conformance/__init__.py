"""Whether the service does what its OpenAPI document says: what deploy/conformance is made of."""
