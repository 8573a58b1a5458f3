#!/usr/bin/env python3
"""Prints docs/wrapped.md: the functions of interpose/wrappers.def, section by section."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEAD = """# Wrapped functions

What `libracetrack.so` hears of the program by itself: {count} functions of the C library and operators of C++. \"Reads\" and
\"writes\" mean the memory that the arguments point to; a function that fails is told of as far as it got. What no function
below does (plain loads and stores, atomics in the program's own code) is not seen; see the
[README](../README.md#what-it-cannot-see).

This page is generated from `interpose/wrappers.def`: `make docs`.
"""
ROW = re.compile(r"^RT_ROW(?:_[A-Z]+)?\((?P<row>.*?)\)$(?=\n(?:RT_ROW|\n|/\*|\Z))|^/\* ---- (?P<section>.*?) ---- \*/$",
                 re.MULTILINE | re.DOTALL)


def read_sections():
    """(title, [(name, what it tells)]) of each section, in the table's order."""
    sections = []
    for match in ROW.finditer((ROOT / "interpose" / "wrappers.def").read_text().rstrip() + "\n"):
        if match["section"]:
            sections.append((re.sub(r" \(\w+\.c\)$", "", match["section"]), []))
            continue
        name = re.match(r"[^,]*,\s*(\w+)\s*,", match["row"])[1]
        text = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match["row"]))
        sections[-1][1].append((name, text))
    return sections


def group_rows(rows):
    """Functions in a row that tell the same share a line."""
    lines = []
    for name, text in rows:
        if lines and lines[-1][1] == text:
            lines[-1][0].append(name)
        else:
            lines.append(([name], text))
    return lines


def main():
    sections = read_sections()
    print(HEAD.format(count=sum(len(rows) for _, rows in sections)))
    for title, rows in sections:
        print(f"## {title[0].upper()}{title[1:]}\n\n| Functions | What they tell |\n|---|---|")
        for names, text in group_rows(rows):
            print(f"| {' '.join(f'`{name}`' for name in names)} | {text} |")
        print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
