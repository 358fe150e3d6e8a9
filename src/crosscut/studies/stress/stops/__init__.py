"""One country that stops selling abroad: how likely, for how long, and what it costs. Every command that
says a word about it takes it from here."""
