"""The pages: each asks the holding of its request, and hands plain rows to a template."""
