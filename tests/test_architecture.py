"""The rooms of the house and the arrows between them: they point down; the pure rooms have no clock and no socket."""

import ast
import re
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.diagnostics import codes

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "showrunner"
MODULES = sorted(PACKAGE.rglob("*.py"))

LONGEST = 450
"""Lines of code in a module; blank lines, comments and docstrings are not counted."""

PURE = ("diagnostics", "syntax", "timeline", "engine", "devices")
WORLD = {"time", "threading", "asyncio", "socket", "random", "uuid", "secrets", "subprocess", "websocket"}

CLOCKS = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}
"""What reckons with dates may be used everywhere; what reads the machine's clock may not."""

BOTTOM = {"diagnostics", "slotted", "times", "yielding"}
"""What every room may stand on."""

MAY_IMPORT = {
    "slotted": set(),
    "diagnostics": {"slotted"},
    "times": {"slotted"},
    "yielding": set(),
    "grammar": set(),
    "syntax": {"grammar"},
    "devices": set(),
    "timeline": {"syntax", "devices"},
    "engine": {"timeline", "devices"},
    "wires": {"devices"},
    "show": {"timeline", "syntax", "devices"},
    "reports": {"engine", "timeline", "devices"},
    "drawing": {"reports", "engine", "timeline", "devices"},
    "console": {"show", "reports", "drawing", "wires", "engine", "timeline", "syntax", "devices"},
    "running": {"console", "show", "reports", "wires", "engine", "timeline", "syntax", "devices"},
    "editing": {"show", "reports", "engine", "timeline", "syntax", "devices"},
    "house": {"running", "show", "reports", "wires", "engine", "timeline", "devices"},
    "testing": {"running", "show", "reports", "wires", "engine", "timeline", "syntax", "devices"},
    "cli": {
        "editing",
        "house",
        "testing",
        "running",
        "console",
        "drawing",
        "reports",
        "show",
        "wires",
        "engine",
        "timeline",
        "syntax",
        "devices",
    },
}
"""Room -> rooms it may import, beside those at the bottom. Only the package itself (`__init__`, `__main__`) is none."""

ENGINE = ("commands", "score", "seeking", "reload")
"""The folders of the engine, each of which knows only what stands before it, and what lies beside them all."""


def room(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path, *, inside=True):
    """Yield (module, names) of every import statement; those inside functions too, unless told otherwise."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    nodes = ast.walk(tree) if inside else tree.body
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, []
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            yield node.module, [alias.name for alias in node.names]


def rooms_of(module, names):
    parts = module.split(".")
    if parts[0] != "showrunner":
        return []
    return parts[1:2] or [name for name in names if not name.startswith("__")]


def code_lines(path):
    text = path.read_text(encoding="utf-8")
    written = {n for n, line in enumerate(text.split("\n"), 1) if line.strip() and not line.lstrip().startswith("#")}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            written -= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    return written


def named(path):
    return str(path.relative_to(ROOT))


def may_import(own):
    return MAY_IMPORT[own] | (BOTTOM if own not in BOTTOM | {"grammar"} else set())


def circles(arrows):
    """Find the nodes of a graph (node -> nodes it points to) that lie on a circle."""

    def reached(start):
        seen, left = set(), [start]
        while left:
            for other in arrows.get(left.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    left.append(other)
        return seen

    return {node for node in arrows if node in reached(node)}


def name_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {name_of(path): path for path in MODULES}


def modules_of(path):
    """Give the modules of ours that a module imports, wherever in it."""
    found = set()
    for module, names in imports(path):
        found |= {f"{module}.{name}" for name in names if f"{module}.{name}" in NAMES}
        found |= (
            {module} & NAMES.keys() if not names or any(f"{module}.{name}" not in NAMES for name in names) else set()
        )
    return found - {name_of(path)}


def test_every_room_is_named_and_every_name_is_a_room():
    assert {room(path) for path in MODULES} - {"__init__", "__main__"} == MAY_IMPORT.keys() - {"grammar"}


def test_the_rooms_have_floors():
    assert circles({own: may_import(own) for own in MAY_IMPORT}) == set()


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in MAY_IMPORT], ids=named)
def test_a_room_imports_only_what_lies_below_it(path):
    own = room(path)
    for module, names in imports(path):
        for other in rooms_of(module, names):
            assert other in {own, "__version__"} | may_import(own), f"{own} does not import {other}"


@pytest.mark.parametrize("own", sorted(MAY_IMPORT.keys() - {"grammar"}))
def test_no_modules_of_a_room_import_each_other_in_a_circle(own):
    arrows = {
        name: {other for other in modules_of(path) if room(NAMES[other]) == own}
        for name, path in NAMES.items()
        if room(path) == own
    }
    assert circles(arrows) == set()


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "engine"], ids=named)
def test_the_folders_of_the_engine_stand_on_each_other(path):
    folder = path.relative_to(PACKAGE / "engine").parts[0]
    if folder in ENGINE:
        below = {other.split(".")[2] for other in modules_of(path) if other.startswith("showrunner.engine.")}
        assert not below & {"caller", *ENGINE[ENGINE.index(folder) + 1 :]}


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) in PURE], ids=named)
def test_a_pure_room_has_no_clock_no_thread_no_socket_and_no_chance(path):
    assert not {module.split(".")[0] for module, _ in imports(path)} & WORLD
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    assert (
        not {".".join(ast.unparse(node).split(".")[-2:]) for node in tree if isinstance(node, ast.Attribute)} & CLOCKS
    )


ENDS = {"print", "SystemExit", "KeyboardInterrupt", "sys.exit", "sys.stdout", "sys.stderr", "os._exit"}


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) != "cli"], ids=named)
def test_only_the_command_line_prints_and_leaves(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            node.type = None  # who keeps a stranger's package from leaving does not leave
    said = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}
    assert not said & ENDS


def test_between_the_halves_of_a_performance_there_is_nothing_but_what_is_said():
    running = PACKAGE / "running"
    above, below = modules_of(running / "conductor.py"), modules_of(running / "stagehand.py")
    for half in (above, below):
        assert not {module for module in half if module.startswith("showrunner.running")}
        assert {module for module in half if module.startswith("showrunner.wires")} == {"showrunner.wires.wire"}
    assert "showrunner.engine.caller" in above - below


@pytest.mark.parametrize("path", [path for path in MODULES if room(path) == "devices"], ids=named)
def test_a_device_knows_no_other_device(path):
    parts = path.relative_to(PACKAGE / "devices").parts
    own = parts[0] if len(parts) > 1 else None
    folders = {entry.name for entry in (PACKAGE / "devices").iterdir() if entry.is_dir()}
    for module, _ in imports(path):
        if module.startswith("showrunner.devices."):
            assert module.split(".")[2] not in folders - {own}


DEVICES = [device for name in devices.names() if (device := devices.find(name)) is not None]
NAMED = [device for device in DEVICES if device.name not in {way.encoding for way in device.ways}]
"""Those that are called otherwise than what goes over their wires, of which the wires have to speak."""

CALLED = re.compile(
    "|".join(rf"\b({device.name}|{device.title.removeprefix('the ')})(?![a-z])" for device in NAMED), re.IGNORECASE
)

ABOUT = {"EXAMPLE", "_EXAMPLE", "STANDARD"}
"""Names of what is an example for people, and of the devices that always stand."""

GENERIC = [
    path
    for kind in ("py", "js", "css", "html")
    for path in sorted(PACKAGE.rglob(f"*.{kind}"))
    if room(path) not in {"__init__", "devices"}
]


def without_examples(path):
    """Give a module's text without what is there as an example; in the room of syntax all is one between backticks."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return text
    lines = text.split("\n")
    for node in ast.walk(ast.parse(text)):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if {target.id for target in targets if isinstance(target, ast.Name)} & ABOUT or (
            isinstance(node, ast.keyword) and node.arg == "example"
        ):
            lines[node.lineno - 1 : node.end_lineno] = [""] * (node.end_lineno - node.lineno + 1)
    quoted = "`[^`]*`" if room(path) == "syntax" else "(?!)"
    return "\n".join(re.sub(quoted, "", line) for line in lines)


