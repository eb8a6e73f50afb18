"""The screen that compares units or periods."""
