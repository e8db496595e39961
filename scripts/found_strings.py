"""Where the strings to translate are: in the calls of Python files, and in the templates as Django's own parser reads them."""

import ast
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Function → positions of (context, singular, plural); None where there is none.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "ngettext": (None, 0, 1),
    "pgettext": (0, 1, None),
    "npgettext": (0, 1, 2),
}
FUNCTIONS |= {f"{name}_lazy": positions for name, positions in FUNCTIONS.items()} | {"gettext_noop": (None, 0, None)}

Found = tuple[str | None, str, str | None]  # context, singular, plural


def in_python(path: Path) -> Iterator[Found]:
    """Yield the strings given to Django's translation functions, under whatever name the file imports them."""
    tree = ast.parse(path.read_text(), str(path))
    names = dict(FUNCTIONS)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {
                alias.asname: FUNCTIONS[alias.name] for alias in node.names if alias.asname and alias.name in FUNCTIONS
            }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
            if name in names:
                yield from _arguments(node, names[name], path)


def _arguments(call: ast.Call, positions: tuple[int | None, int, int | None], path: Path) -> Iterator[Found]:
    """Yield the literal strings of one call; a variable is somebody else's string, an f-string can never be found."""
    values: list[str | None] = []
    for position in positions:
        argument = call.args[position] if position is not None and position < len(call.args) else None
        if isinstance(argument, ast.JoinedStr | ast.BinOp):
            sys.exit(f"{path}:{argument.lineno}: a string to translate must be one literal")
        values.append(argument.value if isinstance(argument, ast.Constant) else None)
    context, singular, plural = values
    if singular:
        yield context, singular, plural


def in_template(path: Path) -> Iterator[Found]:
    """Yield the strings of one template, as Django will look them up: its own parser says what they are."""
    from django.template.base import Lexer, NodeList, Origin, Parser  # noqa: PLC0415 (after django.setup)
    from django.template.engine import Engine  # noqa: PLC0415
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode  # noqa: PLC0415

    nodes: list[object] = []

    class Recorder(Parser):  # type: ignore[misc]
        def extend_nodelist(self, nodelist: NodeList, node: object, token: object) -> None:
            nodes.append(node)
            super().extend_nodelist(nodelist, node, token)

    engine = Engine.get_default()
    with recorded_literals() as literals:
        try:
            tokens = Lexer(path.read_text()).tokenize()
            origin = Origin(str(path), path.name)
            Recorder(tokens, engine.template_libraries, engine.template_builtins, origin).parse()
        except Exception as error:  # noqa: BLE001 (a tag of ours may raise anything: name the file)
            sys.exit(f"{path}: {error}")
    yield from ((None, literal.replace("%", "%%"), None) for literal in literals)
    for node in nodes:
        if isinstance(node, TranslateNode) and not node.noop and node.filter_expression.var.literal is not None:
            yield _context(node), str(node.filter_expression.var.literal).replace("%", "%%"), None
        elif isinstance(node, BlockTranslateNode):
            plural = node.render_token_list(node.plural)[0] if node.plural else None
            yield _context(node), node.render_token_list(node.singular)[0], plural


def _context(node: "object") -> str | None:
    expression = node.message_context  # type: ignore[attr-defined]
    return None if expression is None else str(expression.var)


@contextmanager
def recorded_literals() -> Iterator[list[str]]:
    """Collect every `_("…")` while a template is parsed, wherever it stands: variable, filter argument, tag argument."""
    from django.template.base import Variable  # noqa: PLC0415

    found: list[str] = []
    original = Variable.__init__

    def recording(self: Variable, var: str) -> None:
        original(self, var)
        if self.translate and self.literal is not None:
            found.append(str(self.literal))

    Variable.__init__ = recording  # type: ignore[method-assign]
    try:
        yield found
    finally:
        Variable.__init__ = original  # type: ignore[method-assign]
