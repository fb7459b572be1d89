"""The Cubism Editor's double: as the vendor's manual has it, and as its sample pages need it."""

import math

import pytest

from showrunner import devices
from showrunner.devices.vocabulary import Entry, Hang, Terms
from tests.joined import transcript

MS = 1000
HALF = 500 * MS


class Rig:
    """A double with clients that have registered, unless told otherwise."""

    def __init__(self, inventory=None, *, clients=1, registered=True, memory=None):
        self.double = devices.find("live2d").double(
            Terms("live2d", {}, "0", lambda now: now // 1000, memory or {}, inventory)
        )
        self.now = 0
        for client in range(1, clients + 1):
            self.double.connected(client, 0)
            if registered:
                self.ask("RegisterPlugin", client=client, Name="test")

    def all(self, frame, client=1):
        return list(self.double.received(client, frame, self.now))

    def send(self, method, data, *, client=1, **envelope):
        frame = {"Version": "1.0.1", "RequestId": "1", "Type": "Request", "Method": method, "Data": data, **envelope}
        (reply,) = self.all(frame, client)
        assert reply.connection == client
        return reply.frame

    def ask(self, method, *, client=1, **data):
        return self.send(method, data, client=client)["Data"]

    def about(self, method, **data):
        return self.ask(method, ModelUID=self.ask("GetCurrentModelUID")["ModelUID"], **data)

    def set(self, **values):
        return self.about("SetParameterValues", Parameters=[{"Id": key, "Value": v} for key, v in values.items()])

    def value(self, name):
        (row,) = self.about("GetParameterValues", Ids=[name])["Parameters"]
        return row["Value"]

    def at(self, now):
        while self.double.deadline is not None and self.double.deadline <= now:
            self.double.elapsed(self.double.deadline)
        self.now = now

    def switch(self, name, value=None):
        reactions, wrong = self.double.switch(name, value, self.now)
        assert wrong is None, wrong
        return [r if isinstance(r, Hang) else (r.connection, r.frame) for r in reactions]


def test_the_vendors_sample_gets_one_answer_to_each_request_in_order_and_at_once():
    rig = Rig(registered=False)
    connection, token, model = 1, None, None
    for line in transcript("cubism-client-sample.jsonl"):
        rig.at(int(line["at"] * 1_000_000))
        if "wire" in line:
            if line["wire"] == "open":
                connection += 1
                rig.double.connected(connection, rig.now)
            else:
                rig.double.disconnected(connection, rig.now)
            continue
        request = {**line["to"], "Data": dict(line["to"]["Data"])}
        if request["Data"].get("Token"):
            request["Data"]["Token"] = token
        if "ModelUID" in request["Data"]:
            request["Data"]["ModelUID"] = model
        (reply,) = rig.all(request, connection)
        assert reply.frame["Type"] == "Response"
        assert [reply.frame[key] for key in ("Version", "RequestId", "Method")] == [
            request[key] for key in ("Version", "RequestId", "Method")
        ]
        data = reply.frame["Data"]
        match request["Method"]:
            case "RegisterPlugin":
                assert token in (None, data["Token"]), "a token it gave is known on the second visit"
                token = data["Token"]
            case "GetIsApproval":
                assert data == {"Result": True}
            case "GetCurrentModelUID":
                model = data["ModelUID"]
            case "GetParameters":
                assert {"Id", "Name", "Default", "Min", "Max"} <= set(data["Parameters"][0])
            case "GetParameterValues":
                assert {"Id", "Value"} == set(data["Parameters"][0])
            case "NotifyChangeEditMode":
                assert data == {"Accepted": True}


# -- the envelope


def test_an_answer_has_the_six_fields_in_order():
    reply = Rig().send("GetDocuments", {}, Timestamp=1)
    assert list(reply) == ["Version", "Timestamp", "RequestId", "Type", "Method", "Data"]


@pytest.mark.parametrize("id", ["13", 7, ""])
def test_a_request_id_is_echoed_as_it_was_sent(id):
    assert Rig().send("GetDocuments", {}, RequestId=id)["RequestId"] == id


def test_without_request_id_and_version_the_answer_has_the_newest_version_and_no_id():
    (reply,) = Rig().all({"Type": "Request", "Method": "GetIsApproval", "Data": {}, "Token": "extra keys are fine"})
    assert reply.frame["Version"] == "1.0.1"
    assert "RequestId" not in reply.frame


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"Version": "2.0.0", "Type": "Command"}, "UnsupportedVersion"),
        ({"Version": 1, "Type": None}, "UnsupportedVersion"),
        ({"Type": "Command", "Data": 3}, "InvalidType"),
        ({"Type": None}, "InvalidType"),
        ({"Data": [], "Method": "Fly"}, "InvalidData"),
        ({"Data": None}, "InvalidData"),
        ({"Method": "Fly"}, "MethodNotFound"),
        ({"Method": "SetParameterValue"}, "MethodNotFound"),
        ({"Method": None}, "MethodNotFound"),
        ({"Method": "SetParameterValues", "Data": {"ModelUID": 3}}, "PluginNotRegistered"),
    ],
)
def test_checks_come_in_the_documented_order(change, kind):
    reply = Rig(registered=False).send("GetDocuments", {}, **change)
    assert (reply["Type"], reply["Data"]) == ("Error", {"ErrorType": kind})


