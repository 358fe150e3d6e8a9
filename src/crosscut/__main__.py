"""`python -m crosscut`: the command line."""

from crosscut.app.cli.main import main

main()
