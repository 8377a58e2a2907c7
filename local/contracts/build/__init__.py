"""What is made of the events' models for those who do not read Python: documents, a catalog, types, a registry.

Nothing of it is committed: it is made anew from the models whenever somebody wants it.
"""
