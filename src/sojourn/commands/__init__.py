"""What each command prints: the answers of the library, laid out for a person or a program."""
