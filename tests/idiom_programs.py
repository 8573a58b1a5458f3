"""Programs with idiom.h, each correct and, with BROKEN=1, with a mistake: the correct one has no finding and does what it does by
itself, the broken one has a finding.

A line "// not at: -O0" names levels at which a program is not tried, "// only: clang -O0" the one compiler and level at which it is,
"// cflags: ..." gives the compiler more.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "libracetrack.so"
SECONDS = 60
FOUND = 66
TRIES = 8  # the threads of a broken program may happen not to overlap


class Kind:
    """Of programs. builds: compiler, level, broken. hooks: they are built by racetrack-cc, else preloaded."""

    def __init__(self, name, builds, hooks=False):
        self.name, self.builds, self.hooks = name, builds, hooks
        self.folder = ROOT / "tests" / name

    def compiler(self, family, tracked):
        return [str(ROOT / "racetrack-cc")] if self.hooks and tracked else [family]

    def environment(self, options):
        library = {} if self.hooks else {"LD_PRELOAD": str(LIBRARY)}
        return {**library, "RACETRACK_OPTIONS": options}


class Failure(Exception):
    pass


def line_of(source, what):
    found = re.search(rf"^// {what}: (.*)$", source.read_text(), re.MULTILINE)
    return found.group(1).split() if found else []


def build(source, words, compiler, level, broken, folder):
    program = folder / f"{source.stem}.{compiler}{level}{'.broken' if broken else ''}{len(words[0])}"
    done = subprocess.run([*words, "-std=gnu11", level, "-Wall", "-Wextra", "-Werror", "-Wno-unused-parameter", "-pthread",
                           f"-DBROKEN={int(broken)}", str(source), "-o", str(program),
                           *line_of(source, "cflags")],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                          cwd=folder,  # a profile's file is to be there
                          env={**os.environ, "RACETRACK_CC": compiler})
    if done.returncode:
        raise Failure(f"does not compile: {done.stdout[:400]}")
    return program


def run(program, **more):
    environment = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "RACETRACK_OPTIONS")}
    return subprocess.run([str(program)], env={**environment, **more}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SECONDS, check=False)


def check(kind, source, compiler, level, broken, folder):
    program = build(source, kind.compiler(compiler, True), compiler, level, broken, folder)
    options = kind.environment(f"exitcode={FOUND}:html=0:rewrite_cache=off:record_dir={folder}")
    tracked = run(program, **options)
    if broken:
        for _ in range(TRIES):
            if tracked.returncode != FOUND:
                tracked = run(program, **options)
        if tracked.returncode == FOUND:
            return
        raise Failure(f"nothing is found; status {tracked.returncode}")
    plain = run(build(source, [compiler], compiler, level, broken, folder) if kind.hooks else program)
    if plain.returncode:
        raise Failure(f"by itself it ends with {plain.returncode}")
    if (tracked.returncode, tracked.stdout) != (plain.returncode, plain.stdout):
        raise Failure(f"status {tracked.returncode}, output {tracked.stdout!r}, by itself {plain.returncode}, "
                      f"{plain.stdout!r}: {tracked.stderr.decode(errors='replace')[:1200]}")


def say(kind, source, compiler, level, broken, folder):
    what = f"{kind.name}: {source.stem}, {compiler} {level}, {'broken' if broken else 'correct'}"
    try:
        check(kind, source, compiler, level, broken, folder)
    except (Failure, OSError, subprocess.SubprocessError) as failure:
        first, *more = str(failure).splitlines()
        return "\n".join([f"not ok - {what}: {first}"] + [f"# {line}" for line in more]), False
    return f"ok - {what}", True


def builds_of(kind, source):
    only = line_of(source, "only")
    if only:
        return [(*only, broken) for broken in (False, True)]
    return [build for build in kind.builds if build[1] not in line_of(source, "not at")]


def run_all(kind, names):
    """names: those alone; [] for all. The exit status."""
    stems = [pathlib.Path(name).stem for name in names]
    sources = [path for path in sorted(kind.folder.glob("*.c")) if not stems or path.stem in stems]
    if not sources:
        print(f"not ok - {kind.name}: no such program")
        return 1
    passed = True
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(2) as pool:
        told = [pool.submit(say, kind, source, compiler, level, broken, pathlib.Path(name))
                for source in sources for compiler, level, broken in builds_of(kind, source)]
        for one in told:
            text, well = one.result()
            print(text, flush=True)
            passed &= well
    return 0 if passed else 1
