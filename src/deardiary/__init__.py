"""The diary of your machine-learning experiments, in the store you choose."""
