"""The catalog as a web site: `python -m local.contracts.eventcatalog FOLDER`, or `make catalog`.

Runs the real EventCatalog, locked beside this file, over the folder that `delivery contracts build` wrote, and checks
that it made a page of every event and every service. Installing it takes minutes and 1.3 GB, so it is no part of
`make test`; CI does it in the platform's pipeline, and fails if it fails.
"""
