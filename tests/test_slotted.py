"""Dataclasses made quickly are what the standard library's are: each case is tried on both."""

import copy
import dataclasses
import pickle

import pytest

from showrunner import slotted


@dataclasses.dataclass(frozen=True, slots=True)
class Standard:
    """Four fields of all kinds."""

    a: int
    b: str = "b"
    c: list[int] = dataclasses.field(default_factory=list)
    d: object = dataclasses.field(default=None, compare=False)


@slotted.dataclass(frozen=True, slots=True)
class Quick:
    """Four fields of all kinds."""

    a: int
    b: str = "b"
    c: list[int] = dataclasses.field(default_factory=list)
    d: object = dataclasses.field(default=None, compare=False)


@slotted.dataclass(frozen=True, slots=True)
class One:
    """One field."""

    a: object


@slotted.dataclass(frozen=True, slots=True)
class Nothing:
    """No field."""


@slotted.dataclass(frozen=True, slots=True)
class Shown:
    """Has a `__repr__` and a hash of its own."""

    a: int

    def __repr__(self):
        return "shown"

    def __hash__(self):
        return 7


@dataclasses.dataclass(frozen=True, slots=True)
class More(Quick):
    """A class of the standard library's on top of one of ours."""

    e: int = 5


@slotted.dataclass(frozen=True, slots=True)
class Further(Quick):
    """One of ours on top of one of ours."""

    e: int = 5


def changing(dataclass):
    """Give a class whose values can be changed, with fields of all kinds."""

    @dataclass(slots=True)
    class Changing:
        """Five fields."""

        a: int
        b: list[int] = dataclasses.field(default_factory=list)
        c: int = dataclasses.field(kw_only=True)
        d: int = dataclasses.field(init=False)
        e: list[int] = dataclasses.field(init=False, default_factory=list)
        f: int = dataclasses.field(init=False, default=6)

        def __post_init__(self):
            self.d = self.a + self.c

    return Changing


def itself(dataclass):
    """Give a class whose values are equal to themselves alone, and show themselves as any object does."""

    @dataclass(slots=True, eq=False, repr=False)
    class Itself:
        """One field."""

        a: int

    return Itself


both = pytest.mark.parametrize("kind", [Standard, Quick])


@both
def test_fields_get_their_values_defaults_and_factories(kind):
    made = kind(1, d=4)
    assert (made.a, made.b, made.c, made.d) == (1, "b", [], 4)
    assert kind(1).c is not made.c
    assert [field.name for field in dataclasses.fields(kind)] == ["a", "b", "c", "d"]
    assert kind.__match_args__ == ("a", "b", "c", "d")
    for wrong in ((), (1, 2, 3, 4, 5)):
        with pytest.raises(TypeError, match=rf"{kind.__name__}\.__init__\(\)"):
            kind(*wrong)


@both
def test_nothing_of_it_can_be_changed_added_or_taken_away(kind):
    made = kind(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        made.a = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        del made.a
    with pytest.raises((dataclasses.FrozenInstanceError, TypeError)):  # the standard library's stumbles here
        made.other = 2
    assert not hasattr(made, "__dict__")


@both
def test_it_is_equal_by_what_is_compared_and_only_to_its_own_kind(kind):
    assert kind(1, d=1) == kind(1, d=2)
    assert kind(1) != kind(2)
    assert kind(1) != (1, "b", [])
    assert kind(1).__eq__(1) is NotImplemented
    assert Quick(1) != Standard(1)


@both
def test_it_is_shown_replaced_copied_pickled_and_taken_apart(kind):
    made = kind(1, "x", [2])
    assert repr(made) == f"{kind.__name__}(a=1, b='x', c=[2], d=None)"
    assert dataclasses.replace(made, a=3) == kind(3, "x", [2])
    assert dataclasses.asdict(made) == {"a": 1, "b": "x", "c": [2], "d": None}
    for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1):
        assert pickle.loads(pickle.dumps(made, protocol)) == made  # noqa: S301 - written just before
    assert copy.copy(made) == made
    assert copy.deepcopy(made).c is not made.c


def test_hashes_are_the_standard_librarys():
    assert hash(Quick(1, "x", ())) == hash(Standard(1, "x", ()))
    assert hash(One("a")) == hash(("a",))
    assert hash(Nothing()) == hash(())
    with pytest.raises(TypeError, match="unhashable"):
        hash(Quick(1))


def test_few_fields_are_compared_as_tuples_are():
    same = float("nan")
    assert One(same) == One(same)
    assert One(float("nan")) != One(same)
    assert Nothing() == Nothing()
    assert repr(Nothing()) == "Nothing()"


def test_what_a_class_says_itself_stays():
    assert repr(Shown(1)) == "shown"
    assert hash(Shown(1)) == 7


@pytest.mark.parametrize("kind", [More, Further])
def test_a_class_may_stand_on_one(kind):
    assert kind(1, e=6) != kind(1)
    assert repr(kind(1)) == f"{kind.__name__}(a=1, b='b', c=[], d=None, e=5)"
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind(1).a = 2
    with pytest.raises(dataclasses.FrozenInstanceError):
        kind(1).e = 2
    assert pickle.loads(pickle.dumps(kind(1))) == kind(1)  # noqa: S301 - written just before


@pytest.mark.parametrize("dataclass", [dataclasses.dataclass, slotted.dataclass])
def test_what_is_not_frozen_can_be_changed_and_has_no_hash(dataclass):
    kind = changing(dataclass)
    made = kind(1, c=2)
    assert (made.a, made.b, made.c, made.d, made.e, made.f) == (1, [], 2, 3, [], 6)
    assert kind(1, c=2).e is not made.e
    assert made == kind(1, [], c=2)
    assert repr(made).endswith("Changing(a=1, b=[], c=2, d=3, e=[], f=6)")
    made.a = 5
    assert made != kind(1, c=2)
    assert dataclasses.replace(made, a=1) == kind(1, c=2)
    assert copy.deepcopy(made) == made
    with pytest.raises(TypeError, match="unhashable"):
        hash(made)
    with pytest.raises(AttributeError):
        made.other = 1
    for wrong in ((1,), (1, [], 2)):
        with pytest.raises(TypeError, match=r"Changing\.__init__\(\)"):
            kind(*wrong)
    assert kind.__match_args__ == ("a", "b")


@pytest.mark.parametrize("dataclass", [dataclasses.dataclass, slotted.dataclass])
def test_what_is_only_itself_is_equal_to_nothing_else(dataclass):
    kind = itself(dataclass)
    made = kind(1)
    assert made == made  # noqa: PLR0124 - itself
    assert made != kind(1)
    assert {made: 1}[made] == 1
    assert repr(made).startswith("<")


def test_a_dataclass_without_slots_is_refused():
    with pytest.raises(TypeError, match="the standard library's"):
        slotted.dataclass(frozen=True, slots=False)


def test_a_field_without_a_default_behind_one_that_has_it_is_refused():
    class Wrong:
        """Two fields in the wrong order."""

        a: int = 1
        b: int

    with pytest.raises(TypeError, match="Wrong: a field without a default stands behind one that has it"):
        slotted.dataclass(frozen=True, slots=True)(Wrong)
