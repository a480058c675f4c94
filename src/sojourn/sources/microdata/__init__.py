"""Survey and census files of persons: open them, say what they hold, give their columns the field's names.

    files        opens any file as Parquet that is read lazily, with its labels beside the columns
    codebooks    which names and codes a survey used in which year
    mapping      the record that says which column is which concept; `standard` applies it
    recognise    proposes a mapping for a file nobody has mapped yet
    inventory    what could be computed from what a file asks, and which question is missing

These are helpers of the commands and indicators on microdata; no module here is an official source.
"""
