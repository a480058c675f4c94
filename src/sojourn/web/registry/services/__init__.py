"""Every write to the registry. Each function asks for permission, writes, and leaves its event, in one transaction."""
