"""The Cubism Editor's double on a real socket: every method, event and error of the API up to 1.0.1, to the byte.

The tables stand here a second time, copied from the vendor's manual and its list of functions, and from nowhere in the
program.
"""

import json

import pytest

from showrunner.devices.vocabulary import Entry
from tests.hosted import hosted
from tests.joined import transcript

HAS = {
    "parameters": (
        Entry("ParamAngleX", minimum=-30, maximum=30, default=0, label="Angle X"),
        Entry("ParamEyeLOpen", minimum=0, maximum=1, default=1, label="EyeL Open"),
    )
}
ROWS = [
    {
        "Id": "ParamAngleX", "Name": "Angle X", "GroupUID": "ParamGroupRoot", "Default": 0.0, "Max": 30.0,
        "Min": -30.0, "Repeat": False, "Type": 0, "Keyform": [{"Value": -30.0}, {"Value": 30.0}],
    },
    {
        "Id": "ParamEyeLOpen", "Name": "EyeL Open", "GroupUID": "ParamGroupRoot", "Default": 1.0, "Max": 1.0,
        "Min": 0.0, "Repeat": False, "Type": 0, "Keyform": [{"Value": 0.0}, {"Value": 1.0}],
    },
]  # fmt: skip
M, D, PATH = "<the model>", "<the document>", "C:/models/double.cmo3"
DOCUMENT = {"DocumentUID": D, "DocumentFilePath": PATH, "Views": [{"ModelUID": M}]}
GROUPS = {"Groups": [{"GroupUID": "ParamGroupRoot", "GroupName": "Root"}]}
SET = [{"Id": "ParamAngleX", "Value": 10.5}]
EVENTS = {
    "NotifyChangeEditMode": {"EditMode": "Modeling"},
    "NotifyMocFileExported": {
        "Path": "C:/models/double", "ModelFilePath": PATH, "Files": ["C:/models/double.moc3"],
    },
    "NotifyMotionFileExported": {"Path": "C:/models/double", "ModelFilePath": PATH},
    "NotifyMotionSyncFileExported": {"Path": "C:/models/double", "ModelFilePath": PATH},
    "NotifyPhysicsFileExported": {"Path": "C:/models/double", "ModelFilePath": PATH},
}  # fmt: skip
LATE = {"GetCurrentDocumentUID", "GetDocument", "SendCubismLog"}
METHODS = [
    ("GetIsApproval", {}, {"Result": True}),
    ("GetAPIVersion", {}, {"Version": "1.0.1"}),
    ("SetGlobalVersion", {"Version": "1.0.1"}, {}),
    ("GetCurrentModelUID", {}, {"ModelUID": M}),
    ("GetCurrentDocumentUID", {}, {"DocumentUID": D}),
    ("GetCurrentEditMode", {}, {"EditMode": "Modeling"}),
    ("GetDocuments", {}, {"PhysicsDocuments": [], "ModelingDocuments": [DOCUMENT], "AnimationDocuments": []}),
    ("GetDocument", {"DocumentUID": D}, {"ModelingDocuments": [DOCUMENT]}),
    ("GetParameters", {"ModelUID": M}, {"Parameters": ROWS}),
    ("GetParameters", {"DocumentUID": D}, {"Parameters": ROWS}),
    ("GetParameterGroups", {"ModelUID": M}, GROUPS),
    ("GetParameterGroups", {"DocumentUID": D}, GROUPS),
    (
        "GetParameterValues",
        {"ModelUID": M},
        {"Parameters": [{"Id": "ParamAngleX", "Value": 0.0}, {"Id": "ParamEyeLOpen", "Value": 1.0}]},
    ),
    ("SetParameterValues", {"ModelUID": M, "Parameters": SET}, {}),
    ("GetParameterValues", {"ModelUID": M, "Ids": ["ParamAngleX"]}, {"Parameters": SET}),
    ("ClearParameterValues", {"ModelUID": M}, {}),
    (
        "GetParameterValues",
        {"ModelUID": M, "Ids": ["ParamAngleX"]},
        {"Parameters": [{"Id": "ParamAngleX", "Value": 0.0}]},
    ),
    ("GetPhysicsInfo", {"ModelUID": M}, {"Fps": 60}),
    ("SetPhysicsInfo", {"ModelUID": M, "Fps": 30}, {}),
    ("GetPhysicsInfo", {"ModelUID": M, "Fps": 30}, {"Fps": 30}),
    ("SendCubismLog", {"Message": "we are live", "Type": "warning", "Display": True}, {}),
    *((event, {"Enabled": True}, {"Accepted": True}) for event in EVENTS),
    *((event, {"Enabled": False}, {"Accepted": True}) for event in EVENTS),
]
"""In an order in which each answer can be told from what went before; `RegisterPlugin` is the way in."""


