"""The fuzz program's inputs as Hypothesis strategies, so that a test shrinks what it finds."""

from hypothesis import strategies as st

from .inputs import ODD, WORDS, Input, encoded, shows, small

words = st.sampled_from(WORDS + ODD)
rows = st.builds("{}{}".format, st.sampled_from(("", "  ", "    ", "\t")), st.lists(words, max_size=9).map(" ".join))
texts = st.lists(rows, max_size=12).map("\n".join)


@st.composite
def pieces(draw: st.DrawFn) -> str:
    """Draw a piece of a real show with something put into it."""
    show = draw(st.sampled_from(shows()))
    start = draw(st.integers(0, len(show)))
    cut = draw(st.integers(0, 40))
    return show[max(0, start - 300) : start] + draw(words) + show[start + cut : start + 300]


def seeded(chance_of: st.SearchStrategy[object]) -> st.SearchStrategy[Input]:
    """Give the fuzz program's own inputs, by chance that Hypothesis keeps."""
    return chance_of.map(small)


scripts = st.one_of(texts.map(encoded), pieces().map(encoded), st.binary(max_size=200))
inputs = st.one_of(scripts.map(lambda data: Input("drawn", data)), seeded(st.randoms(use_true_random=False)))
