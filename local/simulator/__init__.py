"""People of a city using the platform through its public API, and the count of what came of it."""
