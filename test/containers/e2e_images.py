#!/usr/bin/env python3
# test/run: alone
"""What the images hold, and that they start where next to nothing is allowed. Needs the images (make images)."""
import io
import json
import os
import subprocess
import sys
import tarfile

import compose
from compose import docker
from stack import SERVICES
import tap
from tap import case, equal

ONCE = ("migrate", "streams")
TAG = os.environ.get("HANOK_TAG") or "latest"
TITLE, VERSION = (f"org.opencontainers.image.{word}" for word in ("title", "version"))
TIGHT = ("--rm", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--network", "none")


class Image:
    def __init__(self, program):
        self.program, self.name = program, f"hanok-{program}:{TAG}"
        self.config = json.loads(docker("image", "inspect", self.name))[0]["Config"]
        container = docker("create", self.name).strip()
        try:
            packed = subprocess.run(["docker", "export", container], stdout=subprocess.PIPE, check=True, timeout=120).stdout
        finally:
            docker("rm", container)
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            self.files = {f.name: f for f in tar.getmembers()}
            self.passwd = tar.extractfile("etc/passwd").read().decode()

    def under(self, folder):
        return {name[len(folder):] for name, f in self.files.items() if name.startswith(folder) and not f.isdir()}


@case
def a_program_is_alone_with_its_libraries(images):
    for image in images:
        equal(image.under("usr/bin/"), {f"hanok-{image.program}", "hanok"}, f"programs in {image.name}")
        equal({n for n in image.files if "sbin/" in n or n.startswith("bin/")}, set(), f"more programs in {image.name}")
        strangers = {n for n in image.under("usr/lib/") if not n.endswith(".so") and ".so." not in n}
        equal(strangers, set(), f"in {image.name}, beside libraries")


@case
def nothing_in_an_image_gives_rights_or_is_for_everybody_to_write(images):
    for image in images:
        odd = {n for n, f in image.files.items()
               if not f.issym() and (f.mode & 0o6000 or f.mode & 0o002 and n != "tmp" and not n.startswith("dev/"))}
        equal(odd, set(), image.name)


@case
def what_is_in_an_image_is_known_to_scanners(images):
    for image in images:
        packages = image.under("var/lib/dpkg/status.d/")
        assert {"libc6", "libssl3t64"} <= packages, f"{image.name}: {packages}"
        equal({p.split("/")[0] for p in image.under("usr/share/doc/")}, packages, f"licences in {image.name}")
        assert "etc/os-release" in image.files, image.name


@case
def each_has_a_user_of_its_own_who_is_not_root(images):
    users = [image.config["User"] for image in images]
    equal(len(set(users)), len(users), f"{users}")
    for image in images:
        user, group = image.config["User"].split(":")
        assert user == group and int(user) > 0, image.config["User"]
        equal([line.split(":")[2:4] for line in image.passwd.splitlines()], [[user, group]], image.name)


@case
def each_starts_where_next_to_nothing_is_allowed(images):
    for image in images:
        labels = image.config["Labels"]
        equal(docker("run", *TIGHT, image.name, "--version").strip(), f"{labels[TITLE]} {labels[VERSION]}")


@case
def services_ask_themselves_for_their_health(images):
    for image in images:
        asked = (image.config.get("Healthcheck") or {}).get("Test")
        equal(asked, None if image.program in ONCE else ["CMD", "/usr/bin/hanok", "--healthcheck"], image.name)


def main():
    if compose.skip(sys.argv[1:] or ["docker-compose"]):
        return 0
    return tap.run([Image(program) for program in (*SERVICES, *ONCE)])


if __name__ == "__main__":
    sys.exit(main())
