"""Pure statistics: arrays and frames in, numbers out. No files, no indicators, no web."""
