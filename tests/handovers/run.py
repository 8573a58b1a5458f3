#!/usr/bin/env python3
"""One program that hands data over: writes, builds and runs it, and prints what is found.

    tests/handovers/run.py ticket 3 gcc -O2
    tests/handovers/run.py ticket 3 clang -O0 --broken early --keep /tmp/ticket

Exits with 0 where the verdict is right: nothing of a correct program, something of a broken one.
"""
import argparse
import pathlib
import sys
import tempfile

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import build  # noqa: E402
import program  # noqa: E402


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("primitive", help="a name, or several with +")
    parser.add_argument("seed", type=int)
    parser.add_argument("compiler", nargs="?", default="gcc")
    parser.add_argument("level", nargs="?", default="O2", help="O0, O1, O2, O3, Os; with or without its dash")
    parser.add_argument("--broken", metavar="FORM", default="", help="'?' names those that there are")
    parser.add_argument("--keep", metavar="FOLDER", help="where the source and the program stay")
    parser.add_argument("--source", action="store_true", help="prints the source alone")
    detectors = parser.add_mutually_exclusive_group()
    detectors.add_argument("--hooks", dest="detector", action="store_const", const=build.HOOKS, default=build.REWRITE,
                           help="built by racetrack-cc in place of rewriting")
    detectors.add_argument("--lines", dest="detector", action="store_const", const=build.LINES,
                           help="rewritten, with debug information for the report alone")
    detectors.add_argument("--tsan", dest="detector", action="store_const", const=build.TSAN,
                           help="under the compiler's own ThreadSanitizer")
    # A level is a word with a dash to people, an option to argparse.
    return parser.parse_args([word[1:] if word[:2] == "-O" else word for word in sys.argv[1:]])


def examine(options, folder):
    case = build.Case(options.primitive, options.seed, options.compiler, f"-{options.level}", options.broken)
    try:
        found, said = build.examine(case, options.detector, folder)
    except build.Failure as failure:
        print(failure)
        return 2
    print(said, end="")
    print(f"{case.title()}: {build.findings(said)}")
    return 0 if found == bool(case.form) else 1


def main():
    options = parse()
    if options.broken == "?":
        print(*program.forms(options.primitive, options.seed))
        return 0
    if options.source:
        print(program.write(options.primitive, options.seed, options.broken or None), end="")
        return 0
    if options.keep:
        folder = pathlib.Path(options.keep).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return examine(options, folder)
    with tempfile.TemporaryDirectory() as name:
        return examine(options, pathlib.Path(name))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ValueError as error:
        sys.exit(f"run.py: {error}")
