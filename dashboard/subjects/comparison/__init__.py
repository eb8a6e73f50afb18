"""Districts and wards beside each other, or one of them in two periods: the subject of the comparison."""
