# ruff: noqa: RUF001 - the odd characters are the subject here
"""What a folder from a stranger can make the program do: nothing but read the show's own files, within limits."""

import os
import socket
import sys
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.cli import scripts
from showrunner.devices import addresses
from showrunner.devices.vocabulary import Entry
from showrunner.diagnostics import codes, render
from showrunner.show import allowed, catalogue, stage_file
from showrunner.show.prepare import prepare
from showrunner.show.settings import KINDS
from showrunner.show.stage import standard
from showrunner.wires import http
from tests.disk import LINKS
from tests.test_stopping import answer, asked, web  # noqa: F401 - a fixture

KEY = "not-to-be-seen"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOWRUNNER_STATE", str(tmp_path / "state"))
    (tmp_path / "state").mkdir()
    return tmp_path


def api(url="http://localhost:3000", variable="AITUBERKIT_API_KEY"):
    return f"devices:\n  aituber: {{api: {{url: '{url}', client: studio, key-env: {variable}}}}}\n"


def staged(text):
    Path("stage.yaml").write_text(text, encoding="utf-8")
    return stage_file.setup("a.show")


def allow(text):
    allowed.file().write_text(text, encoding="utf-8")


def found(text):
    return [one.code for one in staged(text).findings]


# -------------------------------------------------------------------------------------------------------- the secrets


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("variable", ["AITUBERKIT_API_KEY", "AITUBERKIT_"])
def test_a_variable_of_the_devices_own_needs_nobodys_leave(variable):
    assert staged(api(variable=variable)).findings == ()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "variable",
    ["HOME", "AWS_SECRET_ACCESS_KEY", "aituberkit_api_key", "X_AITUBERKIT_API_KEY", "AITUBERKIT", "OBS_PASSWORD"],
)
def test_any_other_variable_is_warned_of_and_the_help_says_what_to_write(variable):
    (finding,) = staged(api(variable=variable)).findings
    assert (finding.code, finding.severity) == ("W530", "warning")
    assert f"`variables: [{variable}]` in {allowed.seen(allowed.file())}" in finding.help
    allow(f"variables: [{variable}]\n")
    assert staged(api(variable=variable)).findings == ()


@pytest.mark.usefixtures("here")
def test_a_device_of_another_name_has_the_variables_of_its_driver():
    text = api().replace("aituber:", "guest:").replace("{api", "{driver: aituber, api")
    assert found(text) == []
    assert found(text.replace("AITUBERKIT_API_KEY", "GUEST_API_KEY")) == ["W530"]


NEAR = [
    *("http://localhost:3000", "https://localhost", "http://127.0.0.1", "http://127.9.9.9:1", "http://[::1]:3000"),
    *("http://10.0.0.1", "http://172.31.255.255", "http://192.168.0.7:3000", "http://169.254.1.1", "http://[fe80::1]"),
    *("http://[fd00::7]:3000", "http://[::ffff:192.168.0.7]", "http://studio", "http://studio.local:3000"),
]
FAR = [
    *("http://93.184.215.14", "https://studio.example", "http://studio.example.:3000", "http://172.32.0.1"),
    *("http://192.169.0.1", "http://[2001:db8::1]", "http://[::ffff:93.184.215.14]", "http://[64:ff9b::7f00:1]"),
    *("http://100.64.0.1", "http://localhost.example", "http://127.0.0.1.example", "http://10.example"),
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("url", NEAR)
def test_this_machine_and_its_network_need_nobodys_leave(url):
    assert staged(api(url)).findings == ()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("url", FAR)
def test_any_other_address_is_warned_of_and_the_help_says_what_to_write(url):
    (finding,) = staged(api(url)).findings
    assert (finding.code, finding.severity) == ("W531", "warning")
    line = finding.help.partition("`")[2].partition("`")[0]
    assert finding.help == allowed.to_allow(url)
    allow(f"{line}\n")
    assert staged(api(url)).findings == ()


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("written", "url", "right"),
    [
        ("studio.example", "http://studio.example:3000", True),
        ("Studio.Example:3000", "http://studio.example:3000", True),
        ("http://studio.example:3000", "http://studio.example:3000", True),
        ("studio.example:3000", "http://studio.example:3001", False),
        ("http://studio.example", "http://studio.example:3000", False),
        ("studio.example", "http://evil.studio.example", False),
        ("'*'", "http://studio.example", False),
        ("''", "http://studio.example", False),
    ],
)
def test_an_address_is_allowed_with_its_port_or_with_all(written, url, right):
    allow(f"addresses: [{written}]\n")
    assert found(api(url)) == ([] if right else ["W531"])


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    "text",
    [
        "variables: {HOME: yes}\n",
        "variables: [1]\n",
        "variabels: [HOME]\n",
        "- HOME\n",
        "variables: [HOME\n",
        "\0",
        "&a [*a]",
    ],
)
def test_a_list_that_cannot_be_read_allows_nothing(text):
    allow(text)
    assert found(api(variable="HOME")) == ["E037", "W530"]


