"""The `delivery` command line: each module reads its arguments, calls one function, and shows what came of it."""
