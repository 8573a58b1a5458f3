"""The programs of tests/cases: finding, building and reading the marks in them.

A case is tests/cases/<area>_<what>_{race,clean}.{c,cpp}. Comments in it say what is particular:
    // cflags: FLAGS           more flags for the compiler
    // race: RULE              this line races with itself: it is both sides of a finding of RULE
    // race: RULE LABEL...     this line is a side of the finding RULE LABEL
The places of one label, over the whole file, are the sides of one expected finding; a label may stand twice on a line.
Several rules on a line are separated by ';'.
    // status: N               it ends with this status and not with 0; -N: by that signal
    // stack: F<G<H            where F is a side's innermost function, G called it and H called that one; a line for each way

Cases whose area is `hooks` are built by racetrack-cc over each of HOOK_COMPILERS, and run with and without the preload:
    // compilers: NAMES        over these instead; those that are not installed are left out

Cases whose area is `rewrite` are built by each of REWRITE_COMPILERS with -O2, and rewritten as they start. The others are not:
what their own code does with the results of the functions that they are about is no matter of theirs.
"""
import collections
import fcntl
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent
FOLDER = ROOT / "tests" / "cases"
BUILT = ROOT / "build" / "tests" / "cases"
HEADERS = [*(ROOT / "tests").glob("*.h"), *(ROOT / "include" / "racetrack").glob("*.h")]
COMPILE_SECONDS = 60
HOOK_COMPILERS = ("gcc", "clang")
REWRITE_COMPILERS = ("gcc", "clang")


class Case:
    def __init__(self, source, built_by=None):
        self.source = source
        self.rewritten = source.name.startswith("rewrite_")
        self.plain_compiler = built_by if self.rewritten else "gcc"
        self.hooks = None if self.rewritten else built_by
        self.name = f"{source.stem}-{built_by}" if built_by else source.stem
        self.clean = source.stem.endswith("_clean")
        self.program = BUILT / self.name
        self.text = source.read_text()

    def compiler(self):
        flags = re.findall(r"^// cflags:(.*)$", self.text, re.MULTILINE)
        compiler = self.plain_compiler
        if self.source.suffix == ".cpp":
            compiler = compiler.replace("gcc", "g++").replace("clang", "clang++")
        if self.hooks:
            compiler = ROOT / ("racetrack-c++" if self.source.suffix == ".cpp" else "racetrack-cc")
        return [str(compiler), "-g", "-O2" if self.rewritten else "-O1", "-pthread", "-Iinclude", "-Itests", *" ".join(flags).split()]

    def status(self):
        said = re.search(r"^// status: (-?\d+)$", self.text, re.MULTILINE)
        return int(said[1]) if said else 0

    def build(self):
        """None, or what the compiler says. Another test may want the same program: one of them builds it."""
        BUILT.mkdir(parents=True, exist_ok=True)
        with open(f"{self.program}.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self.build_locked()

    def build_locked(self):
        linked = [ROOT / "libracetrack_hooks.a"] if self.hooks else []
        newest = max(path.stat().st_mtime for path in [self.source, *HEADERS, *linked])
        if self.program.exists() and self.program.stat().st_mtime > newest:
            return None
        fresh = f"{self.program}.{os.getpid()}"  # the old one may be running
        command = self.compiler() + [str(self.source.relative_to(ROOT)), "-o", fresh]
        done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=COMPILE_SECONDS, text=True,
                              env={**os.environ, "RACETRACK_CC": self.hooks or ""})
        if done.returncode:
            return done.stdout
        os.replace(fresh, self.program)
        return None

    def options(self):
        return "" if self.rewritten else ":rewrite=off"

    def stacks(self):
        """The ways to a side's innermost function that are named, by that function."""
        ways = collections.defaultdict(list)
        for line in re.findall(r"^// stack: (.*)$", self.text, re.MULTILINE):
            way = line.split("<")
            ways[way[0]].append(way)
        return ways

    def expected(self):
        """The findings that the marks stand for, as (rule, lines) with the labels they have."""
        places = collections.defaultdict(list)
        for number, line in enumerate(self.text.splitlines(), 1):
            mark = re.search(r"// race: (.*)$", line)
            for one in mark.group(1).split(";") if mark else []:
                rule, *labels = one.split()
                for label in labels or [f"line-{number}"] * 2:
                    places[rule, label].append(number)
        findings = collections.defaultdict(list)
        for (rule, label), lines in places.items():
            findings[rule, tuple(sorted(lines))].append(label)
        return findings


def compilers_of(path):
    if not path.name.startswith(("hooks_", "rewrite_")):
        return (None,)
    said = re.search(r"^// compilers: (.*)$", path.read_text(), re.MULTILINE)
    return [name for name in said.group(1).split() if shutil.which(name)] if said else \
        HOOK_COMPILERS if path.name.startswith("hooks_") else REWRITE_COMPILERS


def find_cases():
    paths = [path for pattern in ("*_race", "*_clean") for suffix in ("c", "cpp")
             for path in sorted(FOLDER.glob(f"{pattern}.{suffix}"))]
    return [Case(path, built_by) for path in paths for built_by in compilers_of(path)]
