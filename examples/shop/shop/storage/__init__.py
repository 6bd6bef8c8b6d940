"""Keeping things between two days."""
