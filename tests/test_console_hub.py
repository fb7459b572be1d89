"""The hub: entries from any thread, readers that come, go and come back."""

import asyncio
import json
import threading
import tracemalloc

import pytest

from showrunner.console import hub as hubs
from showrunner.console.hub import Hub
from tests.consoling import PATIENCE, entry


def numbers(batch):
    return [int(event.split(b"\n")[0][4:]) for event in batch if event.startswith(b"id: ")]


def data(event):
    return json.loads(event.split(b"data: ")[1])


async def attached():
    hub = Hub()
    hub.attach(asyncio.get_running_loop())
    return hub


async def read(reader, count):
    found = []
    while len(found) < count:
        batch = await reader.next(PATIENCE)
        assert batch, found
        found += numbers(batch)
    return found


def test_entries_of_another_thread_come_in_order_and_once():
    async def play():
        hub = await attached()
        writer = threading.Thread(target=lambda: [hub.publish(entry(number)) for number in range(5000)])
        with hub.reader(-1) as early:
            writer.start()
            assert await read(early, 5000) == list(range(5000))
        with hub.reader(4321) as late:
            assert await read(late, 678) == list(range(4322, 5000))
        writer.join()

    asyncio.run(play())


def test_entries_that_come_while_somebody_catches_up_are_neither_lost_nor_doubled():
    async def play():
        hub = await attached()
        for number in range(1000):
            hub.publish(entry(number))
        with hub.reader(-1) as reader:
            found = []
            for number in range(1000, 3000):
                if number % 100 == 0:
                    found += numbers(await reader.next(PATIENCE))
                hub.publish(entry(number))
            found += await read(reader, 3000 - len(found))
            assert found == list(range(3000))

    asyncio.run(play())


def test_a_batch_is_bounded():
    async def play():
        hub = await attached()
        for number in range(100):
            hub.publish(entry(number, message="x" * 10_000))
        with hub.reader(-1) as reader:
            first = await reader.next(PATIENCE)
            assert hubs.BATCH <= sum(map(len, first)) < hubs.BATCH + hubs.LARGEST

    asyncio.run(play())


def test_nothing_to_read_is_nothing_and_the_end_is_none():
    async def play():
        hub = await attached()
        with hub.reader(-1) as reader:
            assert await reader.next(0.001) == []
            hub.publish(entry(0))
            hub.announce("score", {"fingerprint": "a"})
            hub.close()
            batch = await reader.next(PATIENCE)
            assert numbers(batch) == [0]
            assert batch[1] == b'event: score\ndata: {"fingerprint":"a"}\n\n'
            assert await reader.next(PATIENCE) is None
        with hub.reader(-1) as reader:
            reader.leave()
            assert await reader.next(PATIENCE) is None

    asyncio.run(play())


def test_of_many_announcements_the_newest_is_kept():
    async def play():
        hub = await attached()
        with hub.reader(-1) as reader:
            for number in range(1000):
                hub.announce("findings", {"number": number})
            assert [data(event) for event in await reader.next(PATIENCE)] == [{"number": 999}]
            assert await reader.next(0.001) == []

    asyncio.run(play())


def test_who_has_seen_a_later_entry_is_not_told_again():
    async def play():
        hub = await attached()
        hub.publish(entry(0))
        hub.announce("score", {"fingerprint": "a"})
        hub.publish(entry(1))
        hub.publish(entry(2))
        with hub.reader(-1) as reader:
            await read(reader, 3)
        with hub.reader(0) as reader:
            assert [event[:6] for event in await reader.next(PATIENCE)] == [b"id: 1\n", b"id: 2\n", b"event:"]
        with hub.reader(1) as reader:
            assert numbers(await reader.next(PATIENCE)) == [2]
            assert await reader.next(0.001) == []

    asyncio.run(play())


def test_the_time_of_then_is_not_told_to_who_comes_later():
    async def play():
        hub = await attached()
        with hub.reader(-1) as here:
            hub.announce("now", {"at": 1})
            assert await here.next(PATIENCE) == [b'event: now\ndata: {"at":1}\n\n']
        with hub.reader(-1) as later:
            assert await later.next(0.001) == []

    asyncio.run(play())


def test_a_long_entry_is_kept_without_what_is_long():
    async def play():
        hub = await attached()
        long = entry(0, "reply", id=7, device="animaze", frame={"values": ["x" * 900] * 1000}, ok=True)
        hub.publish(long)
        with hub.reader(-1) as reader:
            (event,) = await reader.next(PATIENCE)
        assert len(event) < hubs.LARGEST
        kept = data(event)
        assert (kept["seq"], kept["kind"], kept["id"], kept["ok"]) == (0, "reply", 7, True)
        size = len(json.dumps(long, separators=(",", ":")))
        assert kept["frame"] == f"… {size} bytes in the journal, too long to be shown here"

    asyncio.run(play())


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (float("nan"), '"nan"'),
        (float("-inf"), '"-inf"'),
        ("\ud800", r'"\ud800"'),
        ("a\nid: 9\n\nevent: x\r", r'"a\nid: 9\n\nevent: x\r"'),
        ({"</script>": ["<!--"]}, r'{"\u003c/script\u003e":["\u003c!--"]}'),
    ],
)
def test_whatever_a_device_sends_is_one_event_of_json(value, written):
    async def play():
        hub = await attached()
        hub.publish(entry(0, frame=value))
        with hub.reader(-1) as reader:
            (event,) = await reader.next(PATIENCE)
        assert event.decode() == f'id: 0\ndata: {{"seq":0,"at":0,"kind":"log","frame":{written}}}\n\n'

    asyncio.run(play())


def test_publishing_to_a_loop_that_is_gone_is_no_harm():
    hub = Hub()

    async def play():
        hub.attach(asyncio.get_running_loop())
        hub.publish(entry(0))

    asyncio.run(play())
    hub.publish(entry(1))
    hub.announce("score", {})
    assert len(hub) == 2

    async def again():
        hub.attach(asyncio.get_running_loop())
        with hub.reader(-1) as reader:
            assert await read(reader, 2) == [0, 1]

    asyncio.run(again())


def test_slow_readers_cost_no_memory():
    async def play():
        hub = await attached()
        readers = [hub.reader(-1) for _ in range(20)]
        for reader in readers:
            reader.__enter__()
        tracemalloc.start()
        for number in range(4_000):
            hub.publish(entry(number, "cue", segment="one", track="main", cue="L7", due=number, late=0))
            hub.announce("findings", {"number": number})
        with hub.reader(-1) as quick:
            assert await read(quick, 4_000) == list(range(4_000))
        used, _ = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        for reader in readers:
            reader.__exit__()
        assert used < 4_000 * 400

    asyncio.run(play())
