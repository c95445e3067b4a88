"""Flags, protection of code and placeholders, translators, the editing session."""
