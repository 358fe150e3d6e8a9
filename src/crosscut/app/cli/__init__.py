"""Commands: one module a topic; `cli.py` puts them on the command line."""
