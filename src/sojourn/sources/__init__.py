"""One module per official source: where it lies, how its files read, its typed table."""
