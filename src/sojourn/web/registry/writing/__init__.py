"""Where people write: their desk, forms for every kind of record, the steps of a text, its history and its files.

    desk.py       what waits for whom
    labels.py     what fields are called and mean, in six languages (fields.csv)
    layout.py     which fields stand together on a form
    lists.py      what a field may be filled with
    fields.py     from a model and a text to fields that a template draws
    sent.py       from a form that was sent back to a text
    saying.py     a text as it is read: labels and values in words
    opened.py     a record as one person may work on it
    editing.py    pages that begin a text and save it, at each press and by themselves
    conflict.py   two texts side by side, where somebody else saved in between
    merging.py    saves what was chosen of them
    steps.py      submit, endorse, return, review, publish, withdraw … as one kind of page
    acting.py     the page of a record in work, and of each step
    translating.py  a translation beside its original
    history.py    versions, what differs between them, and who did what
    files.py      files that belong to a record
    pages.py      what all these pages share

Pages decide nothing: they show the buttons that `services.permissions` allows, and `services` decide again.
"""
