"""The pages' deployment: what a server says with each of them, their configuration, and putting them in place."""
