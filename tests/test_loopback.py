"""The world in memory: what arrives when, and in what order."""

import pytest

from showrunner.devices.vocabulary import Emit, Hang, Way
from showrunner.wires.loopback import CLIENT_RETRY, PAGE_RETRY, World
from showrunner.wires.wire import Arrival, Connected, Disconnected, Pressed, Received, Unreachable
from tests.ways import DIALLED, PAGE


class Parrot:
    """Greets, repeats, and chimes every ``chime`` microseconds; `hang` closes the connection."""

    def __init__(self, chime=None):
        self.chime, self.deadline, self.connections, self.heard = chime, chime, [], []

    def connected(self, connection, now, _=""):
        self.connections.append(connection)
        return [Emit(connection, {"hello": now})]

    def disconnected(self, connection, now):
        self.connections.remove(connection)
        return [Emit(connection, {"bye": now})]

    def received(self, connection, frame, now):
        self.heard.append((now, frame))
        return [Hang(connection)] if frame == {"hang": 1} else [Emit(connection, frame)]

    def elapsed(self, now):
        self.deadline += self.chime
        return [Emit(connection, {"chime": now}) for connection in self.connections]

    def switch(self, name, value, now):  # noqa: ARG002
        return ([Emit(c, {name: value}) for c in self.connections], None) if name == "say" else ([], "no such switch")


def world(latency=0, chime=None, way=DIALLED, **options):
    made = World(latency)
    parrot = Parrot(chime)
    return made, parrot, made.join("bird", parrot, (way,), **options)


def all_until(made, until):
    seen = []
    while (arrival := made.next(until)) is not None:
        seen.append(arrival)
    assert made.now() == until
    return seen


def test_without_latency_everything_happens_at_the_same_instant():
    made, _, wire = world()
    wire.open()
    assert made.next(0) == Arrival(0, "bird", Connected(1))
    assert made.next(0) == Arrival(0, "bird", Received(1, {"hello": 0}))
    wire.send(1, {"a": 1})
    assert made.next(0) == Arrival(0, "bird", Received(1, {"a": 1}))
    assert made.next(0) is None


def test_latency_is_paid_each_way():
    made, parrot, wire = world(latency=10)
    wire.open()
    assert all_until(made, 15) == [Arrival(10, "bird", Connected(1))]
    wire.send(1, {"a": 1})
    assert all_until(made, 100) == [
        Arrival(20, "bird", Received(1, {"hello": 10})),
        Arrival(35, "bird", Received(1, {"a": 1})),
    ]
    assert parrot.heard == [(25, {"a": 1})]


def test_at_one_instant_the_operator_comes_first_then_faults_then_the_rest_in_order():
    made, _, wire = world(chime=50)
    wire.open()
    all_until(made, 40)
    wire.send(1, {"late": 1})
    all_until(made, 49)
    made.lose("bird", 50)
    made.press(50, Pressed("go"))
    made.press(50, Pressed("pause"))
    assert all_until(made, 60) == [
        Arrival(50, "", Pressed("go")),
        Arrival(50, "", Pressed("pause")),
        Arrival(50, "bird", Disconnected(1, "the connection was lost")),
    ]


def test_a_double_acts_by_itself_when_virtual_time_gets_there():
    made, _, wire = world(chime=1_000_000)
    wire.open()
    chimes = [
        arrival.at
        for arrival in all_until(made, 3_600_000_000)
        if isinstance(arrival.what, Received) and "chime" in arrival.what.frame
    ]
    assert chimes == [n * 1_000_000 for n in range(1, 3601)]


def test_a_double_is_asked_when_it_wants_to_act_only_where_it_was_called():
    class Idle(Parrot):
        asked = 0

        @property
        def deadline(self):
            self.asked += 1

        @deadline.setter
        def deadline(self, _):
            pass

    made, idle = World(), Idle()
    made.join("idle", idle, (DIALLED,)).open()
    made.join("busy", Parrot(chime=1_000_000), (DIALLED,)).open()
    all_until(made, 3_600_000_000)
    assert idle.asked == 2  # as it joined, and once it was connected


