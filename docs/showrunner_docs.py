"""What MkDocs asks of this site: anchors of headings as everywhere else where these pages are read."""

import re


def slug(heading: str, separator: str) -> str:
    """Give the anchor of a heading: lower case, words joined, as the project's papers link to it."""
    return re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", separator)
