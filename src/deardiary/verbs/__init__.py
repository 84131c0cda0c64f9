"""The verbs of the library, noun by noun."""
