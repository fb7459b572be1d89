# ruff: noqa: RUF001 - the odd characters are the subject here
"""What a folder from a stranger can make the program do: nothing but read the show's own files, within limits."""

import socket
from pathlib import Path

import pytest

from showrunner import devices
from showrunner.devices import addresses
from showrunner.diagnostics import codes
from showrunner.show import allowed, stage_file
from showrunner.show.settings import KINDS
from showrunner.wires import http
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
    assert f"`variables: [{variable}]` in {allowed.file()}" in finding.help
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
    assert finding.help.endswith(f" in {allowed.file()}")
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
    said = asked({"url": "http://studio.local:3000", "client": "c", "key-env": "K"}, {"K": KEY})
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
    api = {"url": f"http://studio.local:{server.port}", "client": "c", "key-env": "K"}
    assert asked(api, {"K": KEY}) is None
    assert (names, dialled) == (["studio.local"], [("127.0.0.1", server.port)])


def test_a_name_that_can_be_none_is_not_there():
    said = asked({"url": f"http://{'a' * 70}:1", "client": "c", "key-env": "K"}, {"K": KEY})
    assert "did not answer" in said
