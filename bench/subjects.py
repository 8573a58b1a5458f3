"""How a program is built in each way and run once, and what is wrong with a run. Knows no table of results."""
import collections
import hashlib
import os
import pathlib
import re
import shlex
import signal
import subprocess
import tempfile
import threading
import time

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
WRAPPER = ROOT / "racetrack-cc"
FLAGS = ["-std=gnu11", "-O2", "-g", "-pthread"]
REPORT = re.compile(r"^.*(?:WARNING|FATAL): (?:ThreadSanitizer|racetrack).*$|^racetrack: .*(?:error|abort).*$", re.MULTILINE)
TIME_LIMIT_S = 60

# family: whose TSan this is compared with. CXX is for the parts of real programs that are C++.
Compiler = collections.namedtuple("Compiler", "family cc cxx")
COMPILERS = (Compiler("gcc", "gcc", "g++"), Compiler("clang-19", "clang-19", "clang++-19"))
TOOLS = ("plain", "tsan", "racetrack")

# One run: seconds, MiB, a digest of its output and the beginning as text. error: why its times don't count; "" if they do.
Run = collections.namedtuple("Run", "user system wall memory output text error reports")


class NotBuilt(Exception):
    """A variant that can't be had; the text says why, in one line."""


class Variant:
    """A compiler and a tool: `plain`, `tsan` or `racetrack`."""

    def __init__(self, compiler, tool):
        self.compiler = compiler
        self.tool = tool
        self.name = f"{tool} {compiler.family}"
        self.key = f"{tool}-{compiler.family}"

    def commands(self):
        """(words that compile C, words that compile C++). They hold their environment, so that a makefile can have them."""
        words = {"cc": [self.compiler.cc], "cxx": [self.compiler.cxx]}
        if self.tool == "tsan":
            return tuple(one + ["-fsanitize=thread"] for one in words.values())
        if self.tool == "racetrack":
            if not os.access(WRAPPER, os.X_OK):
                raise NotBuilt(f"{WRAPPER.name} is not there")
            return tuple(["env", f"RACETRACK_CC={one[0]}", str(WRAPPER)] for one in words.values())
        return tuple(words.values())


VARIANTS = [Variant(compiler, tool) for compiler in COMPILERS for tool in TOOLS]


def build_step(command, **kwargs):
    """Runs words, or a shell's line; a failure is NotBuilt with the line that says most."""
    try:
        done = subprocess.run(command, shell=isinstance(command, str), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **kwargs)
    except OSError as error:
        raise NotBuilt(str(error)) from error
    if done.returncode:
        told = re.findall(r"^.*(?:error|undefined reference|cannot find|E: ).*$", done.stdout, re.MULTILINE)
        lines = told or done.stdout.strip().splitlines()[-1:] or [f"status {done.returncode}"]
        first = command if isinstance(command, str) else shlex.join(command)
        raise NotBuilt(f"`{first[:60]}`: {lines[0].strip()[:160]}")


class Small:
    """A program of bench/programs: one file, one argument, the scale."""
    known_races = ""

    def __init__(self, path):
        self.path = path
        self.name = path.stem

    def build(self, variant, folder):
        program = folder / f"{self.name}.{variant.key}"
        build_step(variant.commands()[0] + FLAGS + [str(self.path), "-o", str(program)])
        return program

    def prepare(self, folder, scale):
        del folder, scale

    def run(self, program, folder, scale):
        return run_measured([program, str(scale)], folder)


def build_measure(folder):
    build_step(["gcc", "-O2", str(BENCH / "measure.c"), "-o", str(folder / "measure")])


def small_subjects():
    return [Small(path) for path in sorted((BENCH / "programs").glob("*.c")) if path.stem != "lockcost"]


def environment():
    words = {name: value for name, value in os.environ.items() if name not in ("LD_PRELOAD", "RACETRACK_OPTIONS")}
    return {**words, "LC_ALL": "C", "TSAN_OPTIONS": "atexit_sleep_ms=0:report_bugs=1"}


def kill_group(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)


def run_measured(command, folder, drive=None, given=os.devnull, limit_s=TIME_LIMIT_S):
    """Runs the command under `measure`, which lies in the folder, with the file `given` as its input. With drive(): the
    command is a server; drive() puts its load on it and returns what takes the place of the output and of the wall time, and
    the server is ended by SIGINT."""
    folder = pathlib.Path(folder)
    numbers = folder / "numbers"
    numbers.unlink(missing_ok=True)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err, open(given, "rb") as source, \
            tempfile.TemporaryDirectory(prefix="run.", dir=folder) as place:
        process = subprocess.Popen([folder / "measure", numbers] + list(command), stdin=source, stdout=out, stderr=err,
                                   cwd=place, env=environment(), start_new_session=True)
        driven, error, begun = None, "", time.monotonic()
        limit = threading.Timer(limit_s, kill_group, [process])  # drive() may wait for it longer
        limit.start()
        try:
            if drive:
                driven = drive()
                process.send_signal(signal.SIGINT)
            process.wait()
        except OSError as failure:
            error = f"load failed: {failure}"
        finally:
            limit.cancel()
            kill_group(process)
            process.wait()
        if process.returncode == -signal.SIGKILL and time.monotonic() - begun >= limit_s:
            error = f"still running after {limit_s:g} s"
        out.seek(0)
        text = out.read(1 << 16).decode(errors="replace")
        out.seek(0)
        err.seek(0)
        digest = hashlib.file_digest(out, "sha256").hexdigest()
        told = err.read(1 << 20).decode(errors="replace")
    last = (told.strip().splitlines() or [""])[-1][:120]
    if error or not numbers.exists() or not numbers.read_text():
        return Run(0, 0, 0, 0, digest, text, f"{error or 'not measured'}: {last}", "")
    user_us, system_us, wall_ns, maxrss_kib, status = map(int, numbers.read_text().split())
    reports = REPORT.findall(told)
    wall = wall_ns / 1e9
    if driven:
        digest, wall = driven
    # TSan's status after reports is 66: the reports are what is told then.
    if status and not (reports and status == 66):
        error = f"status {status}: {last}"
    told = f"{len(reports)} reports: {reports[0]}" if reports else ""
    return Run(user_us / 1e6, system_us / 1e6, wall, maxrss_kib / 1024, digest, text, error, told)


def wait_for(condition, limit_s):
    """Polls until the condition holds: something outside is awaited, nothing is ordered by it."""
    end = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > end:
            raise OSError("no answer")
        time.sleep(0.01)
