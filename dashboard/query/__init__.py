"""What is asked of the published file, and its cached layers."""
