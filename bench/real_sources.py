"""Programs that people use, built from Debian's source packages in each way: the table, and how a row is fetched and built.

Everything lies in BENCH_CACHE (default: a folder of the temporary one), with apt lists of its own; the system's are left
alone. A row is configured once, plainly; each variant is made in a copy of that tree, with $CC and $CXX for its compilers.
"""
import collections
import os
import pathlib
import random
import re
import shutil
import tempfile

import memcached_load
import subjects

CACHE = pathlib.Path(os.environ.get("BENCH_CACHE") or pathlib.Path(tempfile.gettempdir()) / "racetrack-bench-sources")
SOURCES = pathlib.Path("/etc/apt/sources.list.d/debian.sources")
# Where a package's files are gone from the mirror, the next suite's are taken.
SUITES = ("bookworm", "trixie")
APT_CONFIGURATION = """Dir::Etc::SourceList "/dev/null";
Dir::Etc::SourceParts "{0}/parts";
Dir::State::Lists "{0}/lists";
APT::Sandbox::User "root";
"""
INPUT_BYTES = 8 << 20
# Debian's patches touch configure.ac; the generated files that upstream ships are as good.
KEEP_GENERATED = "AUTOCONF=: AUTOMAKE=: ACLOCAL=: AUTOHEADER=:"

# name: of the row. packages: unpacked beside each other as folders of that name. configure, make: shell lines, run in the
# folder above them. program: what make makes. arguments: {input} is the input file, {scale} the scale. input_share: of
# INPUT_BYTES. known_races: why reports don't throw the row out.
Row = collections.namedtuple("Row", "name packages configure make program arguments input_share load known_races",
                             defaults=(0.0, None, ""))

ROWS = (
    Row("pigz", ("zlib", "pigz"),
        "cd zlib && CFLAGS='-O2 -g' ./configure --static",
        "make -s -C zlib libz.a CC=\"$CC\" && cd pigz && $CC -O2 -g -I../zlib -o pigz pigz.c yarn.c try.c "
        "zopfli/src/zopfli/*.c ../zlib/libz.a -lm -pthread",
        "pigz/pigz", ("-p", "2", "-n", "-c", "{input}"), 1.0),
    Row("pbzip2", ("bzip2", "pbzip2"),
        "true",
        "make -s -C bzip2 libbz2.a CC=\"$CC\" && cd pbzip2 && $CXX -O2 -g -Wno-reserved-user-defined-literal "
        "-D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64 -DUSE_STACKSIZE_CUSTOMIZATION -I../bzip2 -o pbzip2 pbzip2.cpp BZ2StreamScanner.cpp ErrorContext.cpp "
        "../bzip2/libbz2.a -pthread",
        "pbzip2/pbzip2", ("-p2", "-k", "-c", "{input}"), 0.6),
    Row("xz", ("xz-utils",),
        "cd xz-utils && ./configure -q --disable-shared --disable-nls --disable-doc --disable-scripts --disable-lzmainfo "
        "--disable-lzmadec --disable-assembler --disable-ifunc CFLAGS='-O2 -g'",
        "make -s -C xz-utils CC=\"$CC\"",
        "xz-utils/src/xz/xz", ("-T2", "-2", "--block-size=524288", "-k", "-c", "{input}"), 0.5),
    Row("sqlite", ("sqlite3",),
        "cd sqlite3 && ./configure -q --disable-tcl --disable-readline && make -s sqlite3.c",
        "cd sqlite3 && $CC -O2 -g -DSQLITE_THREADSAFE=1 -DSQLITE_OMIT_LOAD_EXTENSION -I. -o threads "
        f"{subjects.BENCH}/drivers/sqlite.c sqlite3.c -pthread -lm",
        "sqlite3/threads", ("{scale}",)),
    Row("memcached", ("libevent", "memcached"),
        "cd libevent && ./configure -q --disable-shared --disable-openssl --disable-samples --disable-libevent-regress "
        f"{KEEP_GENERATED} --prefix=\"$PWD/../event\" CFLAGS='-O2 -g' && make -s install && cd ../memcached && "
        f"./configure -q {KEEP_GENERATED} --with-libevent=\"$PWD/../event\" --disable-docs --disable-extstore CFLAGS='-O2 -g'",
        "make -s -C memcached memcached CC=\"$CC\"",
        "memcached/memcached", memcached_load.ARGUMENTS, load=memcached_load.drive,
        known_races="its clock and counters are read without a lock"),
)