@pytest.mark.usefixtures("here")
def test_nobody_who_has_no_secret_reads_what_is_allowed():
    allow("[")
    assert found("devices:\n  aituber: {api: {url: 'http://93.184.215.14', client: studio}}\n") == []


HOSTS = [
    *("http://2130706433", "http://0x7f.1", "http://0177.0.0.1", "http://127.1", "http://0x7f000001:80"),
    *(
        "http://１２７.0.0.1",
        "http://127。0。0。1",
        "http://ⓛocalhost",
        "http://user:pw@localhost",
        "http://localhost@x",
    ),
    *("http://localhost:99999", "http://localhost:0", "http://localhost:３０００", "http://[::1", "http://[::1%25lo]"),
    *(
        "http://::1",
        "HTTP://localhost",
        "ftp://localhost",
        "http://",
        "http://a b",
        "http://localhost\\@x",
        "//localhost",
    ),
    *("http://localhost#@x", "http://localhost?x", "http://local\0host", "file:///etc/passwd", "http://[1.2.3.4]"),
]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("url", HOSTS)
def test_an_address_that_two_readers_read_differently_is_none(url):
    assert addresses.read(url, "http", "https") is None
    written = url.replace("\0", "\\0").replace("\\@", "\\\\@")
    assert found(api().replace("'http://localhost:3000'", f'"{written}"')) == ["E033"]


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("HTTP://localhost", "write `http://`, in small letters"),
        ("http://user:pw@localhost", "no user name and no password stands in an address"),
        ("http://localhost:３０００", "write `http://localhost:3000`, in half-width letters and digits"),
        ("http://localhost:99999", "a port is a whole number from 1 to 65535"),
        ("http://localhost:eight", "a port is a whole number from 1 to 65535"),
        ("http://::1", "a number with colons stands in brackets: `http://[::1]`"),
        ("http://0177.1", "an address in numbers has four of them, as in `192.168.0.7`"),
        ("localhost:3000", "write `http://localhost:3000`"),
        ("ftp://localhost", None),
    ],
)
def test_what_is_wrong_with_an_address_is_said_in_words_that_fit(url, told):
    assert addresses.misfit(url, "http", "https") == told


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("devices: {animaze: {url: 'WS://localhost:9000'}}", "write `ws://`, in small letters"),
        ("devices: {animaze: {url: 'ws://localhost:９０００'}}", "write `ws://localhost:9000`, in half-width"),
        ("devices: {animaze: {timeout: ５s}}", "write `5s`, in half-width"),
        ("console: {port: ８０００}", "write `8000`, in half-width"),
        ("console: {host: １２７.0.0.1}", "write `127.0.0.1`, in half-width"),
        ("console: {host: '[::1]'}", 'write `"::1"`, without brackets'),
        ("console: {host: 'user:pw@localhost'}", "for example `127.0.0.1`"),
        ("console: {host: 'localhost:8765'}", "for example `127.0.0.1`"),
        ("devices: {live2d: {rate: ３０}}", "write `30`, in half-width"),
        ("devices: {aituber: {api: {client: [a]}}}", "client: the client id that the page shows"),
        ("devices: {aituber: {api: {key-env: sk-1234}}}", "for example `AITUBERKIT_API_KEY`"),
    ],
)
def test_every_setting_is_looked_at_when_it_is_read(written, told):
    (finding,) = staged(f"{written}\n").findings
    assert finding.code == "E033"
    assert told in finding.help


@pytest.mark.usefixtures("here")
def test_an_ipv6_number_is_a_host():
    assert staged("console: {host: '::1'}\n").stage.host == "::1"


def test_every_kind_of_secret_stands_beside_an_address_and_its_device_has_a_prefix():
    def rows(settings):
        for row in settings:
            yield settings, row
            yield from rows(row.parts)

    for device in filter(None, map(devices.find, devices.names())):
        for beside, row in rows(device.settings):
            assert row.accepts in KINDS
            if row.accepts == "secret":
                assert device.variables.endswith("_")
                assert "url" in {one.name for one in beside}


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("code", ["W530", "W531"])
def test_the_page_of_a_warning_shows_it(code):
    page = codes.page(code)
    assert found(page.wrong) == [code]
    assert found(page.right) == []


