"""The promises of a store, as tests that anyone may run."""
