"""Random tests of pure code: what counts is the property, not how long a busy machine took over it."""

from hypothesis import settings

settings.register_profile("patient", deadline=None)
settings.load_profile("patient")
