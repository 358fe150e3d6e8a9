"""One quantity, one figure: the same number across commands, tables and screens, for every bundled world."""