def test_every_device_has_a_name_and_a_title():
    assert [device.name for device in DEVICES if not device.title] == []
    assert CALLED.search("the cubism editor, say")
    assert not CALLED.search("an animazement")


@pytest.mark.parametrize("path", GENERIC, ids=named)
def test_a_generic_room_names_no_device(path):
    said = [line.strip() for line in without_examples(path).split("\n") if CALLED.search(line)]
    assert said == [], "what is to be known of a device stands in its rows"


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_no_name_with_an_underscore_is_imported_from_another_module(path):
    for module, names in imports(path):
        if module is not None and module.startswith("showrunner"):
            assert not [name for name in names if name.startswith("_") and not name.startswith("__")], module


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_a_module_says_what_it_is_and_is_not_too_long(path):
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), "the first lines say what the module is"
    assert len(code_lines(path)) <= LONGEST


def test_lark_is_imported_by_the_room_of_syntax_alone_and_yaml_only_when_a_file_is_read():
    for path in MODULES:
        heads = {module.split(".")[0] for module, _ in imports(path)}
        assert "lark" not in heads or room(path) == "syntax", path
        first = {module.split(".")[0] for module, _ in imports(path, inside=False)}
        assert "ruamel" not in first, path
        assert "rich" not in first, path


def test_every_code_that_is_given_out_has_a_page_and_every_page_a_code():
    used = set()
    for path in MODULES:
        used |= set(re.findall(r"""["']([EW]\d{3})["']""", path.read_text(encoding="utf-8")))
    assert used == set(codes.names())


@pytest.mark.parametrize("code", codes.names())
def test_every_page_keeps_to_the_form_and_can_be_explained(code):
    page = codes.page(code)
    assert page.wrong != page.right
    assert codes.explain(code.lower()).startswith(f"{code} · {page.title}\n")


def test_there_is_no_page_for_a_code_that_does_not_exist():
    assert codes.page("E000") is None
    assert codes.explain("../E001") is None


@pytest.mark.parametrize("text", ["", "# E001 x\n", "# E001 · x\n\n## Wrong\n\n    a\n\n## Right\n\n    b\n"])
def test_a_page_that_does_not_keep_to_the_form_is_refused(text):
    with pytest.raises(ValueError, match="E001"):
        codes.read(text, "E001")
