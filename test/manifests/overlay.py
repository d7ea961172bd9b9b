"""One rendered overlay: its objects, and what a container in it would see."""
import base64
import os
import re

HASH = re.compile(r"-[bcdfghkmt2456789]{10}$")  # kustomize appends it to what it generates


def plain(name):
    """The name without kustomize's hash."""
    return HASH.sub("", name)


class Workload:
    """A Deployment, StatefulSet or Job with one container."""

    def __init__(self, document):
        self.document = document
        self.kind, self.name = document["kind"], document["metadata"]["name"]
        self.template = document["spec"]["template"]
        self.labels = self.template["metadata"].get("labels", {})
        self.pod = self.template["spec"]
        self.container, = self.pod["containers"]
        self.image, _, self.tag = self.container["image"].rpartition("/")[2].partition(":")

    def __str__(self):
        return f"{self.kind} {self.name}"

    @property
    def program(self):
        """The program of ours that it runs; None when it is somebody else's image."""
        return self.image if self.image.startswith("hanok-") else None

    def port(self, name):
        """The number of a port given by name or number; None when the container has none such."""
        for port in self.container.get("ports", []):
            if name in (port.get("name"), port["containerPort"]):
                return port["containerPort"]
        return None

    def probes(self):
        return {kind: self.container[kind] for kind in ("startupProbe", "livenessProbe", "readinessProbe")
                if kind in self.container}


class Overlay:
    def __init__(self, name, documents, outside=None):
        """outside: data of Secrets that the overlay expects to find in the cluster, by name."""
        self.name = name
        self.documents = documents
        self.outside = outside or {}

    def all(self, *kinds):
        return [d for d in self.documents if d["kind"] in kinds]

    def one(self, kind, name):
        return next((d for d in self.all(kind) if d["metadata"]["name"] == name), None)

    def workloads(self):
        return [Workload(d) for d in self.all("Deployment", "StatefulSet", "Job")]

    def data(self, kind, name):
        """What a ConfigMap or Secret holds, as text by key; None when there is none."""
        document = self.one(kind, name)
        if document is None:
            return self.outside.get(name) if kind == "Secret" else None
        data = document.get("data", {})
        if kind == "Secret":
            data = {key: base64.b64decode(value).decode() for key, value in data.items()}
        return data

    def secrets(self):
        """The Secrets that the overlay itself makes, by plain name."""
        return {plain(d["metadata"]["name"]): self.data("Secret", d["metadata"]["name"]) for d in self.all("Secret")}

    def environment(self, workload):
        """Name to value, as the kubelet makes it; values from the pod itself are left out."""
        found = {}
        for source in workload.container.get("envFrom", []):
            found.update(self.data("ConfigMap", source["configMapRef"]["name"]) or {})
        found.update({row["name"]: row["value"] for row in workload.container.get("env", []) if "value" in row})
        return found

    def files(self, workload):
        """Path to text of all files that volumes bring into the container."""
        found = {}
        volumes = {volume["name"]: volume for volume in workload.pod.get("volumes", [])}
        for mount in workload.container.get("volumeMounts", []):
            volume = volumes.get(mount["name"], {})
            names = {item["key"]: item["path"] for item in volume.get("secret", {}).get("items", [])}
            for kind, name in sources(volume):
                for key, text in (self.data(kind, name) or {}).items():
                    if not names or key in names:
                        found[os.path.join(mount["mountPath"], names.get(key, key))] = text
        return found


def sources(volume):
    """(kind, name) of the objects whose keys are a volume's files."""
    for part in [volume, *volume.get("projected", {}).get("sources", [])]:
        if "configMap" in part:
            yield "ConfigMap", part["configMap"]["name"]
        if "secret" in part:
            yield "Secret", part["secret"].get("secretName") or part["secret"]["name"]
