"""Programs as Debian ships them, each with a small job: for the test that compares a plain run with a tracked one, and for
the benchmark of the time it takes.

A subject's job runs in an empty folder of its own, its input lies in another. It gives back what a person would compare:
status, output, and what else is known to be the same on every run. `scale` is 1 for the test, more for the benchmark.
"""
import collections
import contextlib
import hashlib
import http.server
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "libracetrack.so"
PYTHON = "/usr/bin/python3"
SECONDS = 60

Result = collections.namedtuple("Result", "status out err also cpu wall", defaults=[b"", b"", None, 0.0, 0.0])


class Hang(Exception):
    pass


def plain_environment():
    kept = {name: value for name, value in os.environ.items()
            if name in ("PATH", "TMPDIR", "HOME", "USER", "LD_LIBRARY_PATH", "XDG_CACHE_HOME")}
    return {**kept, "LC_ALL": "C"}


def tracked_environment(records, library=None, options=""):
    """Calls only: what rewriting finds in these programs, and how they behave with it, is tests/rewrite_real.test's and
    docs/real-programs.md's."""
    options = ":rewrite=off" + options
    return {**plain_environment(), "LD_PRELOAD": str(library or os.environ.get("RT_LIBRARY", LIBRARY)),
            "RACETRACK_OPTIONS": f"record_dir={records}:report=0{options}"}


def end_group(process):
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def wait_for(process, seconds):
    """Status and user+system seconds of the process and the children that it waited for."""
    timer = threading.Timer(seconds, end_group, [process])
    timer.start()
    start = time.monotonic()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    finally:
        timer.cancel()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode == -signal.SIGKILL and time.monotonic() - start >= seconds:
        raise Hang(f"no end after {seconds} s")
    return process.returncode, usage.ru_utime + usage.ru_stime


def start(command, environment, folder, given=None, out=subprocess.DEVNULL, err=subprocess.DEVNULL):
    return subprocess.Popen([str(word) for word in command], cwd=folder, env=environment, stdout=out, stderr=err,
                            stdin=given or subprocess.DEVNULL, start_new_session=True)


def execute(command, environment, folder, given=None, seconds=SECONDS):
    with contextlib.ExitStack() as stack:
        out, err = (stack.enter_context(tempfile.TemporaryFile()) for _ in range(2))
        source = stack.enter_context(open(given, "rb")) if given else None
        begin = time.monotonic()
        process = start(command, environment, folder, source, out, err)
        status, cpu = wait_for(process, seconds)
        wall = time.monotonic() - begin
        out.seek(0)
        err.seek(0)
        return Result(status, out.read(), err.read(), None, cpu, wall)


# ---- servers ----

def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=SECONDS):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Hang(f"the server ended at once with status {process.returncode}")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.01)
    end_group(process)
    process.wait()
    raise Hang(f"the server does not listen after {seconds} s")


def serve(command, environment, folder, port, load, stop=signal.SIGTERM):
    """Runs the server, `load` against it, stops it. The server's status, load's result, CPU of the server."""
    with tempfile.TemporaryFile() as err:
        process = start(command, environment, folder, err=err)
        try:
            wait_for_port(port, process)
            begin = time.monotonic()
            also = load()
            wall = time.monotonic() - begin
            if stop:
                process.send_signal(stop)
            status, cpu = wait_for(process, SECONDS)
        finally:
            if process.returncode is None:
                end_group(process)
                process.wait()
        err.seek(0)
        return Result(status, b"", err.read(), also, cpu, wall)


# ---- input ----

def make_text(path, megabytes):
    """Text that compresses like text; the same on every machine."""
    dice = random.Random(7)
    words = ["".join(dice.choices("etaoinshrdlu", k=dice.randint(1, 9))) for _ in range(5000)]
    block = " ".join(dice.choices(words, k=120000)).encode()
    with open(path, "wb") as out:
        left = int(megabytes * (1 << 20))
        while left > 0:
            out.write(block[:left])
            left -= len(block)
            dice.shuffle(words)
            block = " ".join(dice.choices(words, k=120000)).encode()


