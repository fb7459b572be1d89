"""Documents that the examples of rows name, and a show compiled with them."""

from showrunner.show import documents
from showrunner.timeline.compiler import compile_show

NEWS = """{"presentationId": "news", "title": "News", "sections": [
    {"id": "weather", "title": "Weather", "slides": [
        {"id": "w1", "markdown": "# Sun", "narration": "The sun is out."},
        {"id": "w2", "markdown": "# Rain", "narration": "Later it rains."}]},
    {"id": "sport", "title": "Sport", "slides": [{"id": "s1", "markdown": "# Goal", "narration": "They won."}]}]}"""
WAVE = """{"Version": 3, "Meta": {"Duration": 1, "AreBeziersRestricted": true}, "Curves": [
    {"Target": "Parameter", "Id": "ParamAngleX", "Segments": [0, 0, 0, 0.5, 20, 0, 1, 0]}]}"""
FILES = {"slides/news.json": NEWS, "wave.motion3.json": WAVE}
"""The documents that are named in the examples of rows."""


def with_documents(path, book, stage):
    """Compile a script as `prepare` does, with the documents that it names; give the stage that has them, too."""
    for name, text in FILES.items():
        (path.parent / name).parent.mkdir(exist_ok=True)
        (path.parent / name).write_text(text, encoding="utf-8")
    named = compile_show(book, stage).documents
    found = documents.load(str(path), named, stage)
    assert found.findings == ()
    return compile_show(book, stage, found.known({})), found.laid_out(stage)