# ------------------------------------------------------------------------------------- the secrets, when they are sent


def named(monkeypatch, *numbers):
    """Have every name stand for these numbers; give the list of what was asked for."""
    names = []

    def lookup(host, port, **_):
        names.append(host)
        six = [":" in one for one in numbers]
        return [
            (socket.AF_INET6 if of_six else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one, of_six in zip(numbers, six, strict=True)
        ]

    monkeypatch.setattr(http.socket, "getaddrinfo", lookup)
    return names


@pytest.mark.parametrize("numbers", [("93.184.215.14",), ("2001:db8::1",), ("127.0.0.1", "93.184.215.14")])
def test_a_name_that_stands_for_a_number_far_away_gets_no_key(monkeypatch, numbers):
    named(monkeypatch, *numbers)
    met = []
    monkeypatch.setattr(http.socket, "create_connection", lambda *to, **_: met.append(to))
    said = asked("http://studio.local:3000")
    assert said == (
        f"the key is not sent to studio.local:3000 ({numbers[-1]}), which is not of this machine or its local network; "
        "write it down"
    )
    assert met == []


def test_what_was_judged_is_what_is_dialled(web, monkeypatch):  # noqa: F811
    server = web(answer("202 Accepted"))
    dialled, create = [], socket.create_connection
    names = named(monkeypatch, "127.0.0.1")

    def dial(to, *rest):
        dialled.append(to)
        monkeypatch.undo()
        return create(to, *rest)

    monkeypatch.setattr(http.socket, "create_connection", dial)
    assert asked(f"http://studio.local:{server.port}") is None
    assert (names, dialled) == (["studio.local"], [("127.0.0.1", server.port)])


def test_a_name_that_can_be_none_is_not_there():
    said = asked(f"http://{'a' * 70}:1")
    assert "did not answer" in said


# ---------------------------------------------------------------------------------------------------- the show's files


FILES = {"script": ("a.show", "E003"), "stage": ("stage.yaml", "E031"), "catalogue": ("catalogue.yaml", "E041")}


def told(path="a.show", **named):
    """Check a show; give the codes, when nothing is shown of another folder."""
    made = prepare(path, **named)
    assert "SECRET" not in render.text(made.findings, made.texts)
    return [one.code for one in made.findings]


def show(text="at 0s say 'hi'\n"):
    Path("a.show").write_text(text, encoding="utf-8")


@pytest.fixture
def outside(here, monkeypatch):
    """Give a file that is not the show's, beside the show's folder, in which we are."""
    (here / "secret").write_text("SECRET: [\n")
    (here / "show").mkdir()
    monkeypatch.chdir(here / "show")
    show()
    return here / "secret"


needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="no such files there")


@needs_posix
@pytest.mark.parametrize("what", ["a FIFO", "a socket", "a folder", "a link to nothing", "a circle", "/dev/zero"])
@pytest.mark.parametrize("of", FILES)
@pytest.mark.usefixtures("outside")
def test_what_is_no_file_is_told_and_not_opened(of, what):
    name, code = FILES[of]
    Path(name).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as server:
        match what:
            case "a FIFO":
                os.mkfifo(name)
            case "a socket":
                server.bind(name)
            case "a folder":
                Path(name).mkdir()
            case "a link to nothing":
                Path(name).symlink_to("nowhere")
            case "a circle":
                Path(name).symlink_to(name)
            case _:
                Path(name).symlink_to(what)
    codes_of = {"a folder": "E002", "a link to nothing": "E001"} if of == "script" else {}
    assert told() == [codes_of.get(what, code)]
    if of != "script":
        # Named by the user it is looked at in the same way.
        assert told(**{of: name}) in ([code], [code, code])


@needs_posix
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/dev/null"])
@pytest.mark.usefixtures("outside")
def test_a_device_that_is_named_is_not_read(path):
    assert told(path) == ["E003"]
    assert told(stage=path) == ["E031"]
    assert told(catalogue=path) == ["E041"]


@needs_posix
@pytest.mark.usefixtures("outside")
def test_what_a_shell_hands_over_is_read():
    there, here_ = os.pipe()
    os.write(here_, b"at 0s say 'hi'\n")
    os.close(here_)
    assert told(f"/dev/fd/{there}") == []
    os.close(there)


