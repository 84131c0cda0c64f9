"""The journal of a process: where points are safe the moment they are logged, before any diary has them."""
