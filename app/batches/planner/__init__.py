"""Planning of oven loads: pure functions on values, without Django, database or network."""
