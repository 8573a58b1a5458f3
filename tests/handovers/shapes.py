"""What the same hand-over looks like in one program or another: types, orders, loops that wait, padding, where the object
lives, which functions are calls. The methods `put_NAME` are the directives of template.py.
"""
from draws import Draws

INTEGERS = ("int", "unsigned", "long", "unsigned long", "uint64_t", "uint32_t")
SMALL = ("int", "unsigned char", "char", "short", "long")
PAYLOADS = ("int", "long", "short", "unsigned")
WORDS = (1, 2, 3, 8, 20)
ROUNDS = (40, 150)
PADS = (0, 0, 0, 1, 4, 8, 60, 64, 120, 200)
# Where the object lives: a variable, a pointer's constant target, the heap by a global pointer, the heap by an argument.
PLACES = ("variable", "pointer", "heap", "argument")
STRONGER = 4  # one order in so many is seq_cst in place of the weakest that is right

PAUSES = (
    "",
    "__builtin_ia32_pause();",
    "sched_yield();",
    "usleep(1);",
    "nanosleep(&(struct timespec){0, 1000}, NULL);",
    "for (int pauses = 0; pauses < 10; pauses++)\n__builtin_ia32_pause();",
    '__asm__ volatile("" ::: "memory");',
)
# These count in a variable of their own: what declares it, and the pause.
COUNTED = (
    ("static _Thread_local unsigned looks;",
     "if (++looks % 64)\n__builtin_ia32_pause();\nelse\nsched_yield();"),
    ("unsigned looks = 0;",
     "if (++looks > 100) {\nsched_yield();\nlooks = 0;\n} else {\n__builtin_ia32_pause();\n}"),
)
LOOPS = (
    "while ({condition}) {{\n{pause}\n}}",
    "while ({condition}) {{\n{pause}\n}}",
    "for (; {condition};) {{\n{pause}\n}}",
    "do {{\n{pause}\n}} while ({condition});",
    "for (;;) {{\nif (!({condition}))\nbreak;\n{pause}\n}}",
)
RESTS = ("usleep(30);", "linger(30);")
# What is handed over where there is no number: what compilers know, and what they don't.
BASES = ("7", "seven", "seven")


class Shape:
    def __init__(self, names, seed, primitive):
        """`names`: the program's; `primitive`: the one of these whose shape it is."""
        self.draws = Draws(seed, primitive if names == primitive else f"{names}/{primitive}")
        self.primitive = primitive
        self.place = ""  # the directive that is being expanded
        self.lives = self.choose("lives", PLACES)
        self.payload = self.choose("payload", PAYLOADS)
        self.words = self.choose("words", WORDS)
        self.rounds = self.choose("rounds", ROUNDS)

    def choose(self, name, options):
        return self.draws.choose(name, options)

    def order(self, weakest):
        if weakest == "relaxed" or self.draws.number(f"order {self.place}", STRONGER):
            return f"memory_order_{weakest}"
        return "memory_order_seq_cst"

    # Atomic operations; the last argument is the weakest order that is right.

    def put_load(self, place, order="acquire"):
        return f"atomic_load_explicit(&{place}, {self.order(order)})"

    def put_store(self, place, value, order="release"):
        return f"atomic_store_explicit(&{place}, {value}, {self.order(order)});"

    def change(self, how, place, value, order):
        return f"atomic_{how}_explicit(&{place}, {value}, {self.order(order)})"

    def put_add(self, place, value, order="acq_rel"):
        return self.change("fetch_add", place, value, order)

    def put_subtract(self, place, value, order="acq_rel"):
        return self.change("fetch_sub", place, value, order)

    def put_or(self, place, value, order="acq_rel"):
        return self.change("fetch_or", place, value, order)

    def put_and(self, place, value, order="acq_rel"):
        return self.change("fetch_and", place, value, order)

    def put_exchange(self, place, value, order="acq_rel"):
        return self.change("exchange", place, value, order)

    def put_replace(self, place, expected, value, order="acq_rel"):
        return (f"atomic_compare_exchange_strong_explicit(&{place}, &{expected}, {value}, {self.order(order)}, "
                "memory_order_relaxed)")

    def put_replace_weakly(self, place, expected, value, order="acq_rel"):
        return (f"atomic_compare_exchange_weak_explicit(&{place}, &{expected}, {value}, {self.order(order)}, "
                "memory_order_relaxed)")

    # Waiting.

    def put_pause(self):
        return self.choose("pause", PAUSES)

    def put_rest(self):
        """Some time, in which the other threads come to something."""
        return self.choose(f"rest {self.place}", RESTS)

    def put_perhaps_rest(self):
        return self.choose(f"rest {self.place}", ("", *RESTS))

    def put_linger(self):
        """A long time, in a function that does something besides."""
        return "linger(500);"

    def put_spin(self, condition):
        """As long as the condition holds."""
        kind = self.draws.number(f"pause {self.place}", len(PAUSES) + len(COUNTED))
        loop = self.choose(f"loop {self.place}", LOOPS)
        if kind < len(PAUSES):
            return loop.format(condition=condition, pause=PAUSES[kind])
        declared, pause = COUNTED[kind - len(PAUSES)]
        return "{\n" + declared + "\n" + loop.format(condition=condition, pause=pause) + "\n}"

    # The payload.

    def put_payload(self):
        return self.payload

    def put_words(self):
        return str(self.words)

    def put_rounds(self):
        return str(self.rounds)

    def put_base(self):
        return self.choose("base", BASES)

    def put_fill(self, place, value):
        return f"for (int k = 0; k < {self.words}; k++)\n{place}[k] = ({self.payload})({value} + k);"

    def put_check(self, place, value):
        return (f"for (int k = 0; k < {self.words}; k++)\nif ({place}[k] != ({self.payload})({value} + k))\n"
                f'wrong("{self.primitive}");')

    def put_check_same(self, place):
        """Like @check of a value that is not known; it is never -1."""
        return (f'if ({place}[0] == ({self.payload})-1)\nwrong("{self.primitive}");\n'
                f"for (int k = 1; k < {self.words}; k++)\nif ({place}[k] != ({self.payload})({place}[0] + k))\n"
                f'wrong("{self.primitive}");')

    def put_either(self, *words):
        return self.choose(f"either {self.place}", words)

    # Declarations.

    def put_integer(self):
        return self.choose("integer", INTEGERS)

    def put_small(self):
        return self.choose("small", SMALL)

    def put_pad(self, name):
        size = self.choose(f"pad {name}", PADS)
        return f"char pad_{name}[{size}];" if size else ""

    def put_name(self, name):
        return f"{self.primitive}_{name}"

    def put_function(self, result, name, *parameters):
        inline = self.choose(f"function {name}", ("", "", "__attribute__((noinline)) "))
        if self.lives == "argument":
            parameters = (f"struct {self.primitive} *o", *parameters)
        separator = "" if result.endswith("*") else " "
        return f"static {inline}{result}{separator}{self.put_name(name)}({', '.join(parameters) or 'void'})"

    def put_call(self, name, *words):
        if self.lives == "argument":
            words = ("o", *words)
        return f"{self.put_name(name)}({', '.join(words)})"

    def member(self):
        """What stands in the place of `o->`."""
        return {"variable": f"{self.primitive}_object.", "argument": "o->"}.get(self.lives, f"{self.primitive}_object->")
