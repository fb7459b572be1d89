"""The console: the page from which a show is watched and called, and its address for programs of one's own."""