@LINKS
@pytest.mark.parametrize("of", ["stage", "catalogue"])
def test_a_link_that_leads_out_is_not_followed_unless_it_is_named(outside, of):
    name, code = FILES[of]
    Path(name).symlink_to(outside)
    (finding,) = prepare("a.show").findings
    assert (finding.code, f"`--{of} FILE`" in finding.help) == (code, True)
    assert told() == [code]
    Path(name).unlink()
    Path("mine.yaml").write_text("")
    Path(name).symlink_to("mine.yaml")
    assert told() == []


@LINKS
def test_a_link_out_of_a_folder_that_is_checked_is_no_script_of_it(outside, capsys):
    Path("b.show").symlink_to(outside)
    assert scripts.check(["."]) == 1
    said = capsys.readouterr().out
    assert "E013" in said
    assert "SECRET" not in said
    assert told("a.show") == []


@pytest.mark.parametrize("written", ["../secret", "{root}/secret", "a/../../secret", "..", "/", "C:\\secret"])
def test_a_catalogue_lies_in_the_folder_of_its_stage_file(outside, written):
    name = written.replace("{root}", outside.parent.as_posix())
    Path("stage.yaml").write_text(f"catalogue: '{name}'\n")
    assert told() in (["E033"], ["E041"])


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("written", ['"a\\0b"', '" "', '"a\\nb"', "[a]", "5", "''"])
def test_a_catalogue_has_a_name_that_a_file_can_have(written):
    Path("stage.yaml").write_text(f"catalogue: {written}\n")
    assert told() == ["E033"]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("of", ["path", "stage", "catalogue"])
def test_a_path_with_a_nul_is_no_file(of):
    assert told(**{"path": "a.show", of: "a\0b"}) == [{"path": "E001", "stage": "E031", "catalogue": "E041"}[of]]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("name", ["stage.yml", "Stage.YAML.txt", "stage.yaml.yaml", "STAGE.YML"])
def test_a_file_that_is_nearly_there_is_told(name):
    Path(name).write_text("")
    (finding,) = prepare("a.show").findings
    assert (finding.code, finding.severity, finding.place.path) == ("W532", "warning", name)
    assert finding.help == f"rename it, or name it: `--stage {name}`"
    assert told(stage=name) == []
    Path("stage.yaml").write_text("")
    assert told() == []


@pytest.mark.usefixtures("outside")
def test_a_catalogue_that_is_nearly_there_is_told_too():
    Path("catalogue.yml").write_text("")
    assert told() == ["W532"]


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("name", ["stage", "my-stage.yml", "stages.yaml", "stage.show", "stage.json"])
def test_another_name_is_not_nearly_one(name):
    Path(name).write_text("")
    assert told() == []


# -------------------------------------------------------------------------------------------------- what stands in them

LONG = "9" * 100_000
TEXTS = {
    "a number of 100,000 digits": f"devices: {{live2d: {{rate: {LONG}}}}}\n",
    "a hexadecimal one": f"console: {{port: 0x{LONG}}}\n",
    "one with a point": f"devices: {{live2d: {{rate: 1.{LONG}e{LONG}}}}}\n",
    "a long key": f"{'k' * 100_000}: 1\n",
    "a tag": "devices: !!python/object/apply:os.system [x]\n",
    "a tag of a number": "console: {port: !!int x}\n",
    "a tag of bytes": "console: {port: !!binary '===='}\n",
    "a long tag": f"console: {{port: !{'x' * 1_000_000} 1}}\n",
    "a long anchor": f"console: {{port: &{'x' * 1_000_000} 1}}\n",
    "deep lists": "[" * 1_000_000,
    "deep tables": "{a: " * 100_000,
    "deep blocks": "\n".join(f"{' ' * n}a:" for n in range(1000)),
    "deep questions": "? " * 100_000,
    "many values": f"devices: [{'x,' * 1_000_000}]\n",
    "many keys": "".join(f"a{n}: 1\n" for n in range(100_000)),
    "many documents": "---\n" * 100_000,
    "directives": "%YAML 9.9\n---\na: 1\n",
    "an alias of itself": "devices: &a {animaze: *a}\n",
    "an alias of nothing": "devices: *a\n",
    "control characters": "devices: \x07\n",
    "a NUL": "devices: \0\n",
    "100 MB": "# x\n" * 25_000_000,
    "a bomb": "a: &a [" + "x," * 1000 + "]\nb: &b [" + "*a," * 1000 + "]\nc: [" + "*b," * 1000 + "]\n",
    "safe lines of a bomb": f"x: &a [{'say a,' * 1000}]\ndevices:\n"
    + "".join(f"  d{n}: {{driver: aituber, safe: *a}}\n" for n in range(1000)),
}


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("of", ["stage", "catalogue"])
def test_whatever_stands_in_a_yaml_file_is_a_finding(name, of):
    Path(FILES[of][0]).write_text(TEXTS[name], encoding="utf-8")
    findings = prepare("a.show").findings
    assert findings
    assert all(len(one.message) < 400 for one in findings)
    assert {one.code for one in findings} <= ({"E031", "E032", "E033"} if of == "stage" else {"E041", "E042", "E043"})


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize("data", [b"\xff\xfe\x00", b"devices: \xe9\n", b"\x80" * 1000, "デ: 1\n".encode("cp932")])
@pytest.mark.parametrize("of", FILES)
def test_what_is_no_utf_8_is_a_finding(of, data):
    Path(FILES[of][0]).write_bytes(data)
    assert told() == [{"script": "E004"}.get(of, FILES[of][1])]


