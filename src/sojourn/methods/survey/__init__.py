"""Estimates from survey microdata with design-based errors: designs, variances, quantiles, calibration."""
