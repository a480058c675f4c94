"""One module per indicator: its sources, its method, its observations, its metadata."""
