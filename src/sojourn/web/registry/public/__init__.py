"""What everybody reads of the registry: pages, feeds and tables of what is published, and of nothing else.

Every query begins with `public()`; what is in work is not found, not counted, and not named.
"""
