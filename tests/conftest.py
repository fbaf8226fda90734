"""Settings for all tests."""

from hypothesis import settings

# A deadline for each example would be a test of how busy the machine is.
settings.register_profile("course", deadline=None)
settings.load_profile("course")
