"""Event contracts: what is released, who reads what of it, what a change breaks, and what is made of the models."""
