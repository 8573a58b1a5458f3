#!/usr/bin/env python3
"""What the detector costs programs that are compiled for it, beside ThreadSanitizer.

Every program is built from the same source plainly, with `-fsanitize=thread` and with racetrack-cc, each by gcc and by clang
19, and all six run in turn, so that noise hits all alike, without address randomisation. Printed are ratios of medians of the
user time, the wall time and the peak memory: against plain, and of racetrack against the TSan of the same compiler. A run
that reports a race, ends with an error or prints something else than the plain one is named, and its times don't count.
Programs: bench/programs, and Debian's sources of real ones (bench/real_sources.py), fetched into BENCH_CACHE.
"""
import argparse
import collections
import pathlib
import re
import signal
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True
import real_sources  # noqa: E402
import subjects  # noqa: E402

MEASURES = (("user", "user time"), ("wall", "wall time"), ("memory", "peak memory"))
# (measure, family, most of racetrack / TSan in the geometric mean, and in any one program; None: not limited)
TARGETS = (("user", "clang-19", 0.9, 1.1), ("user", "gcc", 0.6, None),
           ("memory", "clang-19", 1.3, None), ("memory", "gcc", 1.3, None))


class Result:
    """The runs of one program: medians by variant's key, and what is to be said about it."""

    def __init__(self, subject):
        self.name = subject.name
        self.runs = collections.defaultdict(list)
        self.notes = []

    def note(self, variant, text):
        line = f"{self.name}, {variant.name}: {text}"
        if line not in self.notes:
            self.notes.append(line)

    def median(self, tool, family, measure):
        runs = self.runs.get(f"{tool}-{family}")
        return statistics.median(getattr(one, measure) for one in runs) if runs else None

    def ratio(self, above, below, family, measure):
        top, bottom = self.median(above, family, measure), self.median(below, family, measure)
        return top / bottom if top and bottom else None


def measure_subject(subject, variants, folder, options):
    """All variants of one program, in turn. A variant that fails once is left out from there on."""
    result = Result(subject)
    built = {}
    for variant in variants:
        try:
            built[variant] = subject.build(variant, folder)
        except subjects.NotBuilt as reason:
            result.note(variant, f"not built: {reason}")
    subject.prepare(folder, options.scale)
    expected = None
    for _ in range(options.runs):
        for variant in list(built):
            run = subject.run(built[variant], folder, options.scale)
            if variant.tool == "plain" and expected is None and not run.error:
                expected = run.output
            error = run.error or (run.reports if not subject.known_races else "")
            if not error and run.output != expected:
                error = "the output differs from the plain run's"
            if error:
                result.note(variant, f"ERROR: {error}")
                result.runs.pop(variant.key, None)
                del built[variant]
                continue
            if run.reports:
                result.note(variant, f"counted though it reports races ({subject.known_races}): {run.reports}")
            result.runs[variant.key].append(run)
    return result


def format_number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}"


def table_rows(results, measure):
    """Heads and rows: plain's figure by compiler, the tools against plain, racetrack against TSan."""
    families = [compiler.family for compiler in subjects.COMPILERS]
    unit = "MiB" if measure == "memory" else "s"
    heads, columns = ["program"], []
    for family in families:
        heads += [f"plain {family} {unit}", "tsan", "racetrack", "rt/tsan"]
        columns += [(None, None, family), ("tsan", "plain", family), ("racetrack", "plain", family),
                    ("racetrack", "tsan", family)]
    rows = []
    for result in results:
        cells = [result.median("plain", family, measure) if above is None else result.ratio(above, below, family, measure)
                 for above, below, family in columns]
        rows.append([result.name] + [format_number(cell) for cell in cells])
    means, worst = ["geometric mean"], ["worst"]
    for above, below, family in columns:
        known = ratios_of(results, above, below, family, measure) if above else {}
        means.append(format_number(statistics.geometric_mean(known.values())) if known else "-")
        most = max(known, key=known.get, default=None)
        worst.append(f"{known[most]:.2f} {most}" if most else "-")
    return heads, rows + [means, worst]


def ratios_of(results, above, below, family, measure):
    ratios = {result.name: result.ratio(above, below, family, measure) for result in results}
    return {name: ratio for name, ratio in ratios.items() if ratio is not None}


def target_lines(results):
    for measure, family, most_mean, most_one in TARGETS:
        head = f"{dict(MEASURES)[measure]}, racetrack / tsan {family}: at most {most_mean}x in the geometric mean"
        if most_one:
            head += f", {most_one}x in any program"
        known = ratios_of(results, "racetrack", "tsan", family, measure)
        if not known:
            yield f"{head}: not measured"
            continue
        mean = statistics.geometric_mean(known.values())
        above = [name for name, ratio in known.items() if most_one and ratio > most_one]
        verdict = "met" if mean <= most_mean and not above else "MISSED"
        yield f"{head}: {mean:.2f}x of {len(known)} programs: {verdict}" + (f" by {', '.join(above)}" if above else "")


