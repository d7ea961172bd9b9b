"""A stack for bad days: two instances of each service, and the servers' data on disks that can lose power."""
import os
import random
import re
import shutil
import subprocess

from disks import Disk
from stack import SERVICES, Stack, free_port
from tap import eventually

SERVERS = ("nats", "mysql")
TWINS = tuple(name + "2" for name in SERVICES)
INSTANCES = (*SERVICES, *TWINS)
PROVIDER = "pgsim"  # a card company: one, with one book
EVERYBODY = (*SERVERS, *INSTANCES, PROVIDER)
# Hashing is the same work whatever breaks: what it takes is left to those who break things.
CHEAP_HASHES = {"HANOK_ARGON2_MEMORY_KIB": 8192, "HANOK_ARGON2_PASSES": 1}
# What nobody answers is over while it is looked at, not half an hour later.
IMPATIENT = {"HANOK_PAY_WITHIN_S": 60, "HANOK_ACCEPT_WITHIN_S": 60, "HANOK_CONSENT_WITHIN_S": 30, "HANOK_PICKUP_WITHIN_S": 30}


class Crowd(Stack):
    """with_disks: what the servers sync is on file systems of their own, see disks.py."""

    def __init__(self, with_disks, **settings):
        super().__init__(RATE_LIMIT="off", **{**CHEAP_HASHES, **settings})
        self.ports = [self.settings["HTTP_PORT"]]
        self.disks = {name: Disk(self.home, name) for name in SERVERS} if with_disks else {}
        self.kept = False
        self.impatient = IMPATIENT.keys() <= settings.keys()

    def up(self):
        done = super().up()
        if unmoved := [name for name in self.disks if not os.path.islink(f"{self.dir}/{name}")]:
            self.down()
            for name in unmoved:
                self.move(f"{self.dir}/{name}", self.disks[name])
            done = super().up()
        for name, twin in zip(SERVICES, TWINS):
            self.pair(name, twin)
        subprocess.run(["s6-svscanctl", "-a", f"{self.dir}/s6"], check=True)
        eventually(self.all_ready, 120)
        return done

    def move(self, folder, disk):
        disk.make()
        shutil.copytree(folder, disk.mounted, dirs_exist_ok=True)
        subprocess.run(["sync", "-f", disk.mounted], check=True)
        shutil.rmtree(folder)
        os.symlink(disk.mounted, folder)

    def pair(self, name, twin):
        """A second instance: the first one's directory of the supervisor with names of its own."""
        here = f"{self.dir}/s6/{twin}"
        os.makedirs(f"{self.dir}/log/{twin}", exist_ok=True)
        os.makedirs(f"{here}/log", exist_ok=True)
        for path in ("run", "finish", "timeout-finish", "log/run"):
            with open(f"{self.dir}/s6/{name}/{path}") as f:
                text = re.sub(rf"\b{name}\.(pid|admin)\b", rf"{twin}.\1", f.read())
            text = text.replace(f"/log/{name}'", f"/log/{twin}'").replace(f'"service":"{name}"', f'"service":"{twin}"')
            if "--listen" in text:
                self.ports.append(free_port())
                text = re.sub(r"('--listen' '[^']*:)\d+'", rf"\g<1>{self.ports[-1]}'", text)
            with open(f"{here}/{path}", "w") as f:
                f.write(text)
            os.chmod(f"{here}/{path}", 0o700)

    def keep(self):
        """It goes down, and its folder stays when this program ends."""
        self.down()
        for name, disk in self.disks.items():
            os.unlink(f"{self.dir}/{name}")
            shutil.copytree(disk.mounted, f"{self.dir}/{name}")
            disk.remove()
        self.kept = True

    def remove(self):
        if self.kept:
            return
        if os.path.isdir(self.dir):
            self.make("reset")
        for disk in self.disks.values():
            disk.remove()
        super().remove()

    @property
    def port(self):
        """Of either gateway, as a load balancer would choose."""
        return random.choice(self.ports)

    def is_up(self, name):
        pid = self.pid(name)
        return pid is not None and os.path.exists(f"/proc/{pid}")

    def all_ready(self):
        """The servers too: who depends on them may not have noticed yet that they are gone."""
        try:
            self.sql("select 1")
            self.bus().close()
        except (OSError, PermissionError, subprocess.SubprocessError):
            return False
        return self.ready(*INSTANCES, PROVIDER)

    def logs(self, *names):
        return super().logs(*(names or EVERYBODY))
