"""Training and generation; the only package that imports torch."""
