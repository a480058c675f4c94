"""The registry: what was promised, by whom, and what came of it. A Django application inside the site.

    sojourn registry init
    sojourn serve

`models` are the entities; `services` hold every write, each with its permission and its audit event in one
transaction; `loading` brings in the facts of `sojourn.framework`. Nothing else writes.

The measurements need none of this: without a database the application is not installed, and the site serves its
releases as before.
"""