@pytest.mark.parametrize("text", ["", "{", "[]", "3"])
def test_what_is_no_json_object_is_an_error(text):
    (reply,) = Rig().all(text)
    assert reply.frame["Data"] == {"ErrorType": "InvalidJson"}


@pytest.mark.parametrize(
    ("method", "data", "kind"),
    [
        ("RegisterPlugin", {}, "InvalidData"),
        ("RegisterPlugin", {"Name": 3}, "InvalidData"),
        ("RegisterPlugin", {"Name": "x", "Token": 3}, "InvalidData"),
        ("GetParameters", {}, "InvalidData"),
        ("GetParameters", {"ModelUID": "old"}, "InvalidModel"),
        ("GetParameters", {"DocumentUID": "old"}, "InvalidDocument"),
        ("GetDocument", {"DocumentUID": "old"}, "InvalidDocument"),
        ("GetDocument", {}, "InvalidData"),
        ("GetParameterValues", {"ModelUID": "old"}, "InvalidModel"),
        ("GetParameterValues", {"ModelUID": "old", "Ids": [3]}, "InvalidData"),
        ("SetParameterValues", {"ModelUID": "old", "Parameters": []}, "InvalidModel"),
        ("SetParameterValues", {"ModelUID": "old"}, "InvalidData"),
        ("SetParameterValues", {"ModelUID": "old", "Parameters": [{"Id": "A"}]}, "InvalidData"),
        ("ClearParameterValues", {"ModelUID": None}, "InvalidData"),
        ("SendCubismLog", {"Message": "x" * 5001}, "InvalidData"),
        ("SendCubismLog", {"Message": "x", "Type": "loud"}, "InvalidData"),
        ("SetGlobalVersion", {"Version": "9.9.9"}, "UnsupportedVersion"),
        ("NotifyChangeEditMode", {}, "InvalidData"),
    ],
)
def test_a_request_without_what_it_needs_is_refused(method, data, kind):
    assert Rig().ask(method, **data) == {"ErrorType": kind}


@pytest.mark.parametrize(
    ("method", "data", "keys"),
    [
        ("GetIsApproval", {}, {"Result"}),
        ("GetAPIVersion", {}, {"Version"}),
        ("SetGlobalVersion", {"Version": "1.0.0"}, set()),
        ("GetCurrentDocumentUID", {}, {"DocumentUID"}),
        ("GetCurrentEditMode", {}, {"EditMode"}),
        ("GetDocuments", {}, {"PhysicsDocuments", "ModelingDocuments", "AnimationDocuments"}),
        ("SendCubismLog", {"Message": "hi", "Type": "info", "Display": True}, set()),
        ("NotifyMotionSyncFileExported", {"Enabled": True}, {"Accepted"}),
    ],
)
def test_a_method_answers_with_its_documented_keys(method, data, keys):
    assert set(Rig().ask(method, **data)) == keys


def test_methods_about_a_model_answer():
    rig = Rig()
    assert set(rig.about("GetParameterGroups")) == {"Groups"}
    assert "Fps" in rig.about("GetPhysicsInfo")
    assert rig.about("SetPhysicsInfo", Fps=30) == {}
    assert rig.about("GetPhysicsInfo")["Fps"] == 30
    document = rig.ask("GetCurrentDocumentUID")["DocumentUID"]
    assert rig.ask("GetParameters", DocumentUID=document) == rig.about("GetParameters")
    assert set(rig.ask("GetDocument", DocumentUID=document)) == {"ModelingDocuments"}


def test_keyforms_come_with_version_1_0_1():
    rig = Rig()
    model = rig.ask("GetCurrentModelUID")
    new = rig.send("GetParameters", model)["Data"]["Parameters"][0]
    old = rig.send("GetParameters", model, Version="0.9.1")["Data"]["Parameters"][0]
    assert set(new) - set(old) == {"Keyform"}


