"""Writing a study out in the layouts it was read from."""
