"""Sojourn measures international migration and holds the promises made about it to those measurements."""

__version__ = "0.1.0"
