"""All Qt: the shell, one module per tab, shared widgets, background tasks."""
