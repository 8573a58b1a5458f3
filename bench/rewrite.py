#!/usr/bin/env python3
"""What it costs programs as Debian ships them that their loads and stores are checked, beside Valgrind's Helgrind and DRD.

Every program runs plainly, under each mode of rewriting and under Valgrind's tools, all in turn, so that noise hits all
alike, without address randomisation. Printed are medians of the user+system time, the wall time and the peak memory, as
multiples of the plain program's. A run that ends with an error or prints something else than the plain one is named, and its
times don't count. A server's wall time is that of its load; its other figures are the whole process's, start and rewriting
included.
"""
import argparse
import collections
import hashlib
import os
import pathlib
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import memcached_load  # noqa: E402
import real_programs as real  # noqa: E402
import subjects  # noqa: E402
from hooks import align, format_number  # noqa: E402

MEASURES = (("cpu", "user+system time", "s"), ("wall", "wall time", "s"), ("memory", "peak memory", "MiB"))
VALGRIND = ("helgrind", "drd")
TOOLS = ("all", "off", "sample:5%", *VALGRIND)
TOOLS_MORE = ("main",)
REDIS_PORT = 21712
REDIS_TESTS = "set,get,incr,lpush,lpop,sadd,hset"

# words: the command; needed: the programs it takes; given: its input; drive(options): a server's load.
Program = collections.namedtuple("Program", "name words needed given drive", defaults=[os.devnull, None])


def programs(folder):
    text = folder / "text"
    packers = [("pigz", "-p2"), ("pbzip2", "-p2"), ("xz", "-1", "-T2", "--block-size=1MiB"),
               ("zstd", "-q", "-5", "-T2", "-B1MiB"), ("lbzip2", "-n2")]
    made = [Program(words[0], [*words, "-c", text], words[:1]) for words in packers]
    made.append(Program("sqlite3", ["sqlite3", "base.db"], ("sqlite3",), folder / "session.sql"))
    redis = ["redis-server", "--port", str(REDIS_PORT), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    made.append(Program("redis-server", redis, ("redis-server", "redis-benchmark", "redis-cli"), drive=drive_redis))
    made.append(Program("memcached", ["memcached", *memcached_load.ARGUMENTS], ("memcached",),
                        drive=lambda options: memcached_load.drive(options.scale / 4)))
    return made


def prepare(folder, scale):
    real.make_text(folder / "text", 8 * scale)
    (folder / "session.sql").write_text(real.SQL_SORT.replace("ROWS", str(int(60000 * scale))))


def ask_redis(program, *words, limit_s):
    """Its output; what goes wrong is an OSError, as of a load that talks by itself."""
    try:
        return subprocess.run([program, "-h", "127.0.0.1", "-p", str(REDIS_PORT), *words], stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=limit_s, text=True, env=real.plain_environment(),
                              check=True).stdout
    except subprocess.SubprocessError as error:
        raise OSError(str(error)) from error


def redis_answers():
    try:
        return "PONG" in ask_redis("redis-cli", "ping", limit_s=10)
    except OSError:
        return False


def drive_redis(options):
    """(digest of what the server counted and holds, seconds)."""
    subjects.wait_for(redis_answers, options.limit)
    begun = time.monotonic()
    ask_redis("redis-benchmark", "-q", "-n", str(int(60000 * options.scale)), "-P", "16", "-c", "20", "-t", REDIS_TESTS,
              limit_s=options.limit)
    seconds = time.monotonic() - begun
    counts = re.findall(r"cmdstat_(?:set|get|incr|lpush|lpop|sadd|hset):calls=\d+",
                        ask_redis("redis-cli", "info", "commandstats", limit_s=options.limit))
    held = ask_redis("redis-cli", "get", "counter:__rand_int__", limit_s=options.limit)
    return hashlib.sha256(f"{sorted(counts)} {held}".encode()).hexdigest(), seconds


def command_of(tool, words):
    if tool == "plain":
        return words
    if tool in VALGRIND:
        # Valgrind allows no hard limit of descriptors but the soft one it found; memcached sets 1024.
        return ["prlimit", "--nofile=1024:4096", "valgrind", "-q", f"--tool={tool}", *words]
    tracked = real.tracked_environment("", options=f":rewrite='{tool}'")
    return ["env", *(f"{name}={tracked[name]}" for name in ("LD_PRELOAD", "RACETRACK_OPTIONS")), *words]


class Result:
    """The runs of one program: medians by tool, and what is to be said about it."""

    def __init__(self, name):
        self.name = name
        self.runs = collections.defaultdict(list)
        self.notes = []

    def median(self, tool, measure):
        runs = self.runs.get(tool)
        return statistics.median(figure(one, measure) for one in runs) if runs else None

    def ratio(self, tool, measure):
        top, bottom = self.median(tool, measure), self.median("plain", measure)
        return top / bottom if top and bottom else None


def figure(run, measure):
    return run.user + run.system if measure == "cpu" else getattr(run, measure)


def measure_program(program, tools, folder, options):
    """All tools, in turn. A tool that fails once is left out from there on; the plain run takes all others with it."""
    result = Result(program.name)
    drive = (lambda: program.drive(options)) if program.drive else None
    left, expected = ["plain", *tools], None
    for _ in range(options.runs):
        for tool in list(left):
            run = subjects.run_measured(command_of(tool, program.words), folder, drive, program.given, options.limit)
            expected = expected or run.output
            error = run.error or ("the output differs from the plain run's" if run.output != expected else "")
            if not error:
                result.runs[tool].append(run)
                continue
            result.notes.append(f"{program.name}, {tool}: ERROR: {error}")
            result.runs.pop(tool, None)
            left.remove(tool)
            if tool == "plain":
                return result
    return result


def table_rows(results, tools, measure, unit):
    heads = ["program", f"plain {unit}", *(tool if tool in VALGRIND else f"rewrite={tool}" for tool in tools)]
    rows = [[one.name, format_number(one.median("plain", measure)),
             *(format_number(one.ratio(tool, measure)) for tool in tools)] for one in results]
    means = ["geometric mean", "-"]
    for tool in tools:
        known = [ratio for ratio in (one.ratio(tool, measure) for one in results) if ratio]
        means.append(format_number(statistics.geometric_mean(known)) if known else "-")
    return heads, [*rows, means]


def first_line(*words):
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", check=False)
    return (done.stdout.splitlines() or ["?"])[0]


def version_of(name):
    found = re.search(r"\d+(?:\.\d+)+", first_line(name, "--version"))
    return f"{name} {found.group() if found else '?'}"


def machine_line():
    """The processor, cores, memory, system."""
    found = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    model = found.group(1) if found else platform.machine()
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / (1 << 30)
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "?")
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {gib:.0f} GiB, {system}, Linux {platform.release()}"


