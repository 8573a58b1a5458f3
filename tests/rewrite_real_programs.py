"""More of Debian's programs, and small ones of other languages, with a job each: for the test that compares a plain run with a
rewritten one. See real_programs.py."""
import os
import re
import subprocess

import real_programs as real

REPEATS = int(os.environ.get("RT_REAL_REPEATS", "1"))

PYTHON = r"""
import json, queue, re, threading
words, found = queue.Queue(), {}
lock = threading.Lock()
def work():
    while (text := words.get()) is not None:
        back = json.loads(json.dumps({"text": text, "parts": re.findall(r"(\w)(\d+)", text), "n": [1.5, None, True]}))
        with lock:
            found[back["text"]] = sum(int(number) for _, number in back["parts"])
threads = [threading.Thread(target=work) for _ in range(2)]
for thread in threads:
    thread.start()
for i in range(300):
    words.put(" ".join(f"{letter}{i * 7 % 90}" for letter in "abcdef"))
for _ in threads:
    words.put(None)
for thread in threads:
    thread.join()
print(json.dumps(found, sort_keys=True))
"""

NODE = r"""
const { Worker, isMainThread, workerData } = require('worker_threads');
if (isMainThread) {
    const shared = new SharedArrayBuffer(4);
    let left = 2;
    for (let i = 0; i < 2; i++)
        new Worker(__filename, { workerData: shared }).on('exit', (status) => {
            if (status !== 0 || --left === 0)
                console.log(status, Atomics.load(new Int32Array(shared), 0));
        });
} else {
    for (let i = 0; i < 1000; i++)
        Atomics.add(new Int32Array(workerData), 0, i);
}
"""

# libcrypto and libssl in threads: signatures are made and checked in every handshake.
SIGNATURES = r"""
import hashlib, ssl, sys, threading
def shake(number, sums):
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=sys.argv[1])
    server.load_cert_chain(sys.argv[1])
    text = b""
    for _ in range(4):
        up, down = ssl.MemoryBIO(), ssl.MemoryBIO()
        sides = [server.wrap_bio(up, down, server_side=True), client.wrap_bio(down, up, server_hostname="localhost")]
        left = [1, 0]
        while left:
            for one in list(left):
                try:
                    sides[one].do_handshake()
                    left.remove(one)
                except ssl.SSLWantReadError:
                    pass
        sides[1].write(b"x" * 5000)
        text += sides[0].read(6000) + sides[1].getpeercert()["subject"][0][0][1].encode()
    sums[number] = hashlib.sha256(text * 20).hexdigest()
sums = {}
threads = [threading.Thread(target=shake, args=(number, sums)) for number in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(sorted(sums.items()))
"""

GO = r"""
package main

/*
#include <pthread.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int counter;
static int add(int times)
{
	for (int i = 0; i < times; i++) {
		pthread_mutex_lock(&mutex);
		counter++;
		pthread_mutex_unlock(&mutex);
	}
	pthread_mutex_lock(&mutex);
	int now = counter;
	pthread_mutex_unlock(&mutex);
	return now;
}
*/
import "C"
import ("crypto/sha256"; "fmt"; "sync")

func main() {
	var group sync.WaitGroup
	sums := make([][32]byte, 8)
	for i := range sums {
		group.Add(1)
		go func(n int) {
			defer group.Done()
			C.add(500)
			for k := 0; k < 2000; k++ {
				sums[n] = sha256.Sum256(append(sums[n][:], byte(n)))
			}
		}(i)
	}
	group.Wait()
	fmt.Printf("%x %d\n", sums, C.add(0))
}
"""

RUST = r"""
use std::sync::{mpsc, Arc, Mutex};
use std::thread;
fn main() {
    let total = Arc::new(Mutex::new(0u64));
    let (sender, receiver) = mpsc::channel::<Vec<u64>>();
    let threads: Vec<_> = (0..3u64).map(|n| {
        let (total, sender) = (total.clone(), sender.clone());
        thread::spawn(move || for i in 0..200 {
            *total.lock().unwrap() += n * i;
            sender.send(vec![n, i, n * i]).unwrap();
        })
    }).collect();
    drop(sender);
    let sum: u64 = receiver.iter().map(|part| part.iter().sum::<u64>()).sum();
    for one in threads { one.join().unwrap(); }
    println!("{} {}", sum, total.lock().unwrap());
}
"""

SOURCE = r"""
#include <stdio.h>
#include <stdlib.h>
struct node { struct node *next; long value; };
long add_values(const struct node *node) { long sum = 0; for (; node; node = node->next) sum += node->value; return sum; }
int main(int count, char **words)
{
	struct node *first = NULL;
	for (int i = 0; i < count; i++) {
		struct node *node = malloc(sizeof(*node));
		*node = (struct node){ first, atol(words[i]) };
		first = node;
	}
	return printf("%ld\n", add_values(first)) < 0;
}
"""


def program(name, words, needed, text="", suffix="", given=False, seconds=real.SECONDS):
    """A command with a file: as its last word, or as its input."""
    def prepare(inputs, scale):
        del scale
        (inputs / ("file" + suffix)).write_text(text)

    def run(inputs, folder, environment):
        path = inputs / ("file" + suffix)
        done = real.execute(words if given else [*words, *([path] if suffix else [])], environment, folder,
                            path if given else None, seconds)
        for made in folder.glob("base.db"):  # its pages hold what differs
            made.unlink()
        return done

    return real.Subject(name, needed, prepare, run)


