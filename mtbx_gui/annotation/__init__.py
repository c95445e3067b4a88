"""Pairing, sides, votes and the rating session."""
