#!/usr/bin/env python3
"""What the detector costs programs as Debian ships them: tracked time over plain time.

Each program runs RUNS times plainly and tracked, in turn; printed are the ratios of the medians: `cpu` is user+system time of the
program and its children, `wall` what a clock shows. At most LIMIT is wanted for programs whose time does not go into wrapped
calls. Arguments select programs by a part of their names. --records: with a record file of every process in that folder, as
run-tracked.sh has it, and not in nameless memory.
"""
import argparse
import pathlib
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import real_programs as real  # noqa: E402

LIMIT = 1.3


def run_once(subject, inputs, tracked, place):
    with tempfile.TemporaryDirectory(prefix="bench.") as folder, tempfile.TemporaryDirectory(dir=place) as records:
        environment = real.plain_environment()
        if tracked:
            environment = real.tracked_environment(records if place else "")
        return subject.run(inputs, pathlib.Path(folder), environment)


def measure(subject, runs, scale, place):
    with tempfile.TemporaryDirectory(prefix="bench.") as folder:
        inputs = pathlib.Path(folder)
        subject.prepare(inputs, scale)
        times = {False: [], True: []}
        for _ in range(runs):
            for tracked in times:
                times[tracked].append(run_once(subject, inputs, tracked, place))
    return {word: [statistics.median(getattr(one, word) for one in times[tracked]) for tracked in (False, True)]
            for word in ("cpu", "wall")}


def main():
    parser = argparse.ArgumentParser(description="Time of Debian's programs under the detector over their plain time.")
    parser.add_argument("names", nargs="*", help="parts of programs' names; default: all")
    parser.add_argument("--runs", type=int, default=5, help="runs of each kind (default 5)")
    parser.add_argument("--scale", type=int, default=4, help="how much work (default 4)")
    parser.add_argument("--records", metavar="DIR", help="where record files go (default: nowhere)")
    options = parser.parse_args()

    print(f"{'program':36} {'cpu s':>8} {'tracked':>8} {'ratio':>6} {'wall s':>8} {'tracked':>8} {'ratio':>6}")
    above = []
    for subject in real.SUBJECTS:
        if options.names and not any(word in subject.name for word in options.names):
            continue
        if subject.missing():
            print(f"{subject.name:36} not installed")
            continue
        times = measure(subject, options.runs, options.scale, options.records)
        ratios = {word: after / before for word, (before, after) in times.items()}
        print(f"{subject.name:36} " + " ".join(f"{before:8.2f} {after:8.2f} {ratios[word]:6.2f}"
                                              for word, (before, after) in times.items()), flush=True)
        if ratios["cpu"] > LIMIT:
            above.append(subject.name)
    print(f"cpu ratio above {LIMIT}: {', '.join(above) or 'none'}")


if __name__ == "__main__":
    main()
