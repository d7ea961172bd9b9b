"""The npm packages that a folder's package-lock.json names, and node scripts that use them."""
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OFFLINE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")


def home(source):
    """Where they are put: build/manifests for test/manifests."""
    return os.path.join(ROOT, "build", os.path.basename(source))


def missing(source):
    """Installs them where they are not there yet; says what kept it from that, None when nothing did."""
    for program in ("node", "npm"):
        if not shutil.which(program):
            return f"{program} is not installed"
    os.makedirs(home(source), exist_ok=True)
    for name in os.listdir(os.path.join(ROOT, source)):
        if name.endswith((".mjs", ".ts", ".json")):
            shutil.copy(os.path.join(ROOT, source, name), home(source))
    done = os.path.join(home(source), "installed")
    with open(os.path.join(ROOT, source, "package-lock.json")) as f:
        wanted = f.read()
    if os.path.exists(done) and open(done).read() == wanted:
        return None
    ran = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=home(source), text=True,
                         capture_output=True, timeout=600)
    if ran.returncode and OFFLINE.search(ran.stderr):
        return "npm cannot fetch its packages"
    if ran.returncode:
        raise AssertionError("npm ci failed:\n" + ran.stderr)
    with open(done, "w") as f:
        f.write(wanted)
    return None


def node(source, script, *arguments):
    """The finished process of a script of the folder, or of a package there."""
    return subprocess.run(["node", script, *arguments], cwd=home(source), text=True, capture_output=True, timeout=120)
