"""What deploy/fuzz is made of: an instrumented program with all harnesses, and its runs."""
