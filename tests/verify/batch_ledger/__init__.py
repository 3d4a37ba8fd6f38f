"""A ledger whose claims draw in batches, so that early stopping and pilots are tested without waiting."""
