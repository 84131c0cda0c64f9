"""A plugin of pytest: the options and marks of the suites."""
