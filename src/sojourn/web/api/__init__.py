"""The API under /api/v1: indicators, series, areas, observations, corridors, releases, provenance."""
