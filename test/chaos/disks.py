"""A disk that can lose power: XFS on a loop device, whose shutdown throws away whatever was not synced.

Mounted in a name space of this process and its children: with the last of them it is gone, however they end.
"""
import os
import shutil
import subprocess
import sys
import tempfile

from tap import equal, eventually

OWN = "MOUNTS_OF_ITS_OWN"
PROGRAMS = ("unshare", "mkfs.xfs", "xfs_io", "mount", "umount")
SIZE = 3 << 30  # of a file with holes


def run(*command):
    return subprocess.run(command, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def missing():
    """Why there can be no such disk here; None when there can."""
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    if os.geteuid() != 0:
        return "only root mounts"
    if absent := [name for name in PROGRAMS if not shutil.which(name)]:
        return f"there is no {absent[0]}"
    with tempfile.TemporaryDirectory(prefix="hanok-disk-", dir="/tmp") as home:
        commands = f"truncate -s {SIZE} {home}/x && mkfs.xfs -q {home}/x && mkdir {home}/m && mount -o loop {home}/x {home}/m"
        tried = run("unshare", "--mount", "--propagation", "private", "sh", "-c", commands)
    return None if tried.returncode == 0 else f"no loop device with XFS: {tried.stdout.strip()}"


def with_own_mounts():
    """Starts the program again, where its mounts are nobody else's. Only where nothing is missing()."""
    if os.environ.get(OWN) != str(os.getpid()):
        os.environ[OWN] = str(os.getpid())  # exec keeps it
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])


class Disk:
    def __init__(self, home, name):
        self.image = f"{home}/{name}.xfs"
        self.mounted = f"{home}/{name}.disk"

    def must(self, *command):
        done = run(*command)
        equal(done.returncode, 0, f"{' '.join(command)}: {done.stdout}")

    def make(self):
        with open(self.image, "wb") as f:
            f.truncate(SIZE)
        self.must("mkfs.xfs", "-q", self.image)
        os.mkdir(self.mounted)
        self.mount()

    def mount(self):
        self.must("mount", "-o", "loop", self.image, self.mounted)

    def remove(self):
        """Nobody uses it; what is in use when the program ends goes away with its name space."""
        if os.path.ismount(self.mounted):
            run("umount", self.mounted)
        if os.path.exists(self.image):
            os.unlink(self.image)

    def lose_power(self):
        self.must("xfs_io", "-x", "-c", "shutdown", self.mounted)

    def get_power(self):
        """Whoever used it is dead."""
        eventually(lambda: run("umount", self.mounted).returncode == 0, 60, f"{self.mounted} is in use")
        self.mount()