def test_a_fixed_version_is_the_one_that_counts_where_none_is_said():
    rig = Rig()
    rig.ask("SetGlobalVersion", Version="0.9.3")
    (reply,) = rig.all({"Type": "Request", "Method": "GetDocuments", "Data": {}})
    assert reply.frame["Version"] == "0.9.3"


# -- permission


@pytest.mark.parametrize("token", [None, "", "unknown"])
def test_an_unknown_token_gets_a_new_one_and_a_known_one_comes_back(token):
    rig = Rig(registered=False)
    first = rig.ask("RegisterPlugin", Name="a", Token=token)["Token"]
    assert first not in (None, "", "unknown")
    assert rig.ask("RegisterPlugin", Name="a", Token=first)["Token"] == first
    assert rig.ask("RegisterPlugin", Name="a")["Token"] != first


def test_a_token_of_an_earlier_run_is_known_where_it_was_kept():
    kept = "an earlier one"
    rig = Rig(registered=False, memory={"token": kept})
    assert rig.ask("RegisterPlugin", Name="a", Token=kept)["Token"] == kept


def test_nothing_is_allowed_before_allow_is_ticked_nor_after_it_is_unticked():
    rig = Rig()
    rig.switch("allow", "off")
    assert rig.ask("GetIsApproval") == {"Result": False}
    assert rig.ask("GetDocuments") == {"ErrorType": "PluginNotRegistered"}
    rig.switch("allow", "on")
    assert "ErrorType" not in rig.ask("GetDocuments")


def enter(rig, client, name, token=None):
    return rig.ask("RegisterPlugin", client=client, Name=name, Token=token)["Token"]


def approved(rig, *clients):
    return [rig.ask("GetIsApproval", client=client)["Result"] for client in clients]


def test_one_who_is_allowed_allows_no_other():
    rig = Rig(clients=2, registered=False)
    rig.switch("allow", "off")
    enter(rig, 1, "first")
    rig.switch("allow", "on")
    enter(rig, 2, "second")
    assert approved(rig, 1, 2) == [True, False]
    assert rig.ask("GetDocuments", client=2) == {"ErrorType": "PluginNotRegistered"}
    assert rig.double.visible(0) == "Modeling · not allowed: second"
    rig.switch("allow", "on")
    assert approved(rig, 1, 2) == [True, True]


def test_a_box_is_ticked_by_its_name():
    rig = Rig(clients=4, registered=False)
    rig.switch("allow", "off")
    for client, name in enumerate(("first", "second", "second", "third"), 1):
        enter(rig, client, name)
    rig.switch("allow", "on Second")
    assert approved(rig, 1, 2, 3, 4) == [False, True, True, False]
    assert rig.double.visible(0) == "Modeling · not allowed: first, third"
    rig.switch("allow", "off second")
    rig.switch("allow", "on first")
    assert approved(rig, 1, 2, 3, 4) == [True, False, False, False]
    assert "there are first, second, third" in rig.double.switch("allow", "on nobody", 0)[1]


def test_what_is_allowed_before_anybody_came_is_the_first_who_comes():
    rig = Rig(clients=2, registered=False)
    rig.switch("allow", "off")
    assert rig.double.visible(0) == "Modeling · not allowed"
    rig.switch("allow", "on")
    assert rig.double.visible(0) == "Modeling"
    enter(rig, 1, "first")
    enter(rig, 2, "second")
    assert approved(rig, 1, 2) == [True, False]


def test_where_nothing_was_said_of_allowing_everybody_is_allowed():
    rig = Rig(clients=3, registered=False)
    for client in (1, 2, 3):
        enter(rig, client, "any")
    rig.switch("allow", "on any")
    assert approved(rig, 1, 2, 3) == [True, True, True]


def test_permission_goes_with_the_token_and_not_with_the_name_or_the_connection():
    rig = Rig(clients=3, registered=False)
    rig.switch("allow", "off")
    token = enter(rig, 1, "mine")
    rig.switch("allow", "on")
    rig.double.disconnected(1, 0)
    assert enter(rig, 2, "renamed", token) == token
    enter(rig, 3, "mine")
    assert approved(rig, 2, 3) == [True, False]


def test_events_come_to_those_alone_who_are_allowed():
    rig = Rig(clients=2)
    for client in (1, 2):
        rig.ask("NotifyChangeEditMode", client=client, Enabled=True)
    rig.switch("allow", "off")
    assert rig.switch("mode", "Physics") == []