def digest(data):
    return hashlib.sha256(data).hexdigest()


# ---- subjects ----

class Subject:
    """name; needed: the programs it takes; err: whether stderr is the same on every run."""

    def __init__(self, name, needed, prepare, run, err=True):
        self.name, self.needed, self.prepare, self.run, self.err = name, needed, prepare, run, err

    def missing(self):
        return [program for program in self.needed if not shutil.which(program, path=PATH)]


PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"


def compressor(name, *flags, megabytes, expand):
    def prepare(inputs, scale):
        make_text(inputs / "text", megabytes * scale)

    def run(inputs, folder, environment):
        packed = execute([name, *flags, "-c", inputs / "text"], environment, folder)
        (folder / "packed").write_bytes(packed.out)
        back = execute([name, *expand, "-c", folder / "packed"], environment, folder)
        (folder / "packed").unlink()
        same = digest(back.out) == digest((inputs / "text").read_bytes())
        return Result((packed.status, back.status), digest(packed.out), packed.err + back.err, {"same": same},
                      packed.cpu + back.cpu, packed.wall + back.wall)

    return Subject(" ".join([name, *flags]), [name], prepare, run)


def script(name, command, text, suffix, err=True, given=False):
    """An interpreter with a script; SCALE in it stands for the scale."""
    def prepare(inputs, scale):
        (inputs / ("script" + suffix)).write_text(text.replace("SCALE", str(scale)))

    def run(inputs, folder, environment):
        path = inputs / ("script" + suffix)
        done = execute(command if given else [*command, path], environment, folder, path if given else None)
        for made in folder.glob("base.db"):
            made.unlink()
        return done

    return Subject(name, [command[0]], prepare, run, err)


PYTHON_THREADS = r"""
import hashlib, queue, subprocess, threading, zlib
jobs, done = queue.Queue(), {}
lock = threading.Lock()
def work():
    while True:
        job = jobs.get()
        if job is None:
            return
        data = bytes(range(256)) * 2048
        for _ in range(10):
            data = zlib.decompress(zlib.compress(data, 1))
        total = sum(i * i for i in range(20000))
        with lock:
            done[job] = hashlib.sha256(data + str(job).encode()).hexdigest() + str(total)
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for job in range(40 * SCALE):
    jobs.put(job)
for _ in threads:
    jobs.put(None)
for thread in threads:
    thread.join()
print(len(done), hashlib.sha256(repr(sorted(done.items())).encode()).hexdigest())
print(subprocess.run(["echo", "a child"], capture_output=True, text=True).stdout, end="")
"""

PERL = r"""
use strict; use warnings;
my (%count, @words);
my $seed = 1;
for (1 .. 60000 * SCALE) {
    $seed = ($seed * 1103515245 + 12345) % 2147483648;
    push @words, sprintf("w%05d", $seed % 5000);
}
$count{$_}++ for @words;
my @order = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
print "$_ $count{$_}\n" for @order[0 .. 20];
my $text = join " ", @words;
my $hits = () = $text =~ /w0(\d)\1\d\d/g;
print "$hits ", length($text), " ", substr(`echo from a shell`, 0, 4), "\n";
"""

PERL_THREADS = r"""
use strict; use warnings; use threads; use threads::shared; use Thread::Queue;
my $total :shared = 0;
my $queue = Thread::Queue->new(1 .. 60 * SCALE);
$queue->end;
my @threads = map { threads->create(sub {
    while (defined(my $job = $queue->dequeue)) {
        my $sum = 0;
        $sum += ($_ * $job) % 7 for 1 .. 2000;
        lock $total;
        $total += $sum;
    }
}) } 1 .. 4;
$_->join for @threads;
print "$total\n";
"""

