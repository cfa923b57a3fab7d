"""Development services: everything `make run` and `make test` start, and nothing production imports."""
