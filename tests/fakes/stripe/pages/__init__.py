"""The hosted pages: French, plain HTML, usable without any script."""
