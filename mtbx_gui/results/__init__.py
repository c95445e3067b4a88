"""Scores, verdict shares, agreement, tables and figures."""
