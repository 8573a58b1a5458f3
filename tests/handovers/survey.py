#!/usr/bin/env python3
"""Many programs that hand data over, correct and broken: how often is there a false alarm, and how often is nothing found?

    tests/handovers/survey.py --seeds 1-4 --compilers gcc,clang --levels O0,O2 ticket mcs
    tests/handovers/survey.py --seeds 1-20 --compilers clang-19 --levels O1 --tsan

Prints a table, and below it each program that failed as the arguments of run.py.
"""
import argparse
import collections
import concurrent.futures
import sys

sys.dont_write_bytecode = True
# pylint: disable=wrong-import-position
import build  # noqa: E402
import catalogue  # noqa: E402
import program  # noqa: E402


def span(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="primitives; default: all, and some combinations")
    parser.add_argument("--seeds", type=span, default=span("1-4"), metavar="FROM-TO")
    parser.add_argument("--compilers", default="gcc,clang")
    parser.add_argument("--levels", default="O0,O1,O2,O3,Os")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", choices=("correct", "broken"))
    detectors = parser.add_mutually_exclusive_group()
    detectors.add_argument("--hooks", dest="detector", action="store_const", const=build.HOOKS, default=build.REWRITE)
    detectors.add_argument("--tsan", dest="detector", action="store_const", const=build.TSAN)
    return parser.parse_args()


def cases(options):
    for name in options.names or catalogue.ALL:
        for seed in options.seeds:
            forms = [form for form in ["", *program.forms(name, seed)]
                     if not options.only or (options.only == "broken") == bool(form)]
            for compiler in options.compilers.split(","):
                for level in options.levels.split(","):
                    for form in forms:
                        yield build.Case(name, seed, compiler, f"-{level}", form)


def show(count, failed, levels):
    """Of each primitive and level: false alarms of the correct programs, misses of the broken ones."""
    columns = [*levels, "all"]
    print(f"{'':24}" + "".join(f"{level:^20}" for level in columns))
    print(f"{'':24}" + f"{'alarms':>10}{'misses':>10}" * len(columns))
    for name in [*dict.fromkeys(name for name, _, _ in count), "all"]:
        row = f"{name:24}"
        for level in columns:
            for broken in (False, True):
                alike = [key for key in count if name in (key[0], "all") and level in (key[1], "all") and key[2] == broken]
                part = sum(failed[key] for key in alike), sum(count[key] for key in alike)
                row += "{:>10}".format("{}/{}".format(*part))
        print(row)


def main():
    options = parse()
    todo = list(cases(options))
    count, failed, lines = collections.Counter(), collections.Counter(), []
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for case, (trouble, more) in zip(todo, pool.map(lambda case: build.judge(case, options.detector), todo)):
            key = (case.primitive, case.level[1:], bool(case.form))
            count[key] += 1
            if trouble != build.RIGHT:
                failed[key] += trouble != build.FAULT
                lines.append(f"{trouble}: {case.title()}{f': {more}' if more else ''}")
                print(f"{len(lines)}: {lines[-1]}", file=sys.stderr, flush=True)
    print("False alarms of correct programs, misses of broken ones:")
    show(count, failed, options.levels.split(","))
    print("\n".join(["", *lines]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
