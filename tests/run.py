#!/usr/bin/env python3
"""Runs every tests/*.test, or those that are named, and counts their checks.

A test prints a line for each check: `ok - name`, `not ok - name: why` or `skip - name: why`; what else it prints is
shown when it fails. The last line is `N passed, N failed`, with `, N skipped` where some were. The exit status is 1
where a check failed, a test ended badly without saying so, or nothing ran.
"""
import argparse
import concurrent.futures
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent


class Outcome:
    def __init__(self, name, output, trouble, seconds):
        self.name, self.output, self.seconds = name, output, seconds
        lines = output.splitlines()
        self.passed = sum(line.startswith("ok - ") for line in lines)
        self.failed = sum(line.startswith("not ok - ") for line in lines)
        self.skipped = sum(line.startswith("skip - ") for line in lines)
        self.trouble = trouble
        if not trouble and not self.passed + self.failed + self.skipped:
            self.trouble = "made no check"
        if self.trouble:
            self.failed += 1


def run_test(path, limit):
    """The output goes to a file: a process that the test left behind can't keep the runner waiting."""
    start = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen([str(path)], cwd=HERE.parent, stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(limit)
            trouble = None
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            status, trouble = None, f"took more than {limit:g} s"
        output.seek(0)
        text = output.read().decode(errors="replace")
    outcome = Outcome(path.stem, text, trouble, time.monotonic() - start)
    if status and not outcome.failed:
        outcome = Outcome(path.stem, text, f"ended with status {status}", outcome.seconds)
    return outcome


def show(outcome):
    print(f"{outcome.name}: {outcome.passed} passed, {outcome.failed} failed, {outcome.skipped} skipped, "
          f"{outcome.seconds:.1f} s")
    if outcome.failed:
        for line in outcome.output.splitlines():
            if not line.startswith("ok - "):
                print("    " + line)
    else:
        for line in outcome.output.splitlines():
            if line.startswith("skip - "):
                print("    " + line)
    if outcome.trouble:
        print(f"    not ok - {outcome.name}: {outcome.trouble}")
    sys.stdout.flush()


def find_tests(names):
    if not names:
        return sorted(path for path in HERE.glob("*.test") if os.access(path, os.X_OK))
    tests = []
    for name in names:
        path = HERE / (pathlib.Path(name).name.removesuffix(".test") + ".test")
        if not path.is_file():
            sys.exit(f"run.py: no test {name}; there are: " +
                     " ".join(sorted(p.stem for p in HERE.glob("*.test"))))
        tests.append(path)
    return tests


def main():
    parser = argparse.ArgumentParser(description="Runs the tests and counts their checks.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a test to run; default: all")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="tests at a time (default 2)")
    parser.add_argument("--limit", type=float, default=300, help="seconds that a test may take (default 300)")
    options = parser.parse_args()

    caches = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
    os.environ["XDG_CACHE_HOME"] = caches.name  # rewritten code is kept from test to test, and not in the user's home
    total = {"passed": 0, "failed": 0, "skipped": 0}
    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        runs = [pool.submit(run_test, path, options.limit) for path in find_tests(options.names)]
        for run in concurrent.futures.as_completed(runs):
            outcome = run.result()
            show(outcome)
            for word in total:
                total[word] += getattr(outcome, word)
    print(f"{total['passed']} passed, {total['failed']} failed" +
          (f", {total['skipped']} skipped" if total["skipped"] else ""))
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
