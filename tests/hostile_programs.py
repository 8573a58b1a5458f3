"""Programs that do to their process what programs do at their worst, and must not notice the detector: finding, building
and running them, plainly and tracked. Those of tests/hostile get it by the preload, those of tests/hostile_hooks are built
by racetrack-cc, over each of their compilers.

Output, exit status and signal must be the same, and there must be no finding. Comment lines at a program's start say
otherwise:

    // hostile: WHAT          what the program does (required)
    // run: COMMAND           a shell command before the program, such as `ulimit -v 4000000`; several lines add up
    // with: WORD WORD...     all of this for each of the words, as the program's first argument
    // needs: COMMAND         skipped where this shell command fails
    // cflags: FLAGS          more flags of the compiler
    // library: FLAGS         NAME_library.c (.cpp beside a program of C++) of the same folder is built as a shared library
                              and linked in
    // companion: FLAGS       it is built as a shared library for the program to load
    // options: OPTIONS       more of RACETRACK_OPTIONS
    // expect: RULE           exactly one finding, of that rule
    // lost                   the finding that is expected can't be kept; what is said about it is enough
    // says: WORDS            the detector says these, in one line for each process that it says anything in
    // follower: WORDS        runs with the detector's own options; `text` says that the finding stands in the errors,
                              `html` that a page lies in the folder afterwards
    // file: NAME             this file, too, must be the same
    // times: N               so many tracked runs (default 1)
    // seconds: N             the limit of one run (default 20)
    // open: WHY              known not to pass: counts as skipped while it fails

Of a program with hooks everything that the detector could not do is counted, and every such counter is looked at:

    // compilers: NAMES       what RACETRACK_CC is, one after the other (default: gcc)
    // at: STACK STACK        the innermost functions of the expected finding's two sides, as race<work<start
    // loses: COUNTERS        counters of losses that must not be 0; all others must be, but for those of the next line
    // may: COUNTERS          counters of losses that may be 0 or not
    // peak: N                the most memory, in MiB, that the tracked program may take
    // memory: N              skipped where the machine has fewer MiB free
"""
import atexit
import concurrent.futures
import functools
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = pathlib.Path(os.environ.get("HOSTILE_ROOT", HERE.parent))


def within_reach(path):
    """The path, or a copy of the file where every user can reach it: programs here become somebody else."""
    if all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents):
        return path
    REACHABLE.mkdir(mode=0o755, exist_ok=True)
    shutil.copy(path, REACHABLE / path.name)
    return REACHABLE / path.name


REACHABLE = pathlib.Path(tempfile.gettempdir()) / f"racetrack-hostile-{os.getpid()}"
LIBRARY = within_reach(ROOT / "libracetrack.so")
REPORT = within_reach(ROOT / "racetrack-report")
atexit.register(shutil.rmtree, REACHABLE, ignore_errors=True)
HOOKED = ROOT / "libracetrack_hooks.a"
FLAGS = ["-O1", "-g", "-D_GNU_SOURCE", "-w", "-fno-builtin", "-pthread", f"-I{ROOT}/include", f"-I{HERE}"]
AT_A_TIME = 2


class Failure(Exception):
    pass


class Skip(Exception):
    pass


class Program:
    def __init__(self, source, hooks=None):
        self.source, self.hooks = source, hooks
        self.name = f"{source.stem}-{hooks}" if hooks else source.stem
        self.said = {}
        for line in source.read_text().splitlines():
            match = re.match(r"// ([a-z]+)(?:: (.*))?$", line)
            if not match:
                break
            self.said.setdefault(match[1], []).append(match[2] or "")

    def get(self, word, default=""):
        return self.said.get(word, [default])[-1]

    def words(self, word):
        return self.get(word).split()

    def build(self, folder):
        """The program to run plainly, and the one to run tracked."""
        plain = self.build_with(folder / "program", ["g++"] if self.source.suffix == ".cpp" else ["gcc"])
        if not self.hooks:
            return plain, plain
        wrapper = ROOT / ("racetrack-c++" if self.source.suffix == ".cpp" else "racetrack-cc")
        hooked = folder / "hooked"
        hooked.mkdir()
        return plain, self.build_with(hooked / "program", [str(wrapper)])

    def build_with(self, binary, compiler):
        extra = shlex.split(self.get("cflags"))
        companion = self.source.parent / f"{self.source.stem}_library{self.source.suffix}"
        if companion.exists():
            self.compile(compiler, companion, binary.parent / "libcompanion.so",
                         ["-shared", "-fPIC"] + shlex.split(self.get("library") or self.get("companion")))
            if "library" in self.said:
                extra += [f"-L{binary.parent}", "-Wl,--no-as-needed", "-lcompanion", f"-Wl,-rpath,{binary.parent}"]
        self.compile(compiler, self.source, binary, extra)
        return binary

    def compile(self, compiler, source, target, extra):
        standard = "-std=gnu++20" if source.suffix == ".cpp" else "-std=gnu11"
        done = subprocess.run([*compiler, standard, *FLAGS, "-o", target, source, *extra], capture_output=True, text=True,
                              env={**os.environ, "RACETRACK_CC": self.hooks or ""})
        if done.returncode:
            raise Failure("does not compile:\n" + done.stderr)


