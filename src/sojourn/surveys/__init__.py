"""Questions to survey files: from a file with its mapping, or with a declared design, to estimates with errors.

    words      reads the words of a question: statistics, domains, conditions
    designs    the design of a mapping, or of options, as the one that errors are computed by
    samples    opens files, one or several years of them, with just the columns that a question needs
    answers    makes one cube for all statistics of a question and says what stands behind the numbers
    years      flags breaks between years

It joins `sources.microdata`, which reads files, and `methods.survey`, which computes; it prints nothing.
"""
