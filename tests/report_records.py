"""Record files for the tests of racetrack-report: a writer of the format, a fixture program, and a run with known findings.

shadow/record_format.h is the contract; the numbers below are its. Used by tests/report_*.test and friends.
"""
import os
import struct
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
REPORT = os.environ.get("RT_REPORT", os.path.join(ROOT, "racetrack-report"))
BUILD = os.path.join(ROOT, "build", "tests")

RUNNING, ENDING, ENDED = 1, 2, 3
(PROCESS, MODULE, FUNCTION, STACK, THREAD, SYNC, FINDING, COUNTERS, LOSS, END, SUPPRESSIONS, REWRITTEN, PEER, OBJECT,
 MAPPED) = range(1, 16)
DONE, LEFT_OUT, HOOKED, FAILED = range(4)
OMITTED, EXACT = 1, 2
CERTAIN, INFERRED, PREDICTED, NOTE = 0, 1, 2, 3
EXCLUSIVE, SHARED = 0, 1
NOWHERE, HEAP, ONSTACK, GLOBAL, MAPPING, DESCRIPTOR, SHARED_MAPPING = range(7)
FILE, MEMFD, SHM, ANONYMOUS, SYSV = range(1, 6)
PEERS = 1 << 56
MAIN, DETACHED, JOINED, UNSEEN = 1, 2, 4, 8
READ, WRITE, FREE, UNMAP, PUT, GET, CUT, APPEND, GROW, ITERATE, CHANGE = range(11)

START_NS = 1_700_000_000_000_000_000


def u8(value):
    return struct.pack("<B", value)


def u32(value):
    return struct.pack("<I", value)


def u64(value):
    return struct.pack("<Q", value & (2**64 - 1))


def text(value):
    data = value.encode() if isinstance(value, str) else value
    return u32(len(data)) + data


def record(kind, payload):
    payload += b"\0" * (-len(payload) % 8)
    return struct.pack("<II", kind, len(payload) + 8) + payload


def header(committed, pid=4242, state=ENDED, dropped=0, start_ns=START_NS, version=4, magic=b"RTRECORD"):
    return struct.pack("<8sIIQIIIIQQQQ", magic, version, 72, committed, pid, state, 0, 0, start_ns, dropped, 0, 0)


def process(pid=4242, parent=4200, executable="/srv/app", folder="/srv", command="./app --serve 8080", options="",
            library="0.1"):
    return record(PROCESS, u32(pid) + u32(parent) + b"".join(map(text, (executable, folder, command, options, library))))


def module(number, low, high, bias, path, build_id=b"", unloaded=0):
    return record(MODULE, u32(number) + u64(low) + u64(high) + u64(bias) + u8(unloaded) + text(path) + text(build_id))


def function(number, name):
    return record(FUNCTION, u32(number) + text(name))


def stack(number, pcs):
    return record(STACK, u32(number) + u32(len(pcs)) + b"".join(map(u64, pcs)))


def thread(number, parent, tid, stack_id, flags=0, name="", pid=0, own_number=0):
    return record(THREAD, u32(number) + u32(parent) + u32(tid) + u32(stack_id) + u8(flags) + text(name) + u32(pid) +
                  u32(own_number))


def sync(number, address, stack_id=0, kind="mutex", name=""):
    return record(SYNC, u32(number) + u64(address) + u32(stack_id) + text(kind) + text(name))


def party(thread_id, kind, address, size, stack_id, locks=(), pid=4242, atomic=0):
    return (u32(thread_id) + u32(pid) + u8(kind) + u8(atomic) + u64(address) + u64(size) + u32(stack_id) +
            u32(len(locks)) + b"".join(u32(lock) + u8(mode) for lock, mode in locks))


def location(kind=NOWHERE, address=0, size=0, name="", thread_id=0, stack_id=0, freed_thread=0, freed_stack=0, module_id=0,
             offset=0):
    return (u8(kind) + u64(address) + u64(size) + text(name) + u32(thread_id) + u32(stack_id) + u32(freed_thread) +
            u32(freed_stack) + u32(module_id) + u64(offset))


