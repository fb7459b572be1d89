"""The journal's file: no disk holds the show up, and what it takes late or not at all is said and counted."""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
from pathlib import Path

import pytest

from showrunner.diagnostics.refusal import Refusal
from showrunner.reports.entries import written
from showrunner.running.journal_file import JournalFile

PATIENCE = 20.0


def entry(seq, **more):
    return {"seq": seq, "at": seq * 1000, "kind": "log", "message": f"entry {seq}", **more}


class Disk:
    """A disk that does what a test says: `full` takes so many bytes and refuses, `stands` takes none until `go`."""

    def __init__(self):
        self.room: int | None = None
        self.go = threading.Event()
        self.go.set()
        self.asked = threading.Event()

    def write(self, number, data):
        self.asked.set()
        assert self.go.wait(PATIENCE)
        if self.room is None:
            return os.write(number, data)
        if not self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = os.write(number, data[: self.room])
        self.room -= done
        return done


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def file(tmp_path, disk):
    said = []
    made = JournalFile(str(tmp_path / "a.journal"), said.append, write=disk.write)
    made.said = said
    yield made
    disk.go.set()
    disk.room = None
    made.close()


def read(file):
    return written(Path(file.path).read_bytes())


def test_entries_are_there_in_their_order_when_it_is_closed(file):
    for seq in range(500):
        file(entry(seq))
    file.close()
    found = read(file)
    assert [one["seq"] for one in found.entries] == list(range(500))
    assert found.torn == ()
    assert file.said == []


def test_a_disk_that_stands_holds_nobody_up(file, disk):
    disk.go.clear()
    file(entry(0))
    assert disk.asked.wait(PATIENCE)  # the writer stands in it
    for seq in range(1, 1000):
        file(entry(seq))  # and these come back all the same
    disk.go.set()
    file.close()
    assert len(read(file).entries) == 1000


def test_a_line_that_was_torn_is_written_once_more_behind_it(file, disk):
    first = len(json.dumps(entry(0), separators=(",", ":"))) + 1
    disk.room = first + 10  # the second line is torn after ten bytes
    file(entry(0))
    file(entry(1))
    file(entry(2))
    while not file.said:
        disk.asked.wait(PATIENCE)
    assert "no space left on device" in file.said[0]
    disk.room = None
    file.close()
    found = read(file)
    assert [one["seq"] for one in found.entries] == [0, 1, 2]
    assert len(found.torn) == 1
    assert file.said[-1].endswith("is written again")


def test_what_never_comes_to_the_disk_is_counted_at_the_end(file, disk):
    disk.room = 0
    for seq in range(3):
        file(entry(seq))
    file.close()
    assert file.said[-1] == f"3 entries of the journal are not in `{file.path}`"


def test_more_than_may_wait_is_dropped_and_an_entry_says_how_many(tmp_path, disk):
    said = []
    file = JournalFile(str(tmp_path / "a.journal"), said.append, most=1_000, write=disk.write)
    disk.go.clear()
    for seq in range(200):
        file(entry(seq))
    disk.go.set()
    file.close()
    found = read(file).entries
    kept = [one for one in found if one["kind"] == "log"]
    (dropped,) = [one for one in found if one["kind"] == "dropped"]
    assert len(kept) + dropped["entries"] == 200
    assert dropped["seq"] == len(kept)
    assert dropped["at"] == len(kept) * 1000
    assert "THE JOURNAL HAS GAPS" in said[0]


def test_a_journal_that_has_entries_is_never_written_over(tmp_path):
    path = tmp_path / "a.journal"
    names = []
    for seq in range(3):
        made = JournalFile(str(path), names.append)
        made(entry(seq))
        made.close()
        assert [one["seq"] for one in read(made).entries] == [seq]
        names.append(made.path)
    assert names == [str(path), f"{path}.2", f"{path}.3"]


def test_an_empty_file_of_that_name_is_taken(tmp_path):
    path = tmp_path / "a.journal"
    path.touch()
    made = JournalFile(str(path), pytest.fail)
    made.close()
    assert made.path == str(path)


