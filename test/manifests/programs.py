"""What our programs say of themselves."""
import os
import re
import subprocess
import tempfile

from render import ROOT

SETTING = re.compile(r"^  --([a-z0-9-]+) (NUMBER|TEXT|SECRET|CHOICE)$")
DEFAULT = re.compile(r"\bdefault ([^ ;]+)")
# Where the images have what the checkout has elsewhere (deploy/docker/closure.sh).
IN_IMAGES = {"/usr/share/hanok/migrations": os.path.join(ROOT, "dataservice/migrations"), "/usr/share/hanok/site": os.path.join(ROOT, "site")}


def put(home, files):
    """Writes files, text by path, below a folder."""
    for path, text in files.items():
        os.makedirs(home + os.path.dirname(path), exist_ok=True)
        with open(home + path, "w") as f:
            f.write(text)


class Programs:
    def __init__(self, folder):
        self.folder = folder
        self.known = {}

    def path(self, program):
        return os.path.join(self.folder, program)

    def exists(self, program):
        return os.access(self.path(program), os.X_OK)

    def run(self, program, *arguments, environment=None):
        return subprocess.run([self.path(program), "--config", "/dev/null", *arguments], env=environment or {},
                              text=True, capture_output=True, timeout=60)

    def settings(self, program):
        """Name of its variable to default (None without one), from --help; a secret's file too."""
        if program not in self.known:
            found, name = {}, None
            for line in self.run(program, "--help").stdout.splitlines():
                if setting := SETTING.match(line):
                    name = "HANOK_" + setting[1].upper().replace("-", "_")
                    found[name] = None
                    if setting[2] == "SECRET":
                        found[name + "_FILE"] = None
                elif name and (default := DEFAULT.search(line)):
                    found[name] = default[1]
            self.known[program] = found
        return self.known[program]

    def check(self, program, environment, files):
        """What --check complains of, given an environment and the text of files by path."""
        with tempfile.TemporaryDirectory() as home:
            put(home, files)
            here = {name: self.place(value, home) for name, value in environment.items()}
            done = self.run(program, "--check", environment=here)
        return (done.stdout + done.stderr).replace(home, "") if done.returncode else ""

    @staticmethod
    def place(value, home):
        """A path of the container as a path of this machine; any other value as it is."""
        for folder, real in IN_IMAGES.items():
            if value == folder or value.startswith(folder + "/"):
                return real + value[len(folder):]
        return home + value if value.startswith("/") else value