@pytest.mark.usefixtures("outside")
def test_a_catalogue_of_a_million_names_is_a_finding():
    Path("catalogue.yaml").write_text(f"animaze: {{scenes: [{'a,' * 1_000_000}]}}\n")
    (finding,) = prepare("a.show").findings
    assert (finding.code, finding.message) == ("E041", "this file has more than 20000 values")


@pytest.mark.usefixtures("outside")
@pytest.mark.parametrize(
    "line",
    [
        f"at {LONG}s say 'x'",
        f"at 0.{LONG}s say 'x'",
        f"at 0s repeat {LONG} times every 1s\n  at 0s log 'x'",
        f"at 0s animaze camera fov {LONG}",
        f"at 0s animaze camera fov -{LONG}.{LONG}",
        f"let a = {LONG}\nat $a say 'x'",
        f"at 0s animaze quickscene load {LONG}",
        f"at 0s animaze emote Emote_Wave retry {LONG}",
        f'at 0s animaze call {{"action": {LONG}}}',
        f'at 0s animaze call {{"action": -{LONG}.5e{LONG}}}',
        f"at 0s animaze call {'[' * 100_000}",
        f'at 0s animaze call {{"action": {"[" * 1000}{"]" * 1000}}}',
        f"at 0s {'do ' * 100_000}",
        f"include '{'../' * 100_000}secret'",
        "include 'a\0b'",
        f"at 0s say 'x' image '{'../' * 1000}secret'",
        "at 0s say 'x' image '/dev/zero'",
        f"at 0s {'x' * 100_000} y",
    ],
    ids=lambda line: line[:30],
)
def test_whatever_stands_in_a_script_is_a_finding(line):
    show(f"{line}\n")
    assert told()


# ------------------------------------------------------------------------------------------------ names in a catalogue


def scenes(text):
    Path("catalogue.yaml").write_text(text, encoding="utf-8")
    made = catalogue.load("catalogue.yaml", standard())
    return [one.name for one in made.inventories.get("animaze", {}).get("scenes", ())], made.findings


PLAIN = ["007", "0x10", "0o7", "1.50", "1e3", "1_000", "+5", "::1", ".5", "yes", "No", "12:30", "2026-11-30", ".inf"]


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("form", ["[{}]", "\n  - {}", "[{{name: {}}}]", "\n    {}:", "['{}']"])
def test_a_name_in_a_catalogue_stays_as_it_is_written(name, form):
    assert scenes(f"animaze:\n  scenes: {form.format(name)}\n") == ([name], ())


@pytest.mark.usefixtures("here")
def test_only_a_plain_number_is_also_an_index():
    Path("catalogue.yaml").write_text("animaze: {quickscenes: [7, 007, '8']}\n")
    found = catalogue.load("catalogue.yaml", standard()).inventories["animaze"]["quickscenes"]
    assert found == (Entry("7", 7), Entry("007"), Entry("8"))


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["@Kentax_Red", "*Star*", "%x", "[VIP] Mika", "Stream: Night", "Room #2", "`x`"])
@pytest.mark.parametrize("form", ["[A, {}]", "\n  - A\n  - {}\n  - B", "\n    A:\n    {}: {{index: 1}}"])
def test_a_name_that_wants_quotes_gets_one_sentence(name, form):
    text = f"animaze:\n  scenes: {form.format(name)}\n"
    _, (finding,) = scenes(text)
    assert finding.code in {"E041", "E043"}
    assert finding.help == f"put the name in quotes: `'{name}'`"
    names, findings = scenes(text.replace(name, f"'{name}'"))
    assert (name in names, findings) == (True, ())


@pytest.mark.usefixtures("here")
def test_a_comment_behind_a_name_is_a_comment():
    assert scenes("animaze:\n  scenes:\n  - Room # 2 is broken\n  - Wave #nice\n") == (["Room", "Wave"], ())
