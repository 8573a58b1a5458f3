#!/usr/bin/env python3
"""What it costs programs that make and share memory among processes to be in a session: mappings, forks, many on one segment.

Each program of bench/sessions runs plainly, under the detector without rewriting, so that nothing else is tracked, and as
the detector is by default, all in turn. Printed are medians of the user+system time and of the wall time, children included,
as multiples of the plain program's.
"""
import argparse
import os
import pathlib
import re
import signal
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True
import subjects  # noqa: E402
from hooks import align, format_number  # noqa: E402
from rewrite import machine_line  # noqa: E402

# Each with how often it does its work.
PROGRAMS = {"maps-private": 100000, "maps-shared": 100000, "forks": 1000, "forks-shared": 1000, "segment": 1000}
TOOLS = {"plain": None, "rewrite=off": "rewrite=off", "default": "rewrite=main"}
MEASURES = (("cpu", "user+system time"), ("wall", "wall time"))
TARGET_TOOL, TARGET = "rewrite=off", 1.5
LIMIT_S = 120


def command_of(tool, words):
    if not TOOLS[tool]:
        return words
    return ["env", f"LD_PRELOAD={subjects.ROOT / 'libracetrack.so'}",
            f"RACETRACK_OPTIONS={TOOLS[tool]}:report=0:exitcode=0", *words]


def measure_program(words, folder, runs):
    """{tool: [run]}, and what was wrong: a tool that fails once is left out."""
    results, notes, expected = {tool: [] for tool in TOOLS}, [], None
    for _ in range(runs):
        for tool in list(results):
            run = subjects.run_measured(command_of(tool, words), folder, limit_s=LIMIT_S)
            expected = expected or run.output
            error = run.error or ("the output differs from the plain run's" if run.output != expected else "")
            if error:
                notes.append(f"{words[1]}, {tool}: ERROR: {error}")
                del results[tool]
            else:
                results[tool].append(run)
    return results, notes


def median(runs, measure):
    return statistics.median(run.user + run.system if measure == "cpu" else run.wall for run in runs) if runs else None


def table_rows(results, measure):
    rows = []
    for name, runs in results.items():
        plain = median(runs.get("plain"), measure)
        others = [median(runs.get(tool), measure) for tool in TOOLS if tool != "plain"]
        rows.append([name, format_number(plain, 3), *(format_number(one / plain if one and plain else None) for one in others)])
    return ["program", "plain s", *(tool for tool in TOOLS if tool != "plain")], rows


def target_lines(results):
    for name, runs in results.items():
        ratios = [median(runs.get(TARGET_TOOL), measure) / median(runs["plain"], measure)
                  for measure, _ in MEASURES if runs.get(TARGET_TOOL) and runs.get("plain")]
        verdict = "not measured" if not ratios else "met" if max(ratios) <= TARGET else f"MISSED: {max(ratios):.2f}"
        yield f"{name}, {TARGET_TOOL}: at most {TARGET} x plain: {verdict}"


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="REGEX", help="programs whose name has a match")
    parser.add_argument("--runs", type=int, default=7, help="runs of each kind (default 7)")
    parser.add_argument("--scale", type=float, default=1.0, help="how much work (default 1)")
    options = parser.parse_args()
    if options.runs < 1 or options.scale <= 0:
        parser.error("--runs and --scale are above 0")
    return options


def main():
    options = parse_arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    results, notes = {}, []
    with tempfile.TemporaryDirectory(prefix="bench.") as name:
        os.environ["XDG_CACHE_HOME"] = name  # the first run of each program makes what the others find there
        folder = pathlib.Path(name)
        subjects.build_measure(folder)
        binary = folder / "sessions"
        subjects.build_step(["gcc", *subjects.FLAGS, "-D_GNU_SOURCE", "-o", str(binary),
                             str(subjects.BENCH / "sessions" / "sessions.c")])
        for program, times in PROGRAMS.items():
            if re.search(options.only, program):
                print(f"{program} ...", file=sys.stderr, flush=True)
                words = [str(binary), program, str(max(1, int(times * options.scale)))]
                results[program], more = measure_program(words, folder, options.runs)
                notes += more
    print(f"{machine_line()}, load average {os.getloadavg()[0]:.1f}; medians of {options.runs} runs")
    for measure, title in MEASURES:
        print(f"\n{title}, as a multiple of plain")
        for line in align(*table_rows(results, measure)):
            print(line.rstrip())
    print("\ntargets")
    for line in [*target_lines(results), *notes]:
        print(f"  {line}")
    return 1 if notes else 0


if __name__ == "__main__":
    sys.exit(main())
