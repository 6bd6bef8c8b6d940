"""How much of what is where."""
