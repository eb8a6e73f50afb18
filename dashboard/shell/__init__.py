"""The frame of every page: navigation, the reader's choices, links, and what the server does at its start."""
