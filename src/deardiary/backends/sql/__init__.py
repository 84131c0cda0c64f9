"""Rows in a database that speaks SQL: one schema, and what its engines disagree on."""
