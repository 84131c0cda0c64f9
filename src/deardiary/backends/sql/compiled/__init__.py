"""Texts of SQL made from the schema by `make compiled`; not written by hand."""
