"""The store of batches: every imported file, byte for byte, with its tidy rows."""