BASH = r"""
set -e -o pipefail
trap 'echo trapped' USR1
fib() { if (( $1 < 2 )); then echo $1; else echo $(( $(fib $(($1 - 1))) + $(fib $(($1 - 2))) )); fi; }
for i in $(seq SCALE); do fib 9; done
seq 1000 | awk '{ s += $1 } END { print s }' | cat
diff <(printf 'a\nb\n') <(printf 'a\nc\n') || echo differs
declare -A map; for i in {1..500}; do map[$i]=$((i * i)); done; echo ${map[77]} ${#map[@]}
while read -r line; do lines+=("$line"); done < <(seq 200); echo ${#lines[@]}
kill -USR1 $$; (exit 3) || echo status $?
sleep 0.01 & wait $!; mktemp -u /tmp/xXXXX | wc -c; echo to stderr >&2
exit 7
"""

SQL = r"""
create table t(a integer primary key, b text, c real);
with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000 * SCALE)
  insert into t select i, 'text ' || (i * 7919 % 1000), i / 3.0 from n;
create index tb on t(b);
select count(*), sum(a), round(avg(c), 3) from t where b like 'text 1%';
select b, count(*) from t group by b order by 2 desc, 1 limit 5;
update t set b = upper(b) where a % 3 = 0;
select group_concat(b, ',') from (select b from t order by c desc limit 5);
pragma integrity_check;
vacuum;
select count(*) from nothing;
"""

# More than the sorter keeps in memory, so that its workers have something to do.
SQL_SORT = """
pragma threads=2; pragma cache_size=100;
create table t(a integer, b text);
with recursive n(i) as (select 1 union all select i + 1 from n where i < ROWS)
  insert into t select i * 7919 % 1000003, 'text ' || (i * 104729 % 999983) || hex(zeroblob(100)) from n;
create index tb on t(b);
select count(*), min(b), max(b) from (select b from t order by b, a limit 10000);
select sum(a * n) from (select a, row_number() over (order by b desc) as n from t);
"""


def memcached():
    def prepare(inputs, scale):
        (inputs / "scale").write_text(str(scale))

    def client(port, number, rounds, results):
        with socket.create_connection(("127.0.0.1", port), SECONDS) as link:
            link.settimeout(SECONDS)
            answers, lines = link.makefile("rb"), hashlib.sha256()
            for i in range(rounds):
                key, value = f"key-{number}-{i % 50}", f"{number}:{i}:".encode() * (1 + i % 60)
                link.sendall(f"set {key} 0 0 {len(value)}\r\n".encode() + value + b"\r\n" + f"get {key}\r\n".encode() +
                             b"incr hits 1\r\n" + f"delete key-{number}-{(i + 25) % 50}\r\n".encode())
                for line in range(6):
                    text = answers.readline()
                    if line != 4:  # the others' hits are in it
                        lines.update(text)
            results[number] = lines.hexdigest()

    def run(inputs, folder, environment):
        port, results = free_port(), {}

        def load():
            scale = int((inputs / "scale").read_text())
            with socket.create_connection(("127.0.0.1", port)) as link:
                link.sendall(b"set hits 0 0 1\r\n0\r\n")
                link.recv(100)
            clients = [threading.Thread(target=client, args=(port, n, 500 * scale, results)) for n in range(6)]
            for one in clients:
                one.start()
            for one in clients:
                one.join()
            with socket.create_connection(("127.0.0.1", port)) as link:
                link.sendall(b"get hits\r\n")
                return link.recv(100), sorted(results.items())

        user = ["-u", "root"] if os.getuid() == 0 else []
        return serve(["memcached", "-l", "127.0.0.1", "-p", port, "-U", "0", "-t", "4", "-m", "32", *user], environment,
                     folder, port, load)

    return Subject("memcached", ["memcached"], prepare, run)


