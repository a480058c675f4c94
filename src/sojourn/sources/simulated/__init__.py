"""Simulated files of official sources, for demonstrations, tests and benchmarks.

A simulated file enters by the same door as the official one, in the publisher's own layout, and says on
every row that it is simulated. `market_facts` holds the countries and invented firms, `market` draws the
prices, `remittance_prices` lays them out as Remittance Prices Worldwide does, and `traps` writes a small
workbook with every irregularity that the official one is known to contain.
"""
