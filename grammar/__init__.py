"""The grammar of `.show` files, as data: ``show.lark`` and the language reference beside it."""
