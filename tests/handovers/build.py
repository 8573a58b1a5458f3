"""Builds a program and runs it, by itself and under the detector."""
import dataclasses
import os
import pathlib
import re
import subprocess
import tempfile

import program

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LIBRARY = ROOT / "libracetrack.so"
SECONDS = 60
FOUND = 66
TRIES = 4  # the threads of a broken program may happen not to overlap
WARNINGS = ("-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-Wno-unused-function", "-Wno-sign-compare",
            "-Wno-type-limits", "-Wno-empty-body")
# What may be said of a case.
RIGHT, ALARM, MISS, FAULT = "right", "false alarm", "missed", "fault"
# The detector that a program is given to, which says how it is compiled, and what it runs with. LINES is REWRITE with debug
# information, which the report alone uses.
REWRITE, LINES, HOOKS, TSAN = "rewrite", "lines", "hooks", "tsan"
OPTIONS = f"exitcode={FOUND}:html=0:rewrite_cache=off"


@dataclasses.dataclass(frozen=True)
class Case:
    primitive: str
    seed: int
    compiler: str
    level: str
    form: str = ""  # "": correct

    def title(self):
        return f"{self.primitive} {self.seed} {self.compiler} {self.level}" + (f" --broken {self.form}" if self.form else "")


class Failure(Exception):
    """The program itself is not as it should be, or the detector does more than to report."""


def compile_case(case, detector, folder):
    stem = f"{case.primitive}.{case.seed}.{case.form or 'correct'}"
    source = folder / f"{stem}.c"
    source.write_text(program.write(case.primitive, case.seed, case.form or None))
    binary = folder / f"{stem}.{case.compiler}{case.level}.{detector}"
    how = {REWRITE: [case.compiler, "-s"], LINES: [case.compiler, "-g"],
           HOOKS: [str(ROOT / "racetrack-cc"), "-g"], TSAN: [case.compiler, "-g", "-fsanitize=thread"]}[detector]
    warnings = [*WARNINGS, *(["-Wno-tsan"] if "gcc" in case.compiler and detector in (HOOKS, TSAN) else [])]
    done = subprocess.run([*how, "-std=gnu11", case.level, *warnings, "-pthread", str(source), "-o", str(binary)],
                          env={**os.environ, "RACETRACK_CC": case.compiler}, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Failure(f"does not compile: {done.stdout[:800]}")
    return binary


def run(binary, **more):
    clean = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "RACETRACK_OPTIONS")}
    try:
        return subprocess.run([str(binary)], env={**clean, **more}, cwd=binary.parent, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=SECONDS, check=False, text=True,
                              errors="replace")
    except subprocess.TimeoutExpired:
        raise Failure(f"no end within {SECONDS} s {'under the detector' if more else 'by itself'}") from None


def run_watched(binary, detector, silent):
    options = OPTIONS + (":report=0" if silent else "")
    return run(binary, **{
        REWRITE: {"LD_PRELOAD": str(LIBRARY), "RACETRACK_OPTIONS": options},
        LINES: {"LD_PRELOAD": str(LIBRARY), "RACETRACK_OPTIONS": f"{options}:rewrite_types=0"},
        HOOKS: {"RACETRACK_OPTIONS": options},
        TSAN: {"TSAN_OPTIONS": f"exitcode={FOUND}"}}[detector])


def examine(case, detector, folder, silent=False):
    """Whether the detector finds anything, and what it says, which takes time. A broken program has several tries."""
    binary = compile_case(case, detector, folder)
    if detector == REWRITE:
        plain = run(binary)
        if plain.returncode or plain.stdout != "done\n":
            raise Failure(f"status {plain.returncode} by itself: {plain.stderr[-200:]}")
    for _ in range(TRIES if case.form else 1):
        watched = run_watched(binary, detector, silent)
        if watched.returncode not in (0, FOUND) or watched.stdout != "done\n":
            raise Failure(f"status {watched.returncode} under the detector: {watched.stderr[-400:]}")
        if watched.returncode == FOUND:
            break
    return watched.returncode == FOUND, watched.stderr


def findings(text):
    """How many there are in what a detector says, and how many of them it calls certain."""
    count, inferred = (len(re.findall(rf"^ *{word}", text, re.MULTILINE)) for word in ("WARNING", "Inferred:"))
    return f"{count} findings, {count - inferred} certain"


def judge(case, detector=REWRITE):
    """The verdict, and what there is to add."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found, said = examine(case, detector, pathlib.Path(folder), silent=bool(case.form))
        except Failure as failure:
            return FAULT, str(failure)
    if found == bool(case.form):
        return RIGHT, ""
    return (ALARM, findings(said)) if found else (MISS, "")