class Program:
    """An external application: numbers its requests as the vendor's samples do."""

    def __init__(self, client, version="1.0.1"):
        self.client, self.version, self.count = client, version, -1

    def request(self, method, data, **envelope):
        self.count += 1
        frame = {
            "Version": self.version, "Timestamp": 1696233943287, "RequestId": str(self.count), "Type": "Request",
            "Method": method, "Data": data, **envelope,
        }  # fmt: skip
        return {key: value for key, value in frame.items() if value is not ...}

    def send(self, method, data, **envelope):
        return self.client.ask(self.request(method, data, **envelope))

    def ask(self, method, **data):
        return self.send(method, data)["Data"]

    def enter(self, token=None):
        self.token = self.ask("RegisterPlugin", Name="Some program", Token=token)["Token"]
        self.uids = {
            M: self.ask("GetCurrentModelUID").get("ModelUID"),
            D: self.ask("GetCurrentDocumentUID").get("DocumentUID"),
        }
        return self

    def real(self, value):
        """Put the UIDs of this connection in their places."""
        text = json.dumps(value)
        for place, uid in self.uids.items():
            text = text.replace(json.dumps(place), json.dumps(uid))
        return json.loads(text)


@pytest.fixture(scope="module")
def editor_with_a_model():
    with hosted("live2d", HAS) as host:
        yield host


@pytest.fixture
def editor(editor_with_a_model):
    editor_with_a_model.renew()
    return editor_with_a_model


@pytest.fixture
def any_editor():
    with hosted("live2d") as host:
        yield host


def enter(editor, version="1.0.1"):
    return Program(editor.client(), version).enter()


def test_the_tables_here_are_whole():
    methods = {method for method, *_ in METHODS} | {"RegisterPlugin"}
    assert len(methods - set(EVENTS)) == 17
    assert len(EVENTS) == 5


def test_every_method_answers_as_the_list_says(editor):
    program = enter(editor)
    for method, data, answer in METHODS:
        reply = program.send(method, program.real(data))
        assert (reply["Type"], reply["Method"], reply["Data"]) == ("Response", method, program.real(answer))


def test_an_answer_has_the_six_fields_and_the_requests_own_version_and_id(editor):
    program = enter(editor)
    reply = program.send("GetCurrentEditMode", {}, RequestId="13")
    assert list(reply) == ["Version", "Timestamp", "RequestId", "Type", "Method", "Data"]
    assert (reply["Version"], reply["RequestId"]) == ("1.0.1", "13")
    assert isinstance(reply["Timestamp"], int)


@pytest.mark.parametrize("version", ["1.0.1", "1.0.0", "0.9.3", "0.9.2", "0.9.1", "0.9.0"])
def test_every_version_is_spoken_and_echoed(editor, version):
    program = enter(editor, version)
    reply = program.send("GetParameters", program.real({"ModelUID": M}))
    assert reply["Version"] == version
    assert ("Keyform" in reply["Data"]["Parameters"][0]) == (version == "1.0.1")


@pytest.mark.parametrize(
    ("version", "lacking"),
    [
        ("0.9.0", {"ClearParameterValues", "SetGlobalVersion", "GetPhysicsInfo", "SetPhysicsInfo", *LATE}),
        ("0.9.1", {"GetPhysicsInfo", "SetPhysicsInfo", *LATE}),
        ("0.9.2", LATE),
        ("0.9.3", set()),
    ],
)
def test_an_older_editor_has_no_method_that_came_later_and_the_first_wants_its_version(editor, version, lacking):
    program = enter(editor)
    editor.switch("version", version)
    program.version = version
    answers = {method: program.send(method, program.real(data)) for method, data, _ in METHODS}
    assert {m for m, reply in answers.items() if reply["Data"] == {"ErrorType": "MethodNotFound"}} == lacking
    unnamed = program.send("GetDocuments", {}, Version=...)
    assert (unnamed["Data"] == {"ErrorType": "UnsupportedVersion"}) == (version == "0.9.0")


