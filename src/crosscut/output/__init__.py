"""Report: a result for people, as a self-contained HTML file, as tables and on the terminal."""
