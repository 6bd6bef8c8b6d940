"""From the basket to the invoice."""
