"""What readers of a release see outside a table: charts for the page, the report and the notebook.

Needs the extra `[web]`. Nothing here knows Django: the site, a report and a notebook call the same functions.
"""
