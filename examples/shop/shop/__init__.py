"""The back office of a small corner shop."""

__version__ = "2.4.0"
