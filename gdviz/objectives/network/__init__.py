"""Feed-forward networks on a flat vector of params."""
