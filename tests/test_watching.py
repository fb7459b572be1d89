"""A watch on the files of a show: real files on disk, saved as editors and other programs do, step by step."""

import os
import shutil
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from showrunner.show import watch
from showrunner.show.watch import Watch
from tests.disk import LINKS

PATIENCE = 20
"""Seconds after which a change that was not told fails its test."""

OLD, NEW = "at 0s log 'old'\n", "at 0s log 'new'\n"


class Witness:
    """Takes down what a file held whenever a change was told."""

    def __init__(self, path):
        self.path = path
        self.contents = []
        self.told = threading.Condition()

    def __call__(self):
        try:
            content = self.path.read_text("utf-8")
        except OSError:
            content = None
        with self.told:
            self.contents.append(content)
            self.told.notify_all()

    def sees(self, content, after=0):
        """Wait until a change was told (the first ``after`` ones not counted) and the file held ``content`` then."""
        with self.told:
            return self.told.wait_for(lambda: content in self.contents[after:], PATIENCE)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "show" / "a.show"
    path.parent.mkdir()
    path.write_text(OLD, "utf-8")
    return path


@pytest.fixture(params=["events", "polling"])
def polling(request):
    return request.param == "polling"


@pytest.fixture
def witness(script, polling):
    before = set(threading.enumerate())
    seen = Witness(script)
    watch = Watch([script], seen, polling=polling)
    seen.watch = watch
    yield seen
    watch.close()
    assert set(threading.enumerate()) <= before


# ----------------------------------------------------------------------------------------------------- habits of saving


def atomic_rename(path):
    beside = path.with_name("a.show.tmp")
    beside.write_text(NEW, "utf-8")
    beside.replace(path)


def vim(path):
    backup = path.with_name("a.show~")
    probe = path.with_name("4913")
    probe.write_bytes(b"")
    probe.unlink()
    path.rename(backup)
    with path.open("w", encoding="utf-8") as out:
        out.write(NEW)
        out.flush()
        os.fsync(out.fileno())
    backup.unlink()


def vs_code(path):
    handle = os.open(path, os.O_WRONLY | os.O_TRUNC)
    os.write(handle, NEW.encode())
    os.close(handle)


def notepad(path):
    handle = os.open(path, os.O_RDWR)
    os.write(handle, NEW.encode())
    os.ftruncate(handle, len(NEW))
    os.close(handle)


def rsync(path):
    beside = path.with_name(".a.show.Xy12ab")
    beside.touch(0o600)
    for piece in (NEW[:5], NEW[5:]):
        with beside.open("a", encoding="utf-8") as out:
            out.write(piece)
    os.utime(beside, (1_000_000_000, 1_000_000_000))
    beside.chmod(0o644)
    beside.replace(path)


def jetbrains(path):
    fresh, old = path.with_name("a.show___jb_tmp___"), path.with_name("a.show___jb_old___")
    fresh.write_text(NEW, "utf-8")
    path.rename(old)
    fresh.rename(path)
    old.unlink()


def emacs(path):
    shutil.copy2(path, path.with_name("a.show~"))
    lock = path.with_name(".#a.show")
    lock.write_text("me", "utf-8")
    path.write_text(NEW, "utf-8")
    lock.unlink()


def from_another_folder(path):
    beside = path.parent.parent / "elsewhere"
    beside.write_text(NEW, "utf-8")
    beside.replace(path)


HABITS = [atomic_rename, vim, vs_code, notepad, rsync, jetbrains, emacs, from_another_folder]


@pytest.mark.parametrize("save", HABITS, ids=lambda habit: habit.__name__)
def test_a_file_that_is_saved_is_told_with_its_new_content_and_nothing_in_between(witness, script, save):
    save(script)
    assert witness.sees(NEW)
    script.write_text("the end\n", "utf-8")
    assert witness.sees("the end\n")
    assert [one for one in witness.contents if one not in {NEW, "the end\n"}] == []


def test_what_only_looks_like_a_change_is_none(witness, script):
    os.utime(script)
    script.write_text(OLD, "utf-8")
    script.rename(script.with_name("b.show"))
    script.with_name("b.show").rename(script)
    script.chmod(0o600)
    script.with_name("other.show").write_text("something else", "utf-8")
    script.write_text(NEW, "utf-8")
    assert witness.sees(NEW)
    assert set(witness.contents) == {NEW}


def test_a_file_that_stays_away_is_told_and_again_when_it_is_back(witness, script):
    script.unlink()
    assert witness.sees(None)
    script.write_text(OLD, "utf-8")
    assert witness.sees(OLD)
    assert witness.contents == [None, OLD]


