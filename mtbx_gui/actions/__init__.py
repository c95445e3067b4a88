"""What the window and the command line both do: stations put together, without a screen."""