def test_two_doubles_due_at_once_act_in_the_order_in_which_they_joined():
    made = World()
    for name in ("zoe", "abe"):
        made.join(name, Parrot(100), (DIALLED,)).open()
    late = [arrival for arrival in all_until(made, 100) if arrival.at == 100]
    assert [arrival.device for arrival in late] == ["zoe", "abe"]


def test_nothing_comes_while_the_application_is_away_and_it_is_found_again():
    made, parrot, wire = world(latency=5)
    wire.open()
    made.lose("bird", 100)
    made.restore("bird", 300)
    all_until(made, 99)
    wire.send(1, {"on": "its way"})
    seen = all_until(made, 250)
    wire.send(1, {"a": 1})
    seen += all_until(made, 1000)
    assert seen == [
        Arrival(100, "bird", Disconnected(1, "the connection was lost")),
        Arrival(305, "bird", Connected(2)),
        Arrival(310, "bird", Received(2, {"hello": 305})),
    ]
    assert parrot.heard == []


def test_an_application_that_is_not_there_is_unreachable():
    made, _, wire = world()
    made.lose("bird", 0)
    assert all_until(made, 0) == []
    wire.open()
    (arrival,) = all_until(made, 10)
    assert isinstance(arrival.what, Unreachable)


@pytest.mark.parametrize(("way", "pause"), [(DIALLED, CLIENT_RETRY), (PAGE, PAGE_RETRY)])
def test_after_a_hang_up_it_is_dialled_again(way, pause):
    made, _, wire = world(way=way)
    wire.open()
    all_until(made, 10)
    wire.send(1, {"hang": 1})
    seen = [(a.at, a.what) for a in all_until(made, 10_000_000) if not isinstance(a.what, Received)]
    assert seen == [(10, Disconnected(1, "the application closed the connection")), (10 + pause, Connected(2))]


def test_a_dropped_connection_ends_and_the_next_has_a_new_number():
    made, parrot, wire = world()
    wire.open()
    all_until(made, 10)
    wire.drop(7, "not this one")
    wire.drop(1, "of no use")
    seen = [a.what for a in all_until(made, 10_000_000) if not isinstance(a.what, Received)]
    assert seen == [Disconnected(1, "of no use"), Connected(2)]
    assert parrot.connections == [2]


def test_a_closed_wire_is_silent():
    made, parrot, wire = world(chime=10)
    wire.open()
    all_until(made, 5)
    wire.send(1, {"a": 1})
    wire.close()
    wire.send(1, {"b": 1})
    assert all_until(made, 10_000_000) == []
    assert parrot.connections == []


def test_every_nth_frame_of_the_double_is_lost_on_order():
    made, _, wire = world(lose_every=3)
    wire.open()
    all_until(made, 0)
    for n in range(5):
        wire.send(1, {"n": n})
    assert [a.what.frame["n"] for a in all_until(made, 10)] == [0, 2, 3]


def test_a_switch_is_flipped_at_its_time_and_an_unknown_one_is_an_error():
    made, _, wire = world()
    wire.open()
    made.switch("bird", 20, "say", "hi")
    assert all_until(made, 30)[-1] == Arrival(20, "bird", Received(1, {"say": "hi"}))
    made.switch("bird", 40, "sing", None)
    with pytest.raises(ValueError, match="no such switch"):
        made.next(50)


def test_with_nothing_to_come_and_no_limit_none_is_given_and_time_stands():
    made, _, _ = world()
    assert made.next(None) is None
    assert made.now() == 0


def test_time_never_goes_back():
    made, _, _ = world()
    all_until(made, 100)
    made.press(50, Pressed("go"))
    assert made.next(20) is None
    assert made.next(200) == Arrival(100, "", Pressed("go"))
    assert made.now() == 100