def finding(rule, parties, where=None, certainty=CERTAIN, message="", overlap=(0, 0), variable=0, shared=(0, 0)):
    """shared: the object's id, and the overlap's offset in it."""
    return record(FINDING, text(rule) + u8(certainty) + text(message) + u32(len(parties)) + b"".join(parties) +
                  (where or location()) + u64(overlap[0]) + u64(overlap[1]) + u64(variable) + u32(shared[0]) +
                  u64(shared[1]))


def counters(values):
    return record(COUNTERS, u32(len(values)) + b"".join(text(name) + u64(value) for name, value in values))


def loss(line):
    return record(LOSS, text(line))


def rewritten(path, build_id=b"", state=DONE, why="", numbers=(), skips=()):
    """numbers: in the order of shadow/rewritten.def; skips: (reason, accesses, bytes, estimated)."""
    return record(REWRITTEN, u8(state) + text(path) + text(build_id) + text(why) + u32(len(numbers)) +
                  b"".join(map(u64, numbers)) + u32(len(skips)) +
                  b"".join(text(name) + b"".join(map(u64, values)) for name, *values in skips))


def peer(pid, parent=4200, executable="/srv/worker", folder="/srv", command="./worker"):
    return record(PEER, u32(pid) + u32(parent) + text(executable) + text(folder) + text(command))


def shared_object(number, kind, name, device=26, inode=7):
    return record(OBJECT, u32(number) + u8(kind) + text(name) + u64(device) + u64(inode))


def mapped(object_id, number, pid, thread_id, address, size, offset=0, writable=1, gone=0, stack_id=0, gone_stack=0):
    return record(MAPPED, u32(object_id) + u32(number) + u32(pid) + u32(thread_id) + u64(address) + u64(size) + u64(offset) +
                  u8(writable) + u8(gone) + u32(stack_id) + u32(gone_stack))


def end(how=0, status=0):
    return record(END, u8(how) + u32(status))


def image(records, **fields):
    body = b"".join(records)
    return header(72 + len(body), **fields) + body


def write(path, records, **fields):
    with open(path, "wb") as out:
        out.write(image(records, **fields))
    return path


class Fixture:
    """tests/report_fixture.c, compiled, with the addresses of its marks. Loaded, in the records, at BIAS."""
    BIAS = 0x555555554000

    def __init__(self, name="fixture", flags=("-g", "-O1")):
        os.makedirs(BUILD, exist_ok=True)
        self.source = os.path.join(ROOT, "tests", "report_fixture.c")
        self.path = os.path.join(BUILD, name)
        subprocess.run([os.environ.get("CC", "gcc"), "-std=gnu11", *flags, "-fPIE", "-pie", "-Wl,--build-id=sha1",
                        "-o", f"{self.path}.{os.getpid()}", self.source], check=True)
        os.replace(f"{self.path}.{os.getpid()}", self.path)  # tests that run at the same time make the same file
        self.symbols = {}
        for line in subprocess.run(["nm", self.path], capture_output=True, text=True, check=True).stdout.splitlines():
            fields = line.split()
            if len(fields) == 3:
                self.symbols[fields[2]] = int(fields[0], 16)
        self.build_id = self.read_build_id()

    def read_build_id(self):
        notes = subprocess.run(["readelf", "-n", self.path], capture_output=True, text=True, check=True).stdout
        return bytes.fromhex(notes.split("Build ID:")[1].split()[0])

    def at(self, name, bias=BIAS):
        return self.symbols[name] + bias

    def mark(self, name, bias=BIAS):
        """A return address whose call is at the mark."""
        return self.at("mark_" + name, bias) + 1

    def line(self, name):
        with open(self.source) as lines:
            for number, line in enumerate(lines, 1):
                if f"MARK({name});" in line:
                    return number
        raise KeyError(name)

    def module(self, number=1, path=None, build_id=None, unloaded=0):
        return module(number, self.BIAS, self.BIAS + 0x10000, self.BIAS, path or self.path,
                      self.build_id if build_id is None else build_id, unloaded)


BLOCK = 0x7f10a0000010


