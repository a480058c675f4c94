"""The registry under /api/v1/registry: what everybody reads of it, and drafts written with personal keys.

It decides nothing: every question goes through `services.reading`, every change through `services.workflow`, with the
rights of the seat that the key acts for. No cookie counts here, so that no page of elsewhere can send anything.
"""