def test_the_same_plan_gives_the_same_arrivals():
    def once():
        made, _, wire = world(latency=7, chime=13)
        wire.open()
        made.lose("bird", 100)
        made.restore("bird", 120)
        made.press(104, Pressed("go"))
        seen = []
        while (arrival := made.next(400)) is not None:
            seen.append(arrival)
            if isinstance(arrival.what, Received) and len(seen) % 3 == 0:
                wire.send(arrival.what.connection, {"re": len(seen)})
        return seen

    assert once() == once()
    assert len(once()) > 30


def test_a_name_joins_once():
    made, _, _ = world()
    with pytest.raises(ValueError, match="bird"):
        made.join("bird", Parrot(), (DIALLED,))


def test_connections_count_over_all_ways_and_at_one_instant_come_in_the_order_of_the_ways():
    made, parrot = World(), Parrot()
    page, events = Way("page", "json", "server", "url"), Way("events", "json", "client", "url")
    wire = made.join("bird", parrot, (page, events))
    wire.open()
    arrivals = [one.what for one in all_until(made, 0)]
    assert arrivals == [Connected(1), Received(1, {"hello": 0}), Connected(2), Received(2, {"hello": 0})]
    assert [one.way for one in arrivals if isinstance(one, Connected)] == ["page", "events"]
    wire.send(2, {"a": 1})
    wire.send(1, {"b": 1})
    assert [one.what for one in all_until(made, 0)] == [Received(1, {"b": 1}), Received(2, {"a": 1})]
    wire.drop(2, "enough")
    assert made.next(0).what == Disconnected(2, "enough")
    wire.send(1, {"c": 1})
    assert made.next(0).what == Received(1, {"c": 1})
    assert made.next(CLIENT_RETRY).what == Connected(3)


OSC = Way("out", "osc", "client", "send")


def test_datagrams_say_where_they_come_from_and_a_bundle_is_its_messages():
    made, parrot = World(1_000), Parrot()
    wire = made.join("bird", parrot, (OSC,))
    wire.open()
    one, two, three = ({"address": f"/{n}", "args": [["i", n]]} for n in (1, 2, 3))
    assert made.next(None).what == Connected(1)
    wire.send(1, {"bundle": [one, {"bundle": [two]}, three]})
    heard = [{**frame, "from": "127.0.0.1:0"} for frame in (one, two, three)]
    assert [arrival.what.frame for arrival in all_until(made, 5_000)][1:] == heard
    assert [frame for _, frame in parrot.heard] == heard


def test_datagrams_are_lost_and_overtaken_on_order_and_nobody_is_told():
    made, parrot = World(1_000), Parrot()
    wire = made.join("bird", parrot, (OSC,), lose_every=3, swap_every=4)
    wire.open()
    assert made.next(None).what == Connected(1)  # the greeting is the first datagram
    for number in range(2, 7):
        wire.send(1, {"address": "/a", "args": [["i", number]]})
    assert made.next(made.now()) is None
    all_until(made, 50_000)
    assert [frame["args"][0][1] for _, frame in parrot.heard] == [2, 5, 4]


def test_a_datagram_to_an_application_that_is_away_is_lost_and_nothing_connects_anew():
    made, parrot = World(), Parrot()
    wire = made.join("bird", parrot, (OSC,))
    wire.open()
    all_until(made, 0)
    made.lose("bird", 1)
    assert made.next(1) is None
    wire.send(1, {"address": "/lost", "args": []})
    made.restore("bird", 2)
    assert made.next(2) is None
    wire.send(1, {"address": "/there", "args": []})
    assert [arrival.what.frame["address"] for arrival in all_until(made, 3)] == ["/there"]


def test_events_come_and_nothing_goes_by_a_way_of_events():
    made, parrot = World(), Parrot()
    wire = made.join("bird", parrot, (Way("events", "sse", "client", "url"),))
    wire.open()
    assert [one.what for one in all_until(made, 0)] == [Connected(1), Received(1, {"hello": 0})]
    wire.send(1, {"a": 1})
    assert (made.next(0), parrot.heard) == (None, [])
