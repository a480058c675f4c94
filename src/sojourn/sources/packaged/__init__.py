"""Real data that needs no download: figures cited in this package, and figures other packages ship."""