def test_a_folder_that_is_removed_and_made_again_is_watched_again(witness, script):
    shutil.rmtree(script.parent)
    assert witness.sees(None)
    script.parent.mkdir()
    script.write_text(NEW, "utf-8")
    assert witness.sees(NEW)
    vim_again = len(witness.contents)
    script.write_text(OLD, "utf-8")
    assert witness.sees(OLD, after=vim_again)


def test_a_folder_that_is_exchanged_for_another_is_watched_again(witness, script):
    other = script.parent.with_name("other")
    other.mkdir()
    (other / "a.show").write_text(NEW, "utf-8")
    script.parent.rename(script.parent.with_name("old"))
    other.rename(script.parent)
    assert witness.sees(NEW)
    script.write_text("more\n", "utf-8")
    assert witness.sees("more\n")


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path, polling):
    path = tmp_path / "not" / "yet" / "part.show"
    seen = Witness(path)
    watch = Watch([path], seen, polling=polling)
    try:
        path.parent.mkdir(parents=True)
        path.write_text(NEW, "utf-8")
        assert seen.sees(NEW)
    finally:
        watch.close()


def test_the_files_that_are_watched_may_be_others_later(witness, script):
    part = script.parent.parent / "parts" / "part.show"
    part.parent.mkdir()
    part.write_text(OLD, "utf-8")
    witness.watch.watch([script, part])
    witness.path = part
    part.write_text(NEW, "utf-8")
    assert witness.sees(NEW)
    witness.watch.watch([part])
    script.write_text("nobody looks\n", "utf-8")
    part.write_text("the end\n", "utf-8")
    assert witness.sees("the end\n")
    assert set(witness.contents) == {NEW, "the end\n"}


def test_the_one_that_is_told_may_name_other_files_and_end_it(script):
    part = script.with_name("part.show")
    part.write_text(OLD, "utf-8")
    ended = threading.Event()
    files = iter([[script, part]])

    def changed():
        more = next(files, None)
        if more is None:
            watch.close()
            ended.set()
        else:
            watch.watch(more)
            part.write_text(NEW, "utf-8")

    watch = Watch([script], changed)
    script.write_text(NEW, "utf-8")
    assert ended.wait(PATIENCE)
    watch._thread.join(PATIENCE)
    assert not watch._thread.is_alive()


@LINKS
def test_a_link_is_followed_and_may_point_elsewhere_later(tmp_path, polling):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "real.show").write_text(f"{name}\n", "utf-8")
    link = tmp_path / "a.show"
    link.symlink_to(tmp_path / "middle.show")
    (tmp_path / "middle.show").symlink_to(tmp_path / "one" / "real.show")
    seen = Witness(link)
    watch = Watch([link], seen, polling=polling)
    try:
        (tmp_path / "one" / "real.show").write_text(NEW, "utf-8")
        assert seen.sees(NEW)
        (tmp_path / "new.show").symlink_to(tmp_path / "two" / "real.show")
        (tmp_path / "new.show").replace(tmp_path / "middle.show")
        assert seen.sees("two\n")
        (tmp_path / "two" / "real.show").write_text("more\n", "utf-8")
        assert seen.sees("more\n")
        assert set(seen.contents) == {NEW, "two\n", "more\n"}
    finally:
        watch.close()


@LINKS
def test_a_folder_that_is_a_link_may_point_elsewhere_later(tmp_path, polling):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.show").write_text(f"{name}\n", "utf-8")
    (tmp_path / "now").symlink_to(tmp_path / "one")
    seen = Witness(tmp_path / "now" / "a.show")
    watch = Watch([seen.path], seen, polling=polling)
    try:
        (tmp_path / "next").symlink_to(tmp_path / "two")
        (tmp_path / "next").replace(tmp_path / "now")
        assert seen.sees("two\n")
        (tmp_path / "two" / "a.show").write_text(NEW, "utf-8")
        assert seen.sees(NEW)
    finally:
        watch.close()


def test_many_other_files_in_the_folder_change_nothing(witness, script):
    for number in range(3_000):
        script.with_name(f"frame{number % 50}.png").write_bytes(b"x" * (number % 7))
    script.write_text(NEW, "utf-8")
    assert witness.sees(NEW)
    assert witness.contents == [NEW]


def test_many_changes_at_once_are_told_once(script):
    seen = Witness(script)
    watch = Watch([script], seen, quiet=0.6)
    try:
        for number in range(30):
            script.write_text(f"at {number}s log 'x'\n", "utf-8")
        assert seen.sees("at 29s log 'x'\n")
        assert seen.contents == ["at 29s log 'x'\n"]
    finally:
        watch.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in the file system")