def test_permission_is_a_connections_own():
    rig = Rig(clients=2, registered=False)
    rig.ask("RegisterPlugin", Name="a")
    assert rig.ask("GetIsApproval", client=2) == {"ErrorType": "PluginNotRegistered"}


def test_the_same_seed_gives_the_same_uids():
    assert Rig().ask("GetCurrentModelUID") == Rig().ask("GetCurrentModelUID")


# -- values in time


def test_a_value_is_shown_for_half_a_second_after_it_was_sent_last():
    rig = Rig()
    assert rig.set(ParamAngleY=10) == {}
    rig.at(HALF - 1)
    assert rig.value("ParamAngleY") == 10
    rig.set(ParamAngleY=12)
    rig.at(2 * HALF - 2)
    assert rig.double.visible(rig.now) == "Modeling · ParamAngleY 12.0 until 0.9 s"
    rig.at(2 * HALF)
    assert rig.value("ParamAngleY") == 0
    assert rig.double.visible(rig.now) == "Modeling"


@pytest.mark.parametrize(("expiry", "left"), [("parameter", 0.0), ("buffer", 5.0)])
def test_whether_the_half_second_runs_for_each_parameter_is_a_switch(expiry, left):
    rig = Rig()
    rig.switch("expiry", expiry)
    rig.set(ParamAngleX=5)
    rig.at(HALF - 1)
    rig.set(ParamAngleY=10)
    rig.at(HALF + 1)
    assert (rig.value("ParamAngleX"), rig.value("ParamAngleY")) == (left, 10)


def test_clear_throws_everything_away_at_once():
    rig = Rig()
    rig.set(ParamAngleX=5, ParamAngleY=5)
    assert rig.about("ClearParameterValues") == {}
    assert (rig.value("ParamAngleX"), rig.double.deadline) == (0, None)


def test_values_outlive_the_connection_that_sent_them():
    rig = Rig(clients=2)
    rig.set(ParamAngleX=5)
    rig.double.disconnected(1, 0)
    assert "ParamAngleX 5.0" in rig.double.visible(0)


def test_a_number_in_quotes_is_a_number_and_what_is_shown_is_within_the_models_ends():
    rig = Rig()
    assert rig.set(ParamAngleX="7.5", ParamAngleY=99) == {}
    assert (rig.value("ParamAngleX"), rig.value("ParamAngleY")) == (7.5, 30)


@pytest.mark.parametrize("value", ["ten", None, True, [1], math.nan, math.inf, 10**400, "1e999"])
def test_what_is_no_number_is_refused(value):
    assert Rig().set(ParamAngleX=value) == {"ErrorType": "InvalidData"}


def test_without_a_catalogue_any_parameter_is_there():
    rig = Rig()
    assert rig.set(ParamTail=0.5) == {}
    assert rig.value("ParamTail") == 0.5
    assert "ParamTail" in [row["Id"] for row in rig.about("GetParameters")["Parameters"]]


def test_with_a_catalogue_exactly_its_parameters_are_there():
    rig = Rig({"parameters": (Entry("Tail", minimum=-1, maximum=1, default=0.5, label="The tail"),)})
    assert rig.set(Tail=1, ParamAngleX=1) == {"ErrorType": "InvalidParameter"}
    assert rig.value("Tail") == 0.5
    (row,) = rig.about("GetParameters")["Parameters"]
    assert (row["Id"], row["Name"], row["Min"], row["Max"], row["Default"]) == ("Tail", "The tail", -1, 1, 0.5)


# -- by hand


def test_a_model_can_be_closed_and_has_another_uid_when_it_is_opened_again():
    rig = Rig()
    before = rig.ask("GetCurrentModelUID")["ModelUID"]
    rig.switch("model", "close")
    assert rig.ask("GetCurrentModelUID") == {"ErrorType": "InvalidModel"}
    assert rig.ask("GetParameters", ModelUID=before) == {"ErrorType": "InvalidModel"}
    assert rig.ask("GetCurrentDocumentUID") == {"ErrorType": "InvalidDocument"}
    assert rig.ask("GetDocuments")["ModelingDocuments"] == []
    assert rig.double.visible(0) == "no model is open"
    rig.switch("model", "open")
    assert rig.ask("GetCurrentModelUID")["ModelUID"] != before


