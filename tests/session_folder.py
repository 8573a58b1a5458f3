"""The folder of session files, /dev/shm: for tests that count what is left in it."""
import os
import pathlib
import subprocess
import sys

FOLDER = pathlib.Path("/dev/shm")
OWN = "RT_OWN_SHM"


def have_own():
    """Runs the program again with a /dev/shm that no other process has, if that is allowed."""
    if OWN in os.environ or subprocess.run(["unshare", "-m", "true"], stderr=subprocess.DEVNULL).returncode:
        return
    command = f'mount -t tmpfs none {FOLDER} && exec "$0" "$@"'
    os.execvpe("unshare", ["unshare", "-m", "bash", "-c", command, *sys.argv], {**os.environ, OWN: "1"})


def sessions():
    """The session files that are there."""
    return sorted(path.name for folder in (FOLDER, pathlib.Path("/tmp")) for path in folder.glob("racetrack-[0-9]*"))


def say_left(name):
    """A check: none is there. Not 0 where one is."""
    if OWN not in os.environ:
        print(f"skip - {name}: no file is left: /dev/shm is not this test's own")
        return 0
    left = [file for file in sessions() if (FOLDER / file).exists()]
    print(f"not ok - {name}: left in {FOLDER}: {' '.join(left)}" if left else f"ok - {name}: no file is left")
    return 1 if left else 0
