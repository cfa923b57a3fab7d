"""Writes docs/features.md: which tests prove each requirement, and the code that they exercise."""

import ast
from collections import defaultdict
from pathlib import Path

from devtools.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "features.md"
HEAD = """# Features

Which code carries each requirement and which tests prove it; written by `python -m devtools features` from the
`spec` markers of the tests. A requirement that is not here is not proven by a test.

| requirement | code | tests |
|---|---|---|
"""


def page() -> str:
    """The text of docs/features.md for the tests as they are."""
    proofs: dict[str, set[Path]] = defaultdict(set)
    for path in sorted((REPOSITORY / "tests").rglob("test_*.py")):
        for requirement in _claims(path):
            proofs[requirement].add(path)
    return HEAD + "".join(_row(requirement, proofs[requirement]) for requirement in sorted(proofs))


def write() -> None:
    """Refresh docs/features.md."""
    PAGE.write_text(page())


def _row(requirement: str, tests: set[Path]) -> str:
    code = sorted({_code(path) for path in tests})
    names = [f"[{path.stem}](../{path.relative_to(REPOSITORY)})" for path in sorted(tests)]
    return f"| {requirement} | {', '.join(code)} | {', '.join(names)} |\n"


def _code(test: Path) -> str:
    """The package that a test file mirrors."""
    folder = test.parent.relative_to(REPOSITORY / "tests")
    for candidate in (folder, *folder.parents):
        if candidate.parts and (REPOSITORY / candidate).is_dir():
            return f"`{candidate}`"
    return {"e2e": "whole journeys", "tenancy": "`app/tenancy`"}.get(folder.parts[0] if folder.parts else "", "all")


def _claims(path: Path) -> set[str]:
    """The requirements named by `spec(...)` markers."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "spec":
            found |= {str(argument.value) for argument in node.args if isinstance(argument, ast.Constant)}
    return found
