"""What chance decides, each decision by itself: it depends on the seed, the primitive and its own name alone, so that a new
primitive, or a new decision in an old one, leaves all programs that there were as they are. A list that options are drawn
from stays as it is, too: of a longer one other options would be drawn.
"""
import hashlib


class Draws:
    def __init__(self, seed, primitive):
        self.key = f"{seed}/{primitive}"

    def number(self, name, below):
        digest = hashlib.sha256(f"{self.key}/{name}".encode()).digest()
        return int.from_bytes(digest[:8], "little") % below

    def choose(self, name, options):
        return options[self.number(name, len(options))]
