"""Reading FastChat and MT-Bench-X layouts into a study without losing a key, an order or an id's type."""
