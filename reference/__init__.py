"""Reference implementations of the course's mathematics, one concept a module."""