class Run:
    """What a run of a program came to."""

    def __init__(self, status, out, errors, peak_kib):
        self.status, self.output = status, out.decode(errors="replace")
        lines = errors.decode(errors="replace").splitlines()
        self.errors = [line for line in lines if not line.startswith("racetrack: ")]
        self.said = [line for line in lines if line.startswith("racetrack: ")]
        self.peak_kib = peak_kib


def wait_for(process, seconds):
    """The status and the peak of memory; None where it took longer."""
    late = threading.Event()

    def kill():
        late.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(seconds, kill)
    timer.start()
    _, status, usage = os.wait4(process.pid, 0)
    timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    return (None if late.is_set() else process.returncode), usage.ru_maxrss


def run(program, binary, folder, environment, arguments=()):
    folder.mkdir()
    folder.chmod(0o777)
    before = "; ".join(program.said.get("run", []) + ['export LD_PRELOAD="$TRACK"; exec "$0" "$@"'])
    clean = {name: value for name, value in os.environ.items()
             if name not in ("LD_PRELOAD", "RACETRACK_OPTIONS", "RACETRACK_SESSION", "MALLOC_ARENA_MAX")}
    clean.update(environment)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(["bash", "-c", before, str(binary), *arguments], cwd=folder, env=clean,
                                   stdin=subprocess.DEVNULL, stdout=out, stderr=errors, start_new_session=True)
        status, peak_kib = wait_for(process, float(program.get("seconds", "20")))
        if status is None:
            raise Failure(f"hangs {'with' if 'RACETRACK_OPTIONS' in environment else 'without'} the detector")
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        out.seek(0)
        errors.seek(0)
        return Run(status, out.read(), errors.read(), peak_kib)


def read_reports(records):
    reports = []
    for file in sorted(records.glob("*")):
        done = subprocess.run([REPORT, "--format", "json", file], capture_output=True, text=True, timeout=60)
        try:
            reports.append(json.loads(done.stdout))
        except ValueError:
            raise Failure(f"no report of {file.name}: {done.stderr.strip()}") from None
    return reports


@functools.lru_cache(maxsize=None)
def losses():
    """The counters of what the detector could not do."""
    text = (HERE.parent / "shadow" / "counters.def").read_text()
    return re.findall(r'^RT_COUNTER\(\w+, "(\w+)", 1,', text, re.MULTILINE)


def show(finding):
    sides = []
    for access in finding["accesses"]:
        frames = [f"{frame['function']}:{frame['line']}" for frame in access["stack"][:4]]
        sides.append(f"{access['kind']} {' '.join(frames)}")
    return f"{finding['rule']} ({' / '.join(sides)})"


def compare(plain, tracked, words=("status", "output", "errors")):
    for word in words:
        a, b = getattr(plain, word), getattr(tracked, word)
        if a != b:
            raise Failure(f"{word} {a!r}, with the detector {b!r} {' '.join(tracked.said)}")
    broken = [line for line in tracked.said if "broken invariant" in line]
    if broken:
        raise Failure(broken[0])


def check_follower(program, binary, folder, plain):
    where = folder / "follower"
    tracked = run(program, binary, where, {"TRACK": str(LIBRARY)})
    compare(plain, tracked, ("status", "output"))
    if "file" in program.said:
        contents = [(folder / name / program.get("file")).read_bytes() for name in ("plain", "follower")]
        if contents[0] != contents[1]:
            raise Failure(f"writes into the program's file: {contents[1][-100:]!r}")
    words = program.words("follower")
    if "text" in words and not any(f"[{program.get('expect')}]" in line for line in tracked.errors):
        raise Failure(f"the follower says nothing: {tracked.errors} {tracked.said}")
    if "html" in words and not list(where.glob("*.html")):
        raise Failure(f"no page: {[path.name for path in where.iterdir()]} {tracked.said}")
    broken = [line for line in tracked.said if "could not be started" in line]
    if broken:
        raise Failure(broken[0])


def check_findings(program, findings, time):
    expected = program.get("expect")
    rules = [finding["rule"] for finding in findings]
    if rules != ([expected] if expected else []):
        raise Failure(f"run {time + 1} found " + ("; ".join(map(show, findings)) or "nothing"))
    if "at" in program.said:
        stacks = [[frame["function"] for frame in access["stack"]] for access in findings[0]["accesses"]]
        at = [place.split("<") for place in program.words("at")]
        if not any(all(stack[:len(place)] == place for stack, place in zip(sides, at)) for sides in (stacks, stacks[::-1])):
            raise Failure(f"run {time + 1} found it elsewhere: {show(findings[0])}")


