"""Partners as an operator sees them: their files, their keys, how they stand, and what they were sent."""