@pytest.mark.parametrize("left_out", ["Version", "Timestamp", "RequestId"])
def test_what_may_be_left_out_may_be_left_out(editor, left_out):
    reply = enter(editor).send("GetCurrentEditMode", {}, **{left_out: ...})
    assert reply["Data"] == {"EditMode": "Modeling"}
    assert ("RequestId" in reply) == (left_out != "RequestId")
    assert reply["Version"] == "1.0.1"


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_comes_to_those_who_want_it_and_to_nobody_else(editor, name):
    wants, wants_not = enter(editor), enter(editor)
    assert wants.ask(name, Enabled=True) == {"Accepted": True}
    if name == "NotifyChangeEditMode":
        editor.switch("mode", "Modeling")
    else:
        editor.switch("event", name)
    event = wants.client.hear()
    assert list(event) == ["Version", "Timestamp", "Type", "Method", "Data"], "an event has no RequestId"
    assert (event["Type"], event["Method"], event["Data"]) == ("Event", name, EVENTS[name])
    assert wants.ask(name, Enabled=False) == {"Accepted": True}
    editor.switch("event", name)
    for program in (wants, wants_not):
        assert program.ask("GetCurrentEditMode") == {"EditMode": "Modeling"}, "nothing came in between"


@pytest.mark.parametrize("mode", ["Physics", "Modeling", "Animation", "ModelingMeshEdit", "FormAnimation"])
def test_every_edit_mode_is_told_by_its_name(editor, mode):
    program = enter(editor)
    program.ask("NotifyChangeEditMode", Enabled=True)
    editor.switch("mode", mode)
    assert program.client.hear()["Data"] == {"EditMode": mode}
    assert program.ask("GetCurrentEditMode") == {"EditMode": mode}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"Version": "3.0.0"}, "UnsupportedVersion"),
        ({"Type": "Response"}, "InvalidType"),
        ({"Type": ...}, "InvalidType"),
        ({"Data": ...}, "InvalidData"),
        ({"Data": "x"}, "InvalidData"),
        ({"Method": "SetParameterValue"}, "MethodNotFound"),
        ({"Method": ...}, "MethodNotFound"),
        ({"Method": "GetParameters"}, "InvalidData"),
        ({"Method": "GetParameters", "Data": {"ModelUID": "old"}}, "InvalidModel"),
        ({"Method": "GetParameters", "Data": {"DocumentUID": "old"}}, "InvalidDocument"),
        ({"Method": "GetDocument", "Data": {"DocumentUID": "old"}}, "InvalidDocument"),
        ({"Method": "SetParameterValues", "Data": {"ModelUID": "old", "Parameters": SET}}, "InvalidModel"),
        ({"Method": "ClearParameterValues", "Data": {"ModelUID": "old"}}, "InvalidModel"),
        ({"Method": "SendCubismLog", "Data": {"Message": "x" * 5001}}, "InvalidData"),
        ({"Method": "NotifyMocFileExported", "Data": {"Enable": True}}, "InvalidData"),
        ({"Method": "EditBegin"}, "MethodNotFound"),
    ],
)
def test_every_error_has_its_type_and_the_method_and_id_of_its_request(editor, change, kind):
    program = enter(editor)
    request = program.request("GetDocuments", {}, **change)
    reply = program.client.ask(request)
    assert (reply["Type"], reply["Data"]) == ("Error", {"ErrorType": kind})
    assert (reply["RequestId"], reply["Method"]) == (request["RequestId"], request.get("Method", ""))
    assert program.ask("GetCurrentEditMode") == {"EditMode": "Modeling"}


def test_a_parameter_the_model_does_not_have_is_the_manuals_own_example(editor):
    program = enter(editor)
    rows = [*SET, {"Id": "ParamTail", "Value": 1}]
    data = program.real({"ModelUID": M, "Parameters": rows})
    assert program.ask("SetParameterValues", **data) == {"ErrorType": "InvalidParameter"}
    assert program.ask("GetParameterValues", **program.real({"ModelUID": M}))["Parameters"][0]["Value"] == 0.0


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "null", "5", "[" * 50_000])
def test_nonsense_is_invalid_json_and_the_next_request_is_answered(editor, nonsense):
    program = enter(editor)
    reply = program.client.ask(nonsense)
    assert (reply["Type"], reply["Data"]) == ("Error", {"ErrorType": "InvalidJson"})
    assert program.ask("GetCurrentEditMode") == {"EditMode": "Modeling"}


def test_nothing_is_answered_before_a_program_has_registered_and_is_allowed(editor):
    program = Program(editor.client())
    assert program.ask("GetDocuments") == {"ErrorType": "PluginNotRegistered"}
    editor.switch("allow", "off")
    token = program.ask("RegisterPlugin", Name="Some program")["Token"]
    assert program.ask("GetIsApproval") == {"Result": False}
    for method, data, _ in METHODS:
        if method != "GetIsApproval":
            assert program.ask(method, **data) == {"ErrorType": "PluginNotRegistered"}, method
    editor.switch("allow", "on")
    assert program.ask("GetIsApproval") == {"Result": True}
    assert Program(editor.client()).enter(token).token == token, "the second visit needs no new permission"
    editor.switch("allow", "off")
    assert program.ask("GetCurrentModelUID") == {"ErrorType": "PluginNotRegistered"}