def sample(fixture, pid=4242):
    """A run with a certain race, a race in free, a misuse, a prediction and a note."""
    mark = fixture.mark
    return [
        process(pid=pid, executable=fixture.path, folder=os.path.dirname(fixture.path)),
        fixture.module(),
        module(2, 0x7f0000000000, 0x7f0000100000, 0x7f0000000000, "/usr/lib/x86_64-linux-gnu/libgone.so.1",
               bytes(range(20))),
        function(16, "memcpy"), function(17, "free"),
        stack(1, [16, mark("push"), mark("worker"), 0x7f0000001235]),
        stack(2, [EXACT, fixture.at("mark_length"), mark("main"), OMITTED]),
        stack(3, [mark("spawn")]),
        stack(4, [mark("create"), mark("spawn")]),
        stack(5, [17, mark("free"), 0x7f0000002345, 0x7f0000002445]),
        stack(6, [mark("bump"), mark("worker"), 0x7f0000001235]),
        thread(1, 0, 4242, 0, MAIN), thread(2, 1, 4243, 3, 0, "worker"), thread(3, 2, 4244, 0, UNSEEN),
        sync(1, fixture.at("queue_count")), sync(2, BLOCK + 64, 4, "rwlock", "table lock"),
        finding("race-data", [party(1, READ, BLOCK + 4, 8, 2, [(2, SHARED)], pid),
                              party(2, WRITE, BLOCK + 8, 8, 1, [(1, EXCLUSIVE), (2, SHARED)], pid)],
                location(HEAP, BLOCK, 24, "", 1, 4), overlap=(BLOCK + 8, 4)),
        # the same from the other side: one group
        finding("race-data", [party(2, WRITE, BLOCK + 8, 8, 1, [], pid), party(1, READ, BLOCK + 4, 8, 2, [], pid)],
                location(HEAP, BLOCK, 24, "", 1, 4), overlap=(BLOCK + 8, 4)),
        finding("slice-stale", [party(1, READ, BLOCK, 0, 2, [], pid), party(2, GROW, BLOCK, 24, 1, [], pid)],
                certainty=NOTE, message="16 of 24 bytes are kept alive"),
        finding("race-free", [party(1, FREE, BLOCK, 24, 5, [], pid), party(2, WRITE, BLOCK + 4, 4, 6, [], pid, 1)],
                location(HEAP, BLOCK, 24, "", 1, 4, 1, 5), overlap=(BLOCK + 4, 4)),
        finding("race-data", [party(3, WRITE, fixture.at("queue_count"), 4, 6, [], pid),
                              party(1, WRITE, fixture.at("queue_count"), 4, 2, [], pid)],
                location(GLOBAL, fixture.at("queue_count") + 0, 4), certainty=PREDICTED,
                overlap=(fixture.at("queue_count"), 4)),
        finding("slice-bounds", [party(1, READ, BLOCK + 24, 4, 2, [], pid)], location(ONSTACK, BLOCK, 0, "", 1),
                message="index 6 of a slice of length 6"),
        rewritten(fixture.path, fixture.build_id, numbers=(960, 40, 30, 1, 2, 90, 3, 9000, 8000, 50, 31000),
                  skips=[("own_frame", 200, 0, 0), ("constant", 30, 0, 0), ("undecoded", 4, 70, 6), ("left_out", 0, 300, 20),
                         ("not_patched", 10, 0, 0)]),
        rewritten("/usr/lib/x86_64-linux-gnu/libgone.so.1", bytes(range(20)), LEFT_OUT, "a library of the system's"),
        rewritten("/srv/libhooked.so", b"", HOOKED, "compiled with hooks"),
        rewritten("/srv/libjit.so", b"", FAILED, "no memory"),
        counters([("accesses", 1234567), ("signal_nested", 2)]),
        loss("2 signal handlers ran untracked"),
        end(0, 3),
    ]


RING, OTHER_RING, CONSUMER = 0x7f10a0000000, 0x7f55b0000000, (1 << 31) + 70


