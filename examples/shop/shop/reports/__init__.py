"""What the owner reads in the evening."""