def test_events_stop_when_allow_is_unticked(editor):
    program = enter(editor)
    program.ask("NotifyMocFileExported", Enabled=True)
    editor.switch("allow", "off")
    editor.switch("event", "NotifyMocFileExported")
    assert program.ask("GetIsApproval") == {"Result": False}


def test_a_value_is_forgotten_by_itself(editor):
    program = enter(editor)
    program.ask("SetParameterValues", **program.real({"ModelUID": M, "Parameters": SET}))
    editor.sees("ParamAngleX 10.5")
    editor.sees("Modeling", without="ParamAngleX")
    assert program.ask("GetParameterValues", **program.real({"ModelUID": M}))["Parameters"][0]["Value"] == 0.0


def test_numbers_in_quotes_and_keys_nobody_knows_are_taken(editor):
    program = enter(editor)
    rows = [{"Id": "ParamAngleX", "Value": "0.5", "Note": 1}]
    assert (
        program.send("SetParameterValues", program.real({"ModelUID": M, "Parameters": rows}), Licence=[1])["Data"] == {}
    )
    assert program.ask("GetParameterValues", **program.real({"ModelUID": M}))["Parameters"][0]["Value"] == 0.5


def test_several_models_are_open_at_once_and_each_has_its_own_values(editor):
    program = enter(editor)
    first = program.uids[M]
    editor.switch("model", "open hair")
    second = program.ask("GetCurrentModelUID")["ModelUID"]
    assert second != first
    paths = [document["DocumentFilePath"] for document in program.ask("GetDocuments")["ModelingDocuments"]]
    assert paths == [PATH, "C:/models/hair.cmo3"]
    assert program.ask("SetParameterValues", ModelUID=first, Parameters=SET) == {}
    values = [program.ask("GetParameterValues", ModelUID=uid, Ids=["ParamAngleX"]) for uid in (first, second)]
    assert [value["Parameters"][0]["Value"] for value in values] == [10.5, 0.0]
    editor.switch("model", "open double")
    assert program.ask("GetCurrentModelUID") == {"ModelUID": first}
    editor.switch("model", "close hair")
    assert program.ask("GetParameters", ModelUID=second) == {"ErrorType": "InvalidModel"}
    editor.switch("model", "close")
    assert program.ask("GetCurrentModelUID") == {"ErrorType": "InvalidModel"}
    assert program.ask("GetCurrentDocumentUID") == {"ErrorType": "InvalidDocument"}


def test_answers_keep_the_order_of_the_requests(editor):
    program = enter(editor)
    for number in range(200):
        data = program.real({"ModelUID": M})
        program.client.say(program.request(("GetParameters", "GetParameterValues", "GetIsApproval")[number % 3], data))
    wanted = [str(program.count - 199 + number) for number in range(200)]
    assert [program.client.hear()["RequestId"] for _ in range(200)] == wanted


@pytest.mark.parametrize(
    "options", [{}, {"origin": "null"}, {"origin": "file://"}, {"origin": "http://localhost:5500"}]
)
def test_pages_and_programs_are_let_in(editor, options):
    assert Program(editor.client(**options)).enter().uids[M]


def test_ten_megabytes_are_no_trouble(editor):
    reply = enter(editor).send("GetIsApproval", {"ballast": "x" * 10_000_000})
    assert reply["Data"] == {"Result": True}


def test_the_vendors_sample_lives_with_it_over_the_wire(any_editor):
    client, token, model = any_editor.client(), None, None
    for line in transcript("cubism-client-sample.jsonl"):
        if line.get("wire") == "open":
            client = any_editor.client()
        if "to" not in line:
            continue
        request = {**line["to"], "Data": dict(line["to"]["Data"])}
        if request["Data"].get("Token"):
            request["Data"]["Token"] = token
        if "ModelUID" in request["Data"]:
            request["Data"]["ModelUID"] = model
        reply = client.ask(request)
        assert [reply[key] for key in ("Version", "RequestId", "Type", "Method")] == [
            request["Version"], request["RequestId"], "Response", request["Method"],
        ]  # fmt: skip
        token = reply["Data"].get("Token", token)
        model = reply["Data"].get("ModelUID", model)
