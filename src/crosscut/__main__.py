"""`python -m crosscut`: the command line."""

from crosscut.app.cli.main import main

if __name__ == "__main__":
    main()