def apt(home, *words):
    subjects.build_step(["apt-get", "-qq", *words], cwd=home / "files",
                        env={**os.environ, "APT_CONFIG": str(home / "apt.conf")})


def apt_lists(suite):
    """A folder with apt lists of the suite's sources, made once."""
    home = CACHE / suite
    if not (home / "ready").exists():
        if not SOURCES.exists():
            raise subjects.NotBuilt(f"{SOURCES} is not there")
        for folder in ("parts", "lists/partial", "files"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        text = re.sub(r"^Types: .*", "Types: deb-src", SOURCES.read_text(), flags=re.MULTILINE)
        (home / "parts" / "debian.sources").write_text(text.replace(SUITES[0], suite))
        (home / "apt.conf").write_text(APT_CONFIGURATION.format(home))
        apt(home, "update")
        (home / "ready").touch()
    return home


def fetch(package):
    """The folder that holds the package's .dsc and archives."""
    reasons = []
    for suite in SUITES:
        try:
            home = apt_lists(suite)
            done = home / f"{package}.fetched"
            if not done.exists():
                apt(home, "source", "--download-only", package)
                done.touch()
            return home / "files"
        except subjects.NotBuilt as reason:
            reasons.append(str(reason))
    raise subjects.NotBuilt(reasons[0])


def unpack(package, target):
    """With Debian's patches, as the distribution builds it."""
    files = fetch(package)
    descriptions = sorted(files.glob(f"{package}_*.dsc"))
    subjects.build_step(["dpkg-source", "--no-check", "-x", str(descriptions[-1]), str(target)])


class Real:
    """A row as a subject. Its variants stay in the cache from one run to the next, racetrack's excepted."""

    def __init__(self, row):
        self.row = row
        self.name = row.name
        self.known_races = row.known_races
        self.failed = ""

    def recipe(self):
        """What a variant was made from, besides the sources: another text is made again."""
        drivers = sorted((subjects.BENCH / "drivers").glob("*.c"))
        return repr(self.row[:5]) + "".join(path.read_text() for path in drivers)

    def configured(self):
        tree = CACHE / "trees" / self.name
        if self.failed:
            raise subjects.NotBuilt(self.failed)
        if not (tree / "configured").exists():
            shutil.rmtree(tree, ignore_errors=True)
            tree.mkdir(parents=True)
            try:
                for package in self.row.packages:
                    unpack(package, tree / package)
                subjects.build_step(self.row.configure, cwd=tree)
            except subjects.NotBuilt as reason:
                self.failed = str(reason)
                raise
            (tree / "configured").touch()
        return tree

    def build(self, variant, folder):
        del folder
        cc, cxx = (" ".join(words) for words in variant.commands())
        tree = CACHE / "built" / f"{self.name}.{variant.key}"
        program = tree / self.row.program
        made = tree / "made"
        if variant.tool != "racetrack" and made.exists() and made.read_text() == self.recipe():
            return program
        configured = self.configured()
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(configured, tree, symlinks=True)
        subjects.build_step(self.row.make, cwd=tree, env={**os.environ, "CC": cc, "CXX": cxx})
        made.write_text(self.recipe())
        return program

    def prepare(self, folder, scale):
        if self.row.input_share:
            write_input(folder / f"{self.name}.input", int(INPUT_BYTES * self.row.input_share * scale))

    def run(self, program, folder, scale):
        words = [word.format(input=folder / f"{self.name}.input", scale=scale) for word in self.row.arguments]
        load = self.row.load
        return subjects.run_measured([program] + words, folder, drive=(lambda: load(scale)) if load else None)


def write_input(path, size):
    """Text that compresses about as text does: words, the frequent ones far more often than others."""
    source = random.Random(1)
    words = ["".join(source.choices("etaoinshrdlucmfw", k=source.randint(2, 10))) for _ in range(4000)]
    weights = [1 / (rank + 1) for rank in range(len(words))]
    path.write_text(" ".join(source.choices(words, weights, k=size // 4))[:size])


def subjects_of():
    return [Real(row) for row in ROWS]
