"""Pages of one's own account: signing in, second factor, sessions, keys for programs; and who has a seat."""
