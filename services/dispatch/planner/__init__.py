"""Who carries what, and when: pure; no AWS, no clock, no I/O. `model` is what goes in and comes out."""