def redis():
    def prepare(inputs, scale):
        (inputs / "scale").write_text(str(scale))

    def run(inputs, folder, environment):
        port, scale = free_port(), int((inputs / "scale").read_text())

        def ask(*words):
            return subprocess.run(["redis-cli", "-p", str(port), *words], env=plain_environment(), cwd=folder,
                                  stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS).stdout

        def load():
            for tests, pipeline in (("set,get,incr,lpush,lpop,sadd,hset", "8"), ("zadd,mset", "1")):
                subprocess.run(["redis-benchmark", "-h", "127.0.0.1", "-p", str(port), "-q", "-n", str(3000 * scale),
                                "-P", pipeline, "-t", tests, "-r", "1000", "-c", "20"], check=True, timeout=SECONDS,
                               env=plain_environment(), cwd=folder, stdin=subprocess.DEVNULL, capture_output=True)
            stats = [line.split(b",")[0] for line in ask("info", "commandstats").splitlines()
                     if line.startswith((b"cmdstat_set:", b"cmdstat_zadd:", b"cmdstat_lpush:", b"cmdstat_lpop:"))]
            saved = ask("bgsave"), ask("flushall", "async")
            ask("shutdown", "nosave")
            return sorted(stats), saved[1]

        done = serve(["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir",
                      folder], environment, folder, port, load, None)
        for path in folder.glob("*.rdb"):  # where the child that saves was quick enough
            path.unlink()
        return done

    return Subject("redis-server", ["redis-server", "redis-cli", "redis-benchmark"], prepare, run)


NGINX = """
daemon off; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/error.log warn; thread_pool default threads=2;
events {{ worker_connections 64; }}
http {{
    access_log off; client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5; aio threads; directio 64k; gzip on; gzip_types text/plain;
    gzip_min_length 10; default_type text/plain;
    server {{ listen 127.0.0.1:{port}; root {inputs}; location /back/ {{ proxy_pass http://127.0.0.1:{port}/; }} }}
}}
"""


def nginx():
    def prepare(inputs, scale):
        (inputs / "scale").write_text(str(scale))
        make_text(inputs / "big.txt", 1)
        (inputs / "small.txt").write_text("hello\n" * 100)

    def run(inputs, folder, environment):
        port, scale = free_port(), int((inputs / "scale").read_text())
        for path in (inputs, folder):  # the workers are not root
            for one in (path, *path.parents):
                if str(one).startswith(tempfile.gettempdir() + "/"):
                    one.chmod(0o755)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, inputs=inputs))

        def fetch(*words):
            urls = [word if word[0] == "-" else f"http://127.0.0.1:{port}/{word}" for word in words]
            done = subprocess.run(["curl", "-s", "-S", *urls], capture_output=True, timeout=SECONDS, check=False,
                                  env=plain_environment(), cwd=folder, stdin=subprocess.DEVNULL)
            return done.returncode, digest(done.stdout)

        def load():
            got = []
            for _ in range(5 * scale):
                got += [fetch(*["big.txt"] * 4), fetch("--compressed", *["small.txt"] * 40),
                        fetch("back/big.txt", "back/small.txt", "nothing", "back/nothing")]
            return sorted(set(got))

        done = serve(["nginx", "-c", folder / "nginx.conf", "-e", folder / "error.log"], environment, folder, port, load,
                     signal.SIGQUIT)
        errors = [line for line in (folder / "error.log").read_text().splitlines() if "No such file" not in line]
        for name in ("nginx.conf", "error.log", *(f"t{n}" for n in range(1, 6))):
            path = folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return done._replace(also=(done.also, errors))

    return Subject("nginx", ["nginx", "curl"], prepare, run)


