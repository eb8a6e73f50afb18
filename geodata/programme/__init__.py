"""The programme: roles and stages, coverage, inspections, criteria and targets."""
