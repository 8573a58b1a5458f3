#!/usr/bin/env python3
"""Proves the direction of the arrows between the parts: from the #include lines, and from the symbols that the objects of
the preloaded library leave undefined, as gcc and as clang compile them. Prints `ok - ...` or `not ok - ...: why` lines.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
COMPILERS = ("gcc", "clang")

# What a part may include from the rest of the project, besides the part's own files. Paths or, with a '/' at the end,
# whole folders.
MAY_INCLUDE = {
    "shadow": [],
    "include/racetrack": [],
    "dwarf": ["shadow/base.h"],
    "interpose": ["shadow/", "dwarf/", "hooks/callbacks.h", "hooks/hooked.h", "rewrite/rewrite.h", "containers/track.h",
                  "include/racetrack/"],
    "hooks": ["shadow/"],
    "rewrite": ["shadow/", "dwarf/"],
    "containers (trackers)": ["shadow/engine.h", "include/racetrack/"],
    "containers (library)": ["include/racetrack/"],
    "report": ["shadow/record_format.h", "shadow/kinds.def", "shadow/rules.def", "shadow/rewritten.def",
               "rewrite/skips.def", "shadow/options.def",
               "shadow/options.h", "shadow/base.h", "shadow/version.h"],
}

# The C library's headers that the engine and the trackers may use: types and constants, no functions.
CONSTANTS = {"asm/unistd.h", "elf.h", "linux/audit.h", "linux/filter.h", "linux/futex.h", "linux/membarrier.h",
             "linux/rseq.h", "linux/seccomp.h", "stdbool.h", "stddef.h", "stdint.h"}

# What the objects of a part may call of the C library and its companions, and why none of it is wrapped, or, of dlsym, why that
# does not matter: its wrapper tells nothing, and changes only what is said of wrapped functions.
MAY_CALL = {
    "shadow": {},
    "dwarf": {},
    "containers (trackers)": {},
    "hooks": {
        "__tsan_default_options": "a function of the program's, where it has one",
        "__tsan_default_suppressions": "a function of the program's, where it has one",
        "__tsan_on_finalize": "a function of the program's, where it has one",
        "__tsan_on_initialize": "a function of the program's, where it has one",
        "__tsan_on_report": "a function of the program's, where it has one",
        "_dl_find_object": "the module that has hooks, without a lock",
        "dlopen": "libatomic, when the program uses it",
        "dlsym": "libatomic's functions",
    },
    "rewrite": {
        "_r_debug": "the list of modules, which the loader appends to",
        "dl_iterate_phdr": "the modules and their segments",
        "dlopen": "Zydis, when something is to be rewritten",
        "dlsym": "Zydis's functions",
        "getauxval": "a program with more rights than its user's keeps no files",
    },
    "interpose": {
        "__ehdr_start": "the linker's: where the library begins",
        "_end": "the linker's: where it ends",
        "__errno_location": "errno is read and kept",
        "__libc_stack_end": "the main thread's stack and environment, before libc has set environ",
        "__rseq_offset": "where a thread's struct rseq lies",
        "__rseq_size": "whether there is one",
        "__x86_get_cpuid_feature_leaf": "what the processor promises, without asking it",
        "_dl_find_object": "unwinding tables of a module, and where it lies, without a lock",
        "_r_debug": "the libraries that the program was linked with",
        "dl_iterate_phdr": "the modules that may be unloaded",
        "abort": "an address in the C library; and what clang writes behind a call of _Unwind_Resume, which does not return",
        "dlsym": "the unwinder's functions",
        "dl_iterate_phdr": "the modules' global offset tables, and what of them is read-only",
        "dladdr": "the library's own path",
        "dladdr1": "what was loaded behind the library: the real functions",
        "dlopen": "the unwinder, when a stack needs it",
        "environ": "children find their session there",
        "fileno": "a stream's descriptor",
        "optarg": "where getopt leaves what it found",
        "optind": "the same",
        "stderr": "the stream that perror writes to",
        "stdin": "the stream that getchar and its like read from",
        "stdout": "the stream that puts and its like write to",
        "pthread_attr_getsigmask_np": "whether a new thread begins with the signal mask of its creator",
        "pthread_self": "the thread's handle",
        "_rtld_global": "the loader's lists of modules that have thread-local variables",
        **{f"_thread_db_{name}": "where thread-local variables lie, as debuggers are told" for name in (
            "dtv_dtv", "dtv_slotinfo_gen", "dtv_slotinfo_list_len", "dtv_slotinfo_list_next", "dtv_slotinfo_list_slotinfo",
            "dtv_slotinfo_map", "dtv_t_pointer_val", "link_map_l_tls_offset", "pthread_dtvp",
            "rtld_global__dl_tls_dtv_slotinfo_list", "sizeof_dtv_slotinfo", "sizeof_pthread")},
    },
}

failed = False


def check(name, troubles):
    global failed
    failed |= bool(troubles)
    print(f"not ok - layers: {name}: {'; '.join(troubles)}" if troubles else f"ok - layers: {name}", flush=True)


# ---- the rows of wrappers.def ----

def read_rows():
    text = (ROOT / "interpose" / "wrappers.def").read_text()
    found = re.findall(r"^RT_ROW(_[A-Z]+)?\([^,]*,\s*(\w+)\s*,", text, re.MULTILINE)
    names = [name for _, name in found]
    lines = len(re.findall(r"^RT_ROW", text, re.MULTILINE))
    twice = sorted({name for name in names if names.count(name) > 1})
    check("every row of wrappers.def is there once",
          [f"{name} stands there {names.count(name)} times" for name in twice] +
          ([f"{lines - len(names)} rows are not written like the others"] if lines != len(names) else []) +
          ([] if names else ["no rows"]))
    return {name for kind, name in found if kind != "_OPERATOR"}


# ---- includes ----

def sources_of(part):
    folder = ROOT / part.split()[0]
    files = sorted(path for suffix in ("*.c", "*.S", "*.h", "*.def") for path in folder.glob(suffix))
    if folder.name == "containers":
        files = [path for path in files if path.name.startswith("track") == (part == "containers (trackers)")]
    return files


def find_included(path, name, quoted):
    """As the compiler looks: beside the file where the name is in quotes, then -I. and -Iinclude."""
    for folder in ([path.parent] if quoted else []) + [ROOT, ROOT / "include"]:
        found = pathlib.Path(os.path.normpath(folder / name))
        if found.is_file():
            return found
    return None


def includes_of(path):
    """(name, the project's file or None) of each #include line."""
    for mark, name in re.findall(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', path.read_text(), re.MULTILINE):
        yield name, find_included(path, name, mark == '"')


def check_includes(part, allowed):
    files = sources_of(part)
    own = set(files)
    troubles = [] if files else ["no files"]
    for path in files:
        for name, found in includes_of(path):
            where = str(path.relative_to(ROOT))
            if not found:
                if part in ("shadow", "dwarf", "containers (trackers)") and name not in CONSTANTS:
                    troubles.append(f"{where} includes <{name}>")
                continue
            target = str(found.relative_to(ROOT))
            if found not in own and not any(target == one or one.endswith("/") and target.startswith(one)
                                            for one in allowed):
                troubles.append(f"{where} includes {target}")
    check(f"{part} includes only {' '.join(allowed) or 'its own files'}", troubles)


def check_report_base():
    """The report's way to base.h is options.h alone."""
    troubles = [f"{path.relative_to(ROOT)} includes shadow/base.h" for path in sources_of("report")
                for _, found in includes_of(path) if found == ROOT / "shadow" / "base.h"]
    check("report does not use shadow/base.h itself", troubles)


def check_circles():
    edges = {path: {found for _, found in includes_of(path) if found and found.suffix == ".h" and found != path}
             for part in MAY_INCLUDE for path in sources_of(part) if path.suffix == ".h"}
    while True:
        leaves = [path for path, targets in edges.items() if not targets & edges.keys()]
        if not leaves:
            break
        for path in leaves:
            del edges[path]
    check("no header includes itself through others", [str(path.relative_to(ROOT)) for path in edges])


# ---- symbols ----

def objects_of(part, build):
    return [build / path.relative_to(ROOT).with_suffix(".o") for path in sources_of(part) if path.suffix in (".c", ".S")]


def compile_objects(compiler, build):
    wanted = [str(path) for part in MAY_CALL for path in objects_of(part, build)]
    done = subprocess.run(["make", "-s", f"-j{os.cpu_count()}", f"CC={compiler}", f"B={build}", *wanted], cwd=ROOT,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          env={name: value for name, value in os.environ.items() if name != "MAKEFLAGS"})
    check(f"{compiler} compiles the library", ["\n# ".join(["it does not", *done.stdout.splitlines()])]
          if done.returncode else [])
    return not done.returncode


def symbols(option, path):
    table = subprocess.run(["nm", "--format=posix", option, str(path)], stdout=subprocess.PIPE, text=True, check=True)
    return {line.split()[0].split("@")[0] for line in table.stdout.splitlines() if " " in line}


def check_symbols(compiler, build, rows, used):
    defined = {part: set().union(*(symbols("--defined-only", path) for path in objects_of(part, build)))
               for part in MAY_CALL}
    below = {
        "shadow": defined["shadow"],
        "dwarf": defined["dwarf"],
        "containers (trackers)": defined["shadow"] | defined["containers (trackers)"],
        "hooks": defined["shadow"] | defined["hooks"],
        "rewrite": defined["shadow"] | defined["dwarf"] | defined["rewrite"],
        "interpose": set().union(*defined.values()),
    }
    for part, allowed in MAY_CALL.items():
        wrapped, others = [], []
        for path in objects_of(part, build):
            for name in sorted(symbols("--undefined-only", path)):
                used.add(name)
                # the objects export each row under its own name, so a call of it is not the real function
                if name in rows and name not in allowed:
                    wrapped.append(f"{path.stem}.o calls {name}")
                elif name not in below[part] | allowed.keys() | {"_GLOBAL_OFFSET_TABLE_"}:
                    others.append(f"{path.stem}.o calls {name}")
        check(f"{part} calls nothing that is wrapped ({compiler})", wrapped)
        check(f"{part} calls only what lies below it, and {len(allowed)} functions of the C library ({compiler})", others)


def hook_names():
    """What programs with the compiler's hooks call: the rows of hooks.def, and the names that are made up of parts."""
    rows = re.findall(r"^RT_HOOK(?:_WEAK)?\([^,]*,\s*(\w+)\s*,", (ROOT / "hooks" / "hooks.def").read_text(), re.MULTILINE)
    rows += re.findall(r"^RT_HOOK_SAME\((\w+)\s*,", (ROOT / "hooks" / "hooks.def").read_text(), re.MULTILINE)
    sized = [f"__tsan_{kind}{size}" for size in (1, 2, 4, 8, 16) for kind in (
        "read", "write", "read_write", "volatile_read", "volatile_write", "unaligned_read", "unaligned_write",
        "unaligned_read_write", "unaligned_volatile_read", "unaligned_volatile_write")]
    others = """func_entry func_exit init read_range write_range vptr_read vptr_update memcpy memmove memset"""
    return {*rows, *sized, *(f"__tsan_{name}" for name in others.split()),
            "racetrack_hook_access", "racetrack_hook_deeper", "racetrack_hot", "racetrack_watching"}


def call_names():
    """System calls that programs announce: those of which nothing is told, and those that have bodies."""
    table, bodies = ((ROOT / "interpose" / name).read_text() for name in ("syscalls.def", "syscalls.c"))
    calls = re.findall(r"RT_SYSCALL\((\w+)\)", table)
    calls += re.findall(r"^(?:PRE|INPUT|OUTPUT|OPENS|OPENS_PAIR)\((\w+)[,)]", bodies, re.MULTILINE)
    return {f"__sanitizer_syscall_{when}_impl_{call}" for call in calls for when in ("pre", "post")}


def check_exports(rows):
    library = ROOT / "libracetrack.so"
    if not library.exists():
        check("libracetrack.so exports the rows and racetrack_api", ["not built"])
        return
    table = subprocess.run(["nm", "--format=posix", "-D", "--defined-only", str(library)], stdout=subprocess.PIPE,
                           text=True, check=True)
    exported = {line.split()[0].split("@")[0] for line in table.stdout.splitlines()}
    wanted = rows | hook_names() | call_names() | {f"__interceptor_{row}" for row in rows} | {"racetrack_api"}
    check("libracetrack.so exports the rows and racetrack_api",
          [f"{name} is exported" for name in sorted(exported - wanted)] +
          [f"{name} is missing" for name in sorted(wanted - exported)])


def main():
    rows = read_rows()
    for part, allowed in MAY_INCLUDE.items():
        check_includes(part, allowed)
    check_report_base()
    check_circles()
    used = set()
    for compiler in COMPILERS:
        with tempfile.TemporaryDirectory() as build:
            if compile_objects(compiler, pathlib.Path(build)):
                check_symbols(compiler, pathlib.Path(build), rows, used)
    check("every name on the lists of what may be called is needed",
          [name for allowed in MAY_CALL.values() for name in allowed if name not in used])
    check_exports(rows)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
