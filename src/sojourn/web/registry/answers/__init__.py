"""Answers that need more than one record: what came of it, who works on the same, how steady money is, what was tried.

Each answer is computed from what is published, and says how much it had to go by: no record is a finding too.
"""