def git():
    def prepare(inputs, scale):
        dice = random.Random(3)
        lines = [f"line {n} {dice.random()}" for n in range(400)]
        stream = []
        for commit in range(60 * scale):
            for _ in range(10):
                lines[dice.randrange(len(lines))] = f"changed in {commit} {dice.random()}"
            stream.append(f"commit refs/heads/main\ncommitter A <a@b> {1700000000 + commit} +0000\ndata 7\ncommit\n")
            for number in range(4):
                data = "\n".join(lines[number * 100:number * 100 + 100]) + "\n"
                stream.append(f"M 100644 inline d{number}/f{commit % 7}\ndata {len(data)}\n{data}\n")
        for command in (["git", "init", "-q", "-b", "main", inputs / "repository"],
                        ["git", "-C", inputs / "repository", "-c", "fastimport.unpackLimit=1000000", "fast-import",
                         "--quiet"]):
            subprocess.run(command, input="".join(stream).encode(), check=True, env=plain_environment(),
                           stdout=subprocess.DEVNULL)

    def run(inputs, folder, environment):
        shutil.copytree(inputs / "repository", folder / "repository", symlinks=True)
        settings = ["-c", "pack.threads=2", "-c", "gc.autoDetach=false", "-c", "safe.directory=*"]
        here = ["git", *settings, "-C", folder / "repository"]
        done = execute([*here, "gc", "--prune=now"], environment, folder)
        after = [execute([*here, *words], plain_environment(), folder) for words in
                 (["count-objects", "-v"], ["fsck", "--strict"], ["log", "--format=%H"])]
        shutil.rmtree(folder / "repository")
        counts = [line for line in after[0].out.decode().splitlines() if "size" not in line]  # two threads: other deltas
        return done._replace(also=(counts, [one.status for one in after], digest(after[2].out)))

    return Subject("git gc", ["git"], prepare, run)


def sort():
    def prepare(inputs, scale):
        dice = random.Random(5)
        with open(inputs / "lines", "w", encoding="ascii") as out:
            for _ in range(200000 * scale):
                out.write(f"{dice.getrandbits(40):x}\n")

    def run(inputs, folder, environment):
        done = execute(["sort", "--parallel=4", "-S", "64M", inputs / "lines"], environment, folder)
        return done._replace(out=digest(done.out))

    return Subject("sort --parallel", ["sort"], prepare, run)


class Quiet(http.server.SimpleHTTPRequestHandler):
    folder = "/"

    def __init__(self, *arguments, **more):
        super().__init__(*arguments, directory=self.folder, **more)

    def log_message(self, *_):
        pass


def curl():
    def prepare(inputs, scale):
        make_text(inputs / "page.txt", 1)
        (inputs / "scale").write_text(str(scale))

    def run(inputs, folder, environment):
        handler = type("Here", (Quiet,), {"folder": str(inputs)})
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            # a name, so that curl's resolver thread runs
            address = f"http://localhost:{server.server_address[1]}"
            urls = [f"{address}/page.txt"] * (8 * int((inputs / "scale").read_text()))
            got = execute(["curl", "-4", "-s", "-S", *urls], environment, folder)
            lost = execute(["curl", "-4", "-s", "-S", "-f", f"{address}/nothing"], environment, folder)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
        return Result((got.status, lost.status), digest(got.out), got.err + lost.err, None, got.cpu + lost.cpu,
                      got.wall + lost.wall)

    return Subject("curl", ["curl"], prepare, run)


def command(name, *words, err=True):
    def run(_inputs, folder, environment):
        return execute([name, *words], environment, folder)

    return Subject(" ".join([name, *words]), [name], lambda inputs, scale: None, run, err)


SUBJECTS = [
    compressor("pigz", "-p4", megabytes=3, expand=["-d"]),
    compressor("pbzip2", "-p2", megabytes=2, expand=["-d"]),
    compressor("xz", "-1", "-T2", "--block-size=262144", megabytes=2, expand=["-d"]),
    compressor("zstd", "-q", "-5", "-T2", "-B1MiB", megabytes=8, expand=["-q", "-d"]),
    script("sqlite3", ["sqlite3", "base.db"], SQL, ".sql", given=True),
    memcached(),
    redis(),
    nginx(),
    git(),
    script("python3 threads", [PYTHON], PYTHON_THREADS, ".py"),
    script("perl", ["perl"], PERL, ".pl"),
    script("perl threads", ["perl"], PERL_THREADS, ".pl"),
    script("bash", ["bash"], BASH, ".sh"),
    sort(),
    curl(),
    command("gdb", "--version"),
]
