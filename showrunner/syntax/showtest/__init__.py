"""The language of `.showtest` files: what the world does to a show, and what must be seen. Its own small grammar."""
