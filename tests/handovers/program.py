"""A whole program of one primitive or more: `sequence`, or `sequence+ticket` for two whose threads run beside each other."""
import re

from catalogue import PRIMITIVES
from shapes import Shape
from template import expand, lay_out, select_form, select_variant

HEAD = """\
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
"""
HELPERS = """
static int seven; // to compilers any number

static _Thread_local volatile unsigned lingered;

static __attribute__((noinline)) void linger(unsigned microseconds)
{
usleep(microseconds);
lingered++;
}
"""
WRONG = """
static void wrong(const char *what)
{
fprintf(stderr, "%s: not what was handed over\\n", what);
abort();
}
"""
# What a broken program reads may be anything. A call in both: where a counter is in its place a loop does nothing but look.
WRONG_LIKELY = """
static _Thread_local volatile unsigned long differing;

static __attribute__((noinline)) void wrong(const char *what)
{
(void)what;
differing++;
}
"""
OBJECTS = {
    "variable": "static struct {name} {name}_object;",
    "pointer": "static struct {name} {name}_variable;\nstatic struct {name} *const {name}_object = &{name}_variable;",
    "heap": "static struct {name} *{name}_object;",
    "argument": "",
}


class Part:
    """One primitive of a program, with all of its texts finished."""

    def __init__(self, names, name, seed, form):
        if name not in PRIMITIVES:
            raise ValueError(f"no primitive {name}; there are: {', '.join(PRIMITIVES)}")
        self.name = name
        self.shape = Shape(names, seed, name)
        self.primitive = PRIMITIVES[name](self.shape)
        if form and form not in self.primitive.forms():
            raise ValueError(f"{name}, seed {seed}, has no form {form}; it has {', '.join(self.primitive.forms())}")
        self.form = form
        self.count = len(self.primitive.bodies)

    def select(self, text):
        return select_form(select_variant(text, self.primitive.variant), self.form)

    def finish(self, text):
        return re.sub(r"\bo->", self.shape.member(), expand(self.select(text), self.shape))

    def declare(self):
        meeting = "pthread_barrier_t meeting;\n" if self.primitive.meets else ""
        fields = self.finish("@pad(front)\n@payload data[@words];\n@pad(behind)\n" + meeting + self.primitive.fields)
        return (self.finish(self.primitive.types) + f"\nstruct {self.name} {{\n{fields}\n}};\n"
                + OBJECTS[self.shape.lives].format(name=self.name))

    def work(self):
        """The functions, and those of the threads."""
        taken = f"struct {self.name} *o = argument;" if self.shape.lives == "argument" else "(void)argument;"
        texts = [self.finish(self.primitive.functions)]
        meeting = self.finish("pthread_barrier_wait(&o->meeting);\n") if self.primitive.meets else ""
        for index, body in enumerate(self.primitive.bodies):
            texts.append(f"static void *{self.name}_thread_{index}(void *argument)\n{{\n{taken}\n{meeting}"
                         f"{self.finish(body)}\nreturn NULL;\n}}\n")
        return "\n".join(texts)

    def object(self):
        return "o" if self.shape.lives == "argument" else f"{self.name}_object"

    def start(self, first):
        """In main: makes the object, and the threads from that number on."""
        made = ""
        if self.shape.lives == "argument":
            made = f"struct {self.name} *o = calloc(1, sizeof(*o));"
        elif self.shape.lives == "heap":
            made = f"{self.name}_object = calloc(1, sizeof(*{self.name}_object));"
        argument = "o" if self.shape.lives == "argument" else "NULL"
        threads = "\n".join(f"pthread_create(&threads[{first + i}], NULL, {self.name}_thread_{i}, {argument});"
                            for i in range(self.count))
        meeting = self.finish(f"pthread_barrier_init(&o->meeting, NULL, {self.count});") if self.primitive.meets else ""
        return "\n".join((made, meeting, self.finish(self.primitive.setup), threads))

    def end(self, first):
        """In main: while the threads run, and when they have ended."""
        joins = "\n".join(f"pthread_join(threads[{first + i}], NULL);" for i in range(self.count))
        return "\n".join((self.finish(self.primitive.between), joins, self.finish(self.primitive.after)))


def parts_of(names, seed, form=None):
    """The form is the first primitive's."""
    return [Part(names, name, seed, None if index else form) for index, name in enumerate(names.split("+"))]


def main_function(parts):
    """Each primitive has a block of its own in main, within that of the one before."""
    starts, ends, first = [], [], 0
    for part in parts:
        starts.append("{\n" + part.start(first))
        ends.insert(0, part.end(first) + "\n}")
        first += part.count
    return (f"int main(int count, char **arguments)\n{{\npthread_t threads[{first}];\nseven = 6 + count;\n"
            + "\n".join(starts + ends) + '\nputs("done");\nreturn 0;\n}\n')


def write(names, seed, form=None):
    """The source of a program; with a form, of the broken one that differs in nothing else."""
    parts = parts_of(names, seed, form)
    texts = [HEAD, HELPERS, WRONG_LIKELY if form else WRONG]
    for part in parts:
        texts += [part.declare(), part.work()]
    return f"// {names}, seed {seed}, {form or 'correct'}\n" + lay_out("\n".join(texts + [main_function(parts)]))


def forms(names, seed):
    return parts_of(names, seed)[0].primitive.forms()
