"""All that is known of one ward."""
