"""The overlays as kustomize renders them, and the npm packages that read and check them."""
import json
import os
import re
import shutil
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KUBERNETES = os.path.join(ROOT, "deploy/kubernetes")
OVERLAYS = sorted(os.listdir(os.path.join(KUBERNETES, "overlays")))
SOURCE = os.path.join(ROOT, "test/manifests")
HOME = os.path.join(ROOT, "build/manifests")  # where npm puts what package-lock.json names
OFFLINE = re.compile(r"ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH")


def missing():
    """What is not there to run these tests with; None when all is."""
    for program in ("node", "npm", "openssl"):
        if not shutil.which(program):
            return f"{program} is not installed"
    if not (shutil.which("kubectl") or shutil.which("kustomize")):
        return "neither kubectl nor kustomize is installed"
    return install()


def install():
    """Installs the npm packages, where they are not there yet; says what kept it from that."""
    os.makedirs(HOME, exist_ok=True)
    lock, done = os.path.join(SOURCE, "package-lock.json"), os.path.join(HOME, "installed")
    for name in os.listdir(SOURCE):
        if name.endswith((".mjs", ".json")):
            shutil.copy(os.path.join(SOURCE, name), HOME)
    with open(lock) as f:
        wanted = f.read()
    if os.path.exists(done) and open(done).read() == wanted:
        return None
    ran = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=HOME, text=True,
                         capture_output=True, timeout=600)
    if ran.returncode and OFFLINE.search(ran.stderr):
        return "npm cannot fetch its packages"
    if ran.returncode:
        raise AssertionError("npm ci failed:\n" + ran.stderr)
    with open(done, "w") as f:
        f.write(wanted)
    return None


def render(overlay):
    """The YAML text that would be applied."""
    command = ["kubectl", "kustomize"] if shutil.which("kubectl") else ["kustomize", "build"]
    ran = subprocess.run([*command, os.path.join(KUBERNETES, "overlays", overlay)], text=True, capture_output=True,
                         timeout=120)
    if ran.returncode:
        raise AssertionError(f"{overlay} does not render:\n{ran.stderr}")
    return ran.stdout


def node(script, path):
    return subprocess.run(["node", os.path.join(HOME, script), path], text=True, capture_output=True, timeout=120)


def documents(path):
    """The documents of a YAML file."""
    ran = node("documents.mjs", path)
    if ran.returncode:
        raise AssertionError(f"{path}: {ran.stderr}")
    return json.loads(ran.stdout)


def schema_complaints(path):
    """What the Kubernetes API would say of a YAML file, a line each."""
    ran = node("schema.mjs", path)
    if ran.returncode not in (0, 1) or ran.stderr:
        raise AssertionError(f"{path}: {ran.stderr}")
    return ran.stdout.splitlines()