def test_a_pipe_in_the_files_place_holds_nothing_up(script):
    told = threading.Semaphore(0)
    watch = Watch([script], told.release)
    try:
        script.unlink()
        os.mkfifo(script)  # reading it would wait for a writer for ever
        assert told.acquire(timeout=PATIENCE)
        script.unlink()
        script.write_text(NEW, "utf-8")
        assert told.acquire(timeout=PATIENCE)
    finally:
        watch.close()


def test_it_ends_at_once_with_files_that_never_were(tmp_path):
    watch = Watch([tmp_path / "no" / "such" / "file", Path("bad\0name")], pytest.fail)
    watch.close()
    watch.close()
    assert not watch._thread.is_alive()


def test_where_the_system_gives_out_no_more_watches_the_glances_do(script, monkeypatch):
    def refused(*_, **__):
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(watch, "_observer", lambda: SimpleNamespace(schedule=refused, stop=int, join=lambda _: None))
    seen = Witness(script)
    watching = Watch([script], seen)
    try:
        script.write_text(NEW, "utf-8")
        assert seen.sees(NEW)
    finally:
        watching.close()


# ----------------------------------------------------------------------------------------- what time has to do with it


@pytest.fixture
def clock(monkeypatch):
    at = SimpleNamespace(now=100.0)
    monkeypatch.setattr(watch, "time", SimpleNamespace(monotonic=lambda: at.now))
    return at


@pytest.fixture
def still(script, clock, monkeypatch):  # noqa: ARG001 - the clock must be there first
    """A watch without threads: looked by hand, on a clock of the test's."""
    monkeypatch.setattr(watch.threading.Thread, "start", lambda _: None)
    return Watch([script], pytest.fail, polling=True)


@pytest.mark.parametrize("spoil", [lambda path: path.write_bytes(b""), Path.unlink], ids=["emptied", "removed"])
def test_half_a_second_a_file_may_be_empty_or_gone(still, script, clock, spoil):
    spoil(script)
    assert still._look(set()) == (True, False)
    clock.now += 0.49
    assert still._look(set()) == (True, False)
    script.write_text(OLD, "utf-8")
    assert still._look(set()) == (False, False)
    spoil(script)
    clock.now += 0.3
    assert still._look(set()) == (True, False)
    clock.now += 0.3
    script.write_text(NEW, "utf-8")
    assert still._look(set()) == (False, True)
    spoil(script)
    assert still._look(set()) == (True, False)
    clock.now += 0.5
    assert still._look(set()) == (False, True)
    assert still._look(set()) == (False, False)


def test_while_one_file_is_being_saved_the_change_of_another_is_kept_for_later(still, script):
    part = script.with_name("part.show")
    part.write_text(OLD, "utf-8")
    still.watch([script, part])
    script.unlink()
    part.write_text(NEW, "utf-8")
    assert still._look(set()) == (True, False)
    script.write_text(OLD, "utf-8")
    assert still._look(set()) == (False, True)
    assert still._look(set()) == (False, False)


def test_a_second_change_that_looks_like_the_first_is_seen_for_three_seconds(still, script, clock):
    def again(content, at):
        script.write_text(content, "utf-8")
        os.utime(script, (at, at))
        return still._look(set())

    assert again(NEW, 5_000) == (False, True)
    clock.now += 2.9
    assert again(NEW.replace("new", "two"), 5_000) == (False, True)
    clock.now += 0.2
    # Nothing shows any more that it is another: only an event of its name would tell.
    assert again(NEW, 5_000) == (False, False)
    assert still._look({"a.show"}) == (False, True)


def test_a_burst_is_over_after_the_quiet_time_and_never_lasts_longer_than_a_second(still, clock):
    touched = SimpleNamespace(event_type="modified", src_path=b"/somewhere/A.SHOW", dest_path="")
    waits = []

    def wait(seconds):
        waits.append(round(seconds, 6))
        clock.now += min(seconds, 0.03)
        if len(waits) < 60:
            still.dispatch(touched)

    still._condition.wait = wait
    assert still._next(9.0).names == {"a.show"}
    # First the glance's time, then the quiet time again and again, at last what is left of the second.
    assert waits[0] == 9.0
    assert set(waits[1:-1]) == {0.04}
    assert sum(min(one, 0.03) for one in waits[1:]) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", ["opened", "closed_no_write"])
def test_that_somebody_reads_a_file_is_no_event(still, kind):
    still.dispatch(SimpleNamespace(event_type=kind, src_path="/x/a.show", dest_path=""))
    still.dispatch(SimpleNamespace(event_type="modified", src_path="/x/b.show", dest_path=""))
    assert still._burst.names == set()
    still.dispatch(SimpleNamespace(event_type="moved", src_path="/x/b.show", dest_path="/x/a.show"))
    assert still._burst.names == {"a.show"}
