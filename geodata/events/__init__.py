"""Events: their security plans, and how much of a plan is assigned and done."""