def align(heads, rows):
    widths = [max(len(row[column]) for row in [heads] + rows) for column in range(len(heads))]
    for row in [heads] + rows:
        yield "  ".join(cell.ljust(width) if i == 0 else cell.rjust(width)
                        for i, (cell, width) in enumerate(zip(row, widths)))


def write_text(results, out):
    for measure, title in MEASURES:
        print(f"\n{title}, as a multiple of plain", file=out)
        for line in align(*table_rows(results, measure)):
            print(line.rstrip(), file=out)
    print("\ntargets", file=out)
    for line in target_lines(results):
        print(f"  {line}", file=out)
    for note in [note for result in results for note in result.notes]:
        print(f"  {note}", file=out)


def write_markdown(results, curve, options, out):
    print("# Cost beside ThreadSanitizer\n\nWritten by `bench/hooks.py`: medians of "
          f"{options.runs} runs at scale {options.scale:g}; figures are multiples of plain.", file=out)
    for measure, title in MEASURES if results else ():
        heads, rows = table_rows(results, measure)
        print(f"\n## {title.capitalize()}\n", file=out)
        for row in [heads, ["---"] + ["---:"] * (len(heads) - 1)] + rows:
            print("| " + " | ".join(row) + " |", file=out)
    if results:
        print("\n## Targets and notes\n", file=out)
        for line in list(target_lines(results)) + [note for result in results for note in result.notes]:
            print(f"- {line}", file=out)
    if curve:
        print("\n## Nanoseconds of a lock and unlock, by live threads\n", file=out)
        heads, rows = curve
        for row in [heads, ["---"] + ["---:"] * (len(heads) - 1)] + rows:
            print("| " + " | ".join(row) + " |", file=out)


def lock_curve(variants, folder, options):
    """Heads and rows: the median cost of a pair by variant and number of threads. Notes take a row's place."""
    program = subjects.Small(subjects.BENCH / "programs" / "lockcost.c")
    points = collections.defaultdict(lambda: collections.defaultdict(list))
    built, reasons = {}, {}
    for variant in variants:
        try:
            built[variant] = program.build(variant, folder)
        except subjects.NotBuilt as reason:
            reasons[variant.name] = f"not built: {reason}"
    for _ in range(options.runs):
        for variant, path in built.items():
            run = program.run(path, folder, options.scale)
            if run.error or run.reports:
                reasons[variant.name] = f"ERROR: {run.error or run.reports}"
                continue
            for line in run.text.splitlines():
                threads, cost = line.split()
                points[variant.name][int(threads)].append(float(cost))
    counts = sorted({threads for costs in points.values() for threads in costs})
    rows = [[name] + [format_number(statistics.median(costs[count]), 1) for count in counts] for name, costs in points.items()]
    rows += [[f"{name}: {reason}"] + ["-"] * len(counts) for name, reason in reasons.items()]
    return ["ns, threads:"] + [str(count) for count in counts], rows


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="REGEX", help="programs whose name has a match")
    parser.add_argument("--runs", type=int, default=7, help="runs of each variant (default 7, the least that means much)")
    parser.add_argument("--scale", type=float, default=1.0, help="how much work (default 1)")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables there too")
    parser.add_argument("--list", action="store_true", help="print the programs' names and stop")
    parser.add_argument("--compiler", metavar="FAMILY", choices=[one.family for one in subjects.COMPILERS],
                        help="one compiler's variants only")
    parser.add_argument("--tools", default=",".join(subjects.TOOLS), metavar="LIST",
                        help=f"of {','.join(subjects.TOOLS)}; plain is always run")
    parser.add_argument("--no-real", action="store_true", help="leave out the programs that are fetched")
    parser.add_argument("--lock-curve", action="store_true", help="only the cost of a lock by the number of threads")
    options = parser.parse_args()
    if options.runs < 1 or options.scale <= 0:
        parser.error("--runs and --scale are above 0")
    return options


def main():
    options = parse_arguments()
    chosen = subjects.small_subjects() + ([] if options.no_real else real_sources.subjects_of())
    chosen = [subject for subject in chosen if re.search(options.only, subject.name)]
    if options.list:
        print("\n".join(subject.name for subject in chosen))
        return 0
    variants = [one for one in subjects.VARIANTS if options.compiler in (None, one.compiler.family)
                and one.tool in ["plain"] + options.tools.split(",")]
    # What was started is ended on the way out: by SIGTERM as well as by the keyboard.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    results, curve = [], None
    with tempfile.TemporaryDirectory(prefix="bench.") as name:
        folder = pathlib.Path(name)
        subjects.build_measure(folder)
        if options.lock_curve:
            curve = lock_curve(variants, folder, options)
            print("\n".join(align(*curve)))
        for subject in [] if options.lock_curve else chosen:
            print(f"{subject.name} ...", file=sys.stderr, flush=True)
            results.append(measure_subject(subject, variants, folder, options))
    if results:
        write_text(results, sys.stdout)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as out:
            write_markdown(results, curve, options, out)
    return 1 if any("ERROR" in note for result in results for note in result.notes) else 0


if __name__ == "__main__":
    sys.exit(main())