def check_losses(program, reports):
    for name in losses():
        count = sum(report["counters"].get(name, 0) for report in reports)
        if name in program.words("loses"):
            if not count:
                raise Failure(f"{name} is 0")
        elif count and name not in program.words("may"):
            raise Failure(f"{name} is {count}")


def check_peak(program, tracked):
    peak = tracked.peak_kib >> 10
    if "peak" in program.said and peak > int(program.get("peak")):
        raise Failure(f"takes {peak} MiB, more than {program.get('peak')}")


def free_mib():
    return int(re.search(r"^MemAvailable:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text(), re.MULTILINE)[1]) >> 10


def check_said(program, tracked):
    words = program.get("says")
    strange = [line for line in tracked.said if not words or words not in line]
    if "says" in program.said and (strange or not tracked.said or len(tracked.said) != len(set(tracked.said))):
        raise Failure(f"says {tracked.said}, not '{words}'")


def check_tracked(program, binary, folder, memory, plain, time, arguments):
    records = pathlib.Path(tempfile.mkdtemp(dir=memory))
    records.chmod(0o777)
    options = ":".join([f"record_dir={records}", "report=0"] + program.said.get("options", []))
    tracked = run(program, binary, folder, {
        "TRACK": "" if program.hooks else str(LIBRARY), "RACETRACK_OPTIONS": options}, arguments)
    compare(plain, tracked)
    check_said(program, tracked)
    reports = read_reports(records)
    findings = [finding for report in reports for finding in report["findings"]]
    if "lost" in program.said and not findings and tracked.said:
        return
    check_findings(program, findings, time)
    if program.hooks:
        check_losses(program, reports)
        check_peak(program, tracked)


def check(program, folder, memory):
    if "memory" in program.said and free_mib() < int(program.get("memory")):
        raise Skip(f"needs {program.get('memory')} MiB of memory")
    if "needs" in program.said and subprocess.run(["bash", "-c", program.get("needs")], capture_output=True).returncode:
        raise Skip(f"needs {program.get('needs')}")
    binary, tracked_binary = program.build(folder)
    for word in program.words("with") or [""]:
        arguments = [word] if word else []
        plain = run(program, binary, folder / f"plain{word}", {"TRACK": ""}, arguments)
        if "follower" in program.said:
            check_follower(program, tracked_binary, folder, plain)
        for time in range(int(program.get("times", "1"))):
            where = folder / f"tracked{word}{time}"
            try:
                check_tracked(program, tracked_binary, where, memory, plain, time, arguments)
            except Failure as failure:
                raise Failure(f"{word}: {failure}" if word else str(failure)) from None


def say(name, program):
    """The line of the program, and whether it passed."""
    shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    name = f"{name}: {program.name}"
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder, \
            tempfile.TemporaryDirectory(prefix="hostile-", dir=shared) as memory:
        os.chmod(folder, 0o755)
        os.chmod(memory, 0o755)
        try:
            check(program, pathlib.Path(folder), memory)
        except Skip as why:
            return f"skip - {name}: {why}", True
        except (Failure, subprocess.TimeoutExpired) as failure:
            first, *more = str(failure).splitlines()
            if "open" in program.said:
                return f"skip - {name}: open: {program.get('open')}", True
            return "\n".join([f"not ok - {name}: {first}"] + [f"# {line}" for line in more]), False
        except (OSError, KeyError) as error:
            return f"not ok - {name}: {error!r}", False
    return f"ok - {name}" + (" (no longer open)" if "open" in program.said else ""), True


def find_programs(folder, hooked):
    sources = sorted(path for path in folder.iterdir()
                     if path.suffix in (".c", ".cpp") and not path.stem.endswith("_library"))
    for source in sources:
        compilers = Program(source).get("compilers", "gcc").split() if hooked else [None]
        yield from (Program(source, compiler) for compiler in compilers)


def run_all(name, folder, words, hooked=False):
    """Prints the lines of the test `name`: of the folder's programs that the words name, of all where there are none."""
    names = [pathlib.Path(word).stem for word in words]
    programs = [program for program in find_programs(folder, hooked)
                if not names or program.name in names or program.source.stem in names]
    absent = [path.name for path in (LIBRARY, REPORT, *([HOOKED] if hooked else [])) if not path.exists()]
    if absent or not programs:
        print(f"not ok - {name}: {'no ' + ' and no '.join(absent) if absent else 'no such program'}")
        return 1
    passed = True
    with concurrent.futures.ThreadPoolExecutor(AT_A_TIME) as pool:
        for line, good in pool.map(functools.partial(say, name), programs):
            print(line, flush=True)
            passed &= good
    return 0 if passed else 1