def test_two_shows_that_wait_to_begin_have_a_journal_each(tmp_path):
    path = tmp_path / "a.journal"
    first, second = JournalFile(str(path), pytest.fail), JournalFile(str(path), pytest.fail)
    for seq, made in enumerate((first, second)):
        made(entry(seq))
        made.close()
    assert [[one["seq"] for one in read(made).entries] for made in (first, second)] == [[0], [1]]


@pytest.mark.skipif(sys.platform == "win32", reason="there a file that is being written cannot be deleted")
def test_a_journal_that_was_deleted_is_said_once(file):
    file(entry(0))
    Path(file.path).unlink()
    for seq in range(1, 400):
        file(entry(seq))
        file(entry(seq, message="x" * 2000))
    file.close()
    assert [one for one in file.said if "has been deleted" in one] == [
        f"the journal `{file.path}` has been deleted: it is gone when the show has ended"
    ]


@pytest.mark.parametrize("name", ["no/such/folder/a.journal", "a\0b", "."])
def test_a_journal_that_cannot_be_made_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Refusal, match="cannot be written"):
        JournalFile(name, pytest.fail)


def test_a_command_waits_for_a_disk_that_stands_once_and_no_more_until_it_goes_again(tmp_path):
    disk = Disk()
    file = JournalFile(str(tmp_path / "a.journal"), print, write=disk.write)
    file(entry(0))
    file.settle()
    assert (tmp_path / "a.journal").read_bytes().count(b"\n") == 1
    disk.go.clear()
    disk.asked.clear()
    file(entry(1))
    assert disk.asked.wait(PATIENCE)
    waited = []
    taken, file._taken.wait_for = file._taken.wait_for, lambda *_: waited.append(1)
    file.settle()
    file.settle()
    assert waited == [1]
    file._taken.wait_for = taken
    disk.go.set()
    file.close()
    assert (tmp_path / "a.journal").read_bytes().count(b"\n") == 2
    assert not file._behind


def filled(disk):
    """Wait until it has taken all that there is room for."""
    while disk.room:
        disk.asked.clear()
        assert not disk.room or disk.asked.wait(PATIENCE)


def renewed(count):
    return [entry(seq, before=1_000_000 - seq) for seq in range(count)]


def test_what_it_has_is_written_over_once_more_is_known_of_it(file):
    for seq in range(50):
        file(entry(seq))
    file.renew(renewed(50))
    for seq in range(50, 100):
        file(entry(seq))
    file.close()
    assert Path(file.path).read_bytes().count(b"\n") == 100
    assert list(read(file).entries) == [*renewed(50), *map(entry, range(50, 100))]
    assert file.said == []


def test_a_disk_that_is_full_meanwhile_gets_it_later(file, disk):
    for seq in range(50):
        file(entry(seq))
    file.settle()
    disk.room = 1_000
    file.renew(renewed(50))
    file(entry(50))
    filled(disk)
    disk.room = None
    file.close(PATIENCE)
    assert list(read(file).entries) == [*renewed(50), entry(50)]


def test_a_torn_line_is_written_over_too(file, disk):
    disk.room = 70
    for seq in range(3):
        file(entry(seq))
    filled(disk)
    file.renew(renewed(3))
    file(entry(3))
    disk.room = None
    file.close(PATIENCE)
    assert list(read(file).entries) == [*renewed(3), entry(3)]
    assert not read(file).torn


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names in a folder")
def test_a_pipe_keeps_what_it_was_given(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_bytes()))
    reader.start()
    made = JournalFile(str(tmp_path / "pipe"), got.append)
    made(entry(0))
    made.renew(renewed(1))
    made(entry(1))
    made.close()
    reader.join(PATIENCE)
    assert [json.loads(one) for one in got[0].splitlines()] == [entry(0), entry(1)]


def test_a_file_that_has_more_than_that_keeps_it(file, disk):
    disk.room = 70
    for seq in range(3):
        file(entry(seq, message="long" * 20))
    filled(disk)
    file.renew([entry(0)])
    file(entry(3))
    disk.room = None
    file.close(PATIENCE)
    assert list(read(file).entries) == [*(entry(seq, message="long" * 20) for seq in range(3)), entry(3)]
