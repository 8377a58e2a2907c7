"""Work without the garbage collector, which would go over a plan in the making time and again, and find nothing."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Nothing that a plan is made of refers to itself, so all of it is freed at once. The collector is the whole
    process's: of several such pieces of work at once, the first that ends turns it on again."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()