def version_line(results, tools):
    names = [one.name for one in results] + (["valgrind"] if set(tools) & set(VALGRIND) else [])
    commit = first_line("git", "-C", str(real.ROOT), "describe", "--always", "--dirty")
    return f"racetrack {commit}; " + ", ".join(version_of(name) for name in names)


def write_text(results, tools, out):
    for measure, title, unit in MEASURES:
        print(f"\n{title}, as a multiple of plain", file=out)
        for line in align(*table_rows(results, tools, measure, unit)):
            print(line.rstrip(), file=out)


def write_markdown(results, tools, options, out):
    print("# Cost of rewriting\n\nWritten by `bench/rewrite.py`: medians of "
          f"{options.runs} runs at scale {options.scale:g}, two threads; figures are multiples of plain.\n\n"
          f"- machine: {machine_line()}, load average {os.getloadavg()[0]:.1f}\n"
          f"- versions: {version_line(results, tools)}", file=out)
    for measure, title, unit in MEASURES:
        heads, rows = table_rows(results, tools, measure, unit)
        print(f"\n## {title.capitalize()}\n", file=out)
        for row in [heads, ["---"] + ["---:"] * (len(heads) - 1)] + rows:
            print("| " + " | ".join(row) + " |", file=out)


def write_notes(notes, mark, out):
    for note in notes:
        print(f"{mark} {note}", file=out)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--only", default="", metavar="REGEX", help="programs whose name has a match")
    parser.add_argument("--runs", type=int, default=5, help="runs of each kind (default 5)")
    parser.add_argument("--scale", type=float, default=1.0, help="how much work (default 1: 8 MiB of text)")
    parser.add_argument("--limit", type=float, default=120, help="seconds that a run may take (default 120)")
    parser.add_argument("--markdown", metavar="FILE", help="write the tables there too")
    parser.add_argument("--tools", default=",".join(TOOLS), metavar="LIST",
                        help=f"of main,all,off,sample:N%%,{','.join(VALGRIND)} (default: all but main, 5%%); plain is always run")
    options = parser.parse_args()
    if options.runs < 1 or options.scale <= 0 or options.limit <= 0:
        parser.error("--runs, --scale and --limit are above 0")
    options.tools = options.tools.split(",")
    unknown = [tool for tool in options.tools if not re.fullmatch(r"sample:\d+%", tool) and tool not in TOOLS + TOOLS_MORE]
    if unknown:
        parser.error(f"no such tool: {', '.join(unknown)}")
    return options


def main():
    options = parse_arguments()
    # What was started is ended on the way out: by SIGTERM as well as by the keyboard.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    tools, results, notes = options.tools, [], []
    if set(tools) & set(VALGRIND) and not shutil.which("valgrind"):
        tools = [tool for tool in tools if tool not in VALGRIND]
        notes.append("valgrind is not installed")
    with tempfile.TemporaryDirectory(prefix="bench.") as name:
        os.environ["XDG_CACHE_HOME"] = name  # the first run of each program makes what the others find there
        folder = pathlib.Path(name)
        subjects.build_measure(folder)
        prepare(folder, options.scale)
        for program in programs(folder):
            missing = [word for word in program.needed if not shutil.which(word)]
            if not re.search(options.only, program.name):
                continue
            if missing:
                notes.append(f"{program.name}: not installed: {' '.join(missing)}")
                continue
            print(f"{program.name} ...", file=sys.stderr, flush=True)
            results.append(measure_program(program, tools, folder, options))
            notes += results[-1].notes
    write_text(results, tools, sys.stdout)
    write_notes(notes, " ", sys.stdout)
    if options.markdown:
        with open(options.markdown, "w", encoding="utf-8") as out:
            write_markdown(results, tools, options, out)
            print(file=out)
            write_notes(notes, "-", out)
    return 1 if any("ERROR" in note for note in notes) else 0


if __name__ == "__main__":
    sys.exit(main())
