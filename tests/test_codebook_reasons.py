"""Every reason that the code gives for an actor, a place or a reference stands in the codebook."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ANNOTATE = ROOT / "src" / "dateline" / "annotate"
BOOK = " ".join(
    " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("codebook-*.md"))).split()
)
MODULES = [
    *(ANNOTATE / "actors").glob("*.py"), *(ANNOTATE / "references").glob("*.py"), *(ANNOTATE / "places").glob("*.py"),
    ANNOTATE / "parties.py",
]  # fmt: skip
NAMES = {"reason", "why", "decided"}
MAKERS = {"Resolution", "Reference", "Pronoun", "Named", "_Reading", "EntityMention", "_make", "_record"}


def texts(node):
    """Yield the pieces of plain text in an expression that makes a reason."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp):
        yield from (text for branch in (node.body, node.orelse) for text in texts(branch))
    elif isinstance(node, (ast.BoolOp, ast.Tuple, ast.Starred)):
        for child in ast.iter_child_nodes(node):
            yield from texts(child)
    elif isinstance(node, ast.Call) and node.args:
        for child in node.args[1:]:
            yield from texts(child)


def is_reason(name):
    return (
        isinstance(name, (ast.Name, ast.Attribute)) and (name.id if isinstance(name, ast.Name) else name.attr) in NAMES
    )


def given(tree):
    """Yield the reasons that a module gives: keywords, assignments, and what functions return beside an answer."""
    for node in ast.walk(tree):
        if (isinstance(node, ast.keyword) and node.arg in NAMES) or (
            isinstance(node, ast.Assign)
            and any(is_reason(name) for target in node.targets for name in ast.walk(target))
        ):
            yield node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS and node.args:
            yield node.args[-1]
        elif isinstance(node, (ast.Return, ast.Yield)) and isinstance(node.value, ast.Tuple) and node.value.elts:
            yield node.value.elts[-1]
        elif isinstance(node, ast.Return) and isinstance(node.value, (ast.Constant, ast.IfExp)):
            yield node.value


def pieces():
    found = set()
    for path in MODULES:
        for value in given(ast.parse(path.read_text(encoding="utf-8"))):
            for text in texts(value):
                found.update((path.stem, piece.strip(" :;,()'")) for piece in re.split(r"\.\.", text))
    return sorted((stem, piece) for stem, piece in found if len(piece) > len("of") and " " not in piece[:1])


@pytest.mark.parametrize(("module", "piece"), pieces())
def test_a_reason_stands_in_the_codebook(module, piece):
    assert piece in BOOK, f"{module}: no codebook explains {piece!r}"
