"""Starting, watching and collecting runs."""