def git():
    """Files are added, packed by two threads, and checked: each command under the detector."""
    def prepare(inputs, scale):
        real.make_text(inputs / "text", 0.5 * scale)

    def run(inputs, folder, environment):
        text = (inputs / "text").read_bytes()
        tree = folder / "tree"
        tree.mkdir()
        for i in range(40):
            (tree / f"file{i}").write_bytes(text[i * 5000:i * 5000 + 20000])
        commands = [["init", "-q", "-b", "main"], ["add", "."],
                    ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "all"],
                    ["repack", "-q", "-a", "-d", "-f"], ["fsck", "--strict"], ["ls-tree", "-r", "HEAD"]]
        done = [real.execute(["git", "-c", "pack.threads=2", "-c", "gc.auto=0", "-C", tree, *words], environment, folder)
                for words in commands]
        subprocess.run(["rm", "-rf", str(tree)], check=True)
        return real.Result([one.status for one in done], [one.out for one in done], b"".join(one.err for one in done))

    return real.Subject("git", ["git"], prepare, run)


def openssl():
    def prepare(inputs, scale):
        real.make_text(inputs / "text", scale)

    def run(inputs, folder, environment):
        return real.execute(["openssl", "dgst", "-sha256", "-r", inputs / "text"], environment, folder)

    return real.Subject("openssl dgst", ["openssl"], prepare, run)


def signatures():
    """A certificate that openssl signs for itself, and handshakes with it in two threads of python3."""
    def prepare(inputs, scale):
        del scale
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-days", "30", "-keyout", inputs / "key", "-out", inputs / "own"],
                       check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        (inputs / "own").write_bytes((inputs / "key").read_bytes() + (inputs / "own").read_bytes())
        (inputs / "shake.py").write_text(SIGNATURES)

    def run(inputs, folder, environment):
        return real.execute([real.PYTHON, inputs / "shake.py", inputs / "own"], environment, folder)

    return real.Subject("openssl signatures in threads", [real.PYTHON, "openssl"], prepare, run)


def python_tests():
    """python3's own tests: they look at what their children print, so the library says nothing there. Some of them; all, in
    repeats."""
    words = ["test_json", "test_re", "test_queue", "test_threading"]
    if REPEATS == 1:
        words += ["-m", "*TestPyRecursion*", "-m", "*ReTests*", "-m", "*CSimpleQueueTest*", "-m", "*LockTests*"]

    def run(_inputs, folder, environment):
        options = environment.get("RACETRACK_OPTIONS", "").replace(":verbosity=2", "")
        done = real.execute([real.PYTHON, "-m", "test", *words], {**environment, "RACETRACK_OPTIONS": options}, folder,
                            seconds=300)
        kept = re.findall(rb"^(?:All.*|.*failed.*|Tests result.*)$", done.out, re.MULTILINE)
        return done._replace(out=kept, err=done.err[-3000:])

    subject = real.Subject("python3 -m test", [real.PYTHON], lambda inputs, scale: None, run)
    subject.missing = lambda: [] if subprocess.run([real.PYTHON, "-c", "import test.test_queue"], stderr=subprocess.DEVNULL,
                                                   check=False).returncode == 0 else ["libpython3.11-testsuite"]
    return subject


def compiled(name, compiler, text, suffix):
    """A program that its compiler makes first, by itself."""
    def prepare(inputs, scale):
        del scale
        (inputs / ("main" + suffix)).write_text(text)
        environment = {**os.environ, "GOCACHE": str(inputs / "cache"), "GO111MODULE": "off"}
        subprocess.run([*compiler, "-o", inputs / "main", inputs / ("main" + suffix)], check=True, cwd=inputs, env=environment,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def run(inputs, folder, environment):
        return real.execute([inputs / "main"], environment, folder)

    return real.Subject(name, compiler[:1], prepare, run)


def sorted_lines(subject):
    """Threads print as they come."""
    run = subject.run

    def run_and_sort(*arguments):
        done = run(*arguments)
        return done._replace(out=sorted(done.out.splitlines()))

    subject.run = run_and_sort
    return subject


def without_numbers(subject):
    """What it prints are measurements."""
    run = subject.run

    def run_and_strip(*arguments):
        done = run(*arguments)
        return done._replace(out=" ".join(re.sub(r"[0-9.]+", "#", str(done.out)).split()))

    subject.run = run_and_strip
    return subject


def profiles():
    """110 MB of libLLVM, 60 of them code, by a tool that merges four small files in two threads."""
    def prepare(inputs, scale):
        del scale
        for i in range(4):
            (inputs / f"{i}.proftext").write_text(f"main\n1\n2\n{i}\n20\n\n")

    def run(inputs, folder, environment):
        return real.execute(["llvm-profdata-14", "merge", "--num-threads=2", "--text",
                             *sorted(inputs.glob("*.proftext"))], environment, folder)

    return real.Subject("libLLVM", ["llvm-profdata-14"], prepare, run)


FFMPEG = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=duration=1:size=320x240:rate=10", "-threads", "2",
          "-bitexact"]
PICTURE = ["convert-im6", "-size", "400x400", "gradient:red-blue", "-swirl", "90", "-resize", "900x900", "-blur", "0x3",
           "-depth", "8", "rgb:-"]
LINUX = "/usr/include/linux"
