"""The overlays as kustomize renders them, and the npm packages that read and check them."""
import json
import os
import shutil
import subprocess

import npm

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KUBERNETES = os.path.join(ROOT, "deploy/kubernetes")
OVERLAYS = sorted(os.listdir(os.path.join(KUBERNETES, "overlays")))


def missing():
    """What is not there to run these tests with; None when all is."""
    if not shutil.which("openssl"):
        return "openssl is not installed"
    if not (shutil.which("kubectl") or shutil.which("kustomize")):
        return "neither kubectl nor kustomize is installed"
    return npm.missing("test/manifests")


def render(overlay):
    """The YAML text that would be applied."""
    command = ["kubectl", "kustomize"] if shutil.which("kubectl") else ["kustomize", "build"]
    ran = subprocess.run([*command, os.path.join(KUBERNETES, "overlays", overlay)], text=True, capture_output=True,
                         timeout=120)
    if ran.returncode:
        raise AssertionError(f"{overlay} does not render:\n{ran.stderr}")
    return ran.stdout


def node(script, path):
    return npm.node("test/manifests", script, path)


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
