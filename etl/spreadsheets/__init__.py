"""What staff keep in spreadsheets: templates to fill in, reading, checks, reports of faults."""