def test_events_come_to_those_who_asked_for_them_until_they_do_no_more():
    rig = Rig(clients=2)
    rig.ask("NotifyChangeEditMode", Enabled=True)
    ((to, event),) = rig.switch("mode", "FormAnimation")
    assert (to, event["Type"], event["Method"], event["Data"]) == (
        1,
        "Event",
        "NotifyChangeEditMode",
        {"EditMode": "FormAnimation"},
    )
    assert "RequestId" not in event
    assert rig.ask("GetCurrentEditMode") == {"EditMode": "FormAnimation"}
    assert rig.switch("event", "NotifyMocFileExported") == []
    rig.ask("NotifyChangeEditMode", Enabled=False)
    assert rig.switch("mode", "Physics") == []


def test_an_exported_moc_file_comes_with_its_files():
    rig = Rig()
    rig.ask("NotifyMocFileExported", Enabled=True)
    ((_, event),) = rig.switch("event", "NotifyMocFileExported")
    assert set(event["Data"]) == {"Path", "ModelFilePath", "Files"}


def test_an_older_editor_does_not_know_newer_versions():
    rig = Rig()
    rig.switch("version", "0.9.3")
    assert rig.send("GetDocuments", {})["Data"] == {"ErrorType": "UnsupportedVersion"}
    assert rig.send("GetAPIVersion", {}, Version="0.9.3")["Data"] == {"Version": "0.9.3"}


@pytest.mark.parametrize("version", ["0.9.5", "0.9.0", "1.0.1", "0.10.0", "0.0.1"])
def test_any_version_up_to_the_newest_is_taken_and_comes_back(version):
    reply = Rig().send("GetDocuments", {}, Version=version)
    assert (reply["Type"], reply["Version"]) == ("Response", version)
    assert Rig().ask("SetGlobalVersion", Version=version) == {}


@pytest.mark.parametrize(
    "version", ["1.0.2", "1.10.0", "10.0.0", "0.9", "0.9.5.1", "v1.0.1", "", "1.0.x", 1.0, ["1.0.1"]]
)
def test_a_newer_version_is_none_and_neither_is_what_is_none(version):
    reply = Rig().send("GetDocuments", {}, Version=version)
    assert reply["Data"] == {"ErrorType": "UnsupportedVersion"}
    assert reply["Version"] == "1.0.1"


def test_versions_are_compared_as_numbers():
    rig = Rig()
    rig.switch("version", "0.9.3")
    assert rig.send("GetDocuments", {}, Version="0.9.10")["Data"] == {"ErrorType": "UnsupportedVersion"}
    assert rig.send("GetDocuments", {}, Version="0.9.2")["Type"] == "Response"


def test_whether_it_may_be_edited_is_known_from_1_1_0_on_or_where_it_is_ordered():
    rig = Rig(registered=False)
    assert rig.ask("GetIsEditApproval") == {"ErrorType": "MethodNotFound"}
    rig.switch("edit-approval", "on")
    assert rig.ask("GetIsEditApproval") == {"ErrorType": "PluginNotRegistered"}
    enter(rig, 1, "any")
    rig.switch("allow", "off")  # it is asked before there is a permission
    assert rig.ask("GetIsEditApproval") == {"Result": False}
    rig.switch("edit-approval", "off")
    rig.switch("version", "1.1.0")
    assert rig.ask("GetIsEditApproval") == {"Result": False}


def test_a_registration_can_be_answered_twice():
    rig = Rig()
    rig.switch("twice", "on")
    first = rig.send("RegisterPlugin", {"Name": "x"})
    assert rig.double.deadline == HALF
    assert [reaction.frame for reaction in rig.double.elapsed(HALF)] == [first]


def test_faults_come_when_they_are_ordered():
    rig = Rig(clients=2)
    rig.switch("fault", "silent 2")
    assert rig.ask("GetIsApproval") == {"Result": True}
    assert rig.all({"Type": "Request", "Method": "GetIsApproval", "Data": {}}) == []
    rig.switch("fault", "error InvalidView")
    assert rig.ask("GetIsApproval") == {"ErrorType": "InvalidView"}
    assert [type(text) for _, text in rig.switch("fault", "garbage")] == [str, str]
    assert rig.switch("fault", "drop") == [Hang(1), Hang(2)]


@pytest.mark.parametrize(
    ("name", "value"), [("fly", None), ("mode", "Cooking"), ("allow", "perhaps"), ("model", None), ("fault", "x")]
)
def test_a_switch_that_does_not_exist_is_said_so(name, value):
    reactions, wrong = Rig().double.switch(name, value, 0)
    assert (list(reactions), bool(wrong)) == ([], True)
