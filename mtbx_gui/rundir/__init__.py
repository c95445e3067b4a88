"""The run directory protocol: layout, events, derived state. Standard library only."""