def shared_sample(fixture, pid=4242, other=4711, swapped=False):
    """A race between two processes, one through two mappings of a memfd, and one with a process that nothing tells of.
    `swapped`: the other process found it, in its own record file, with other ids."""
    mark, there = fixture.mark, lambda name: fixture.mark(name, PEERS)
    sides = [party(1, WRITE, RING + 16, 4, 1, [(1, SHARED)], pid), party(CONSUMER, READ, OTHER_RING + 12, 8, 2, [], other)]
    threads = [thread(1, 0, pid, 0, MAIN), thread(CONSUMER, 3, 4713, 7, 0, "consumer", other, 2),
               thread(3, 0, other, 0, MAIN, "", other)]
    stacks = [stack(1, [16, mark("push"), mark("main")]), stack(2, [there("length"), there("worker")])]
    if swapped:
        pid, other = other, pid
        sides = [party(CONSUMER, READ, OTHER_RING + 12, 8, 2, [], pid), party(1, WRITE, RING + 16, 4, 1, [], other)]
        threads = [thread(1, 0, other, 0, MAIN, "", other), thread(CONSUMER, 3, 4713, 7, 0, "consumer", 0, 2),
                   thread(3, 0, pid, 0, MAIN)]
        stacks = [stack(1, [16, there("push"), there("main")]), stack(2, [mark("length"), mark("worker")])]
    folder, commands = os.path.dirname(fixture.path), ("./app --serve 8080", "./worker 3")
    (app, worker), (here, elsewhere) = ((other, pid), commands[::-1]) if swapped else ((pid, other), commands)
    return [
        process(pid=pid, executable=fixture.path, folder=folder, command=here), fixture.module(),
        peer(other, 4200, fixture.path, folder, elsewhere),
        module(5, PEERS, PEERS + 0x10000, PEERS, fixture.path, fixture.build_id),
        function(16, "memcpy"), function(17, "mmap"), function(18, "munmap"),
        *stacks, stack(3, [17, mark("create")]), stack(4, [18, mark("free")]), stack(5, [17, there("spawn")]),
        stack(6, [PEERS + 0x123456]), stack(7, [there("bump")]), stack(8, [mark("bump"), mark("worker")]),
        stack(9, [mark("spawn")]),
        *threads, thread(4, 1, 4244, 9, 0, "mapper"), sync(1, (1 << 62) + 5, 0, "file lock", "/run/ring.lock"),
        shared_object(1, SHM, "/ring"),
        mapped(1, 9, worker, CONSUMER, OTHER_RING, 4096, 0, 0, 0, 5), mapped(1, 2, app, 1, RING, 8192, 0, 1, 0, 3),
        mapped(1, 9, worker, CONSUMER, OTHER_RING, 4096, 0, 0, 1, 5, 4),
        mapped(1, 10, worker, 0, OTHER_RING + 8192, 8192, 8192),
        finding("race-shared", sides, location(SHARED_MAPPING, RING, 8192, "/dev/shm/ring", 1, 3),
                overlap=((OTHER_RING if swapped else RING) + 16, 4), shared=(1, 16)),
        shared_object(2, MEMFD, "memfd:buffer"),
        mapped(2, 3, pid, 1, RING + 0x10000, 4096, 0, 1, 0, 3), mapped(2, 4, pid, 1, RING + 0x20000, 8192, 0, 1, 0, 9),
        *(mapped(2, 20 + number, 5000 + number, 0, RING + 0x20000, 8192, 0, 1, 0, 9) for number in range(10)),
        finding("race-alias", [party(1, WRITE, RING + 0x20040, 8, 1, [], pid),
                               party(4, WRITE, RING + 0x10044, 4, 8, [], pid)],
                location(SHARED_MAPPING, RING + 0x20000, 8192, "/memfd:buffer (deleted)", 1, 9),
                overlap=(RING + 0x20044, 4), shared=(2, 0x44)),
        thread(5, 0, 5003, 0, 0, "", 4999, 7), shared_object(3, ANONYMOUS, ""),
        finding("race-shared", [party(1, WRITE, RING + 0x40000, 1, 1, [], pid),
                                party(5, WRITE, RING + 0x40000, 1, 6, [], 4999)],
                location(SHARED_MAPPING, RING + 0x40000, 4096, "", 1, 3), overlap=(RING + 0x40000, 1), shared=(3, 0)),
        end(),
    ]


class Checks:
    """Prints 'ok - name' or 'not ok - name: why'; exit() gives the status."""

    def __init__(self):
        self.failed = 0

    def check(self, name, right, why=""):
        self.failed += not right
        print(f"ok - {name}" if right else f"not ok - {name}: {str(why).strip()}".replace("\n", " | "), flush=True)

    def exit(self):
        sys.exit(1 if self.failed else 0)


def run(*arguments, timeout=60, **more):
    return subprocess.run([REPORT, *arguments], capture_output=True, timeout=timeout, **more)
