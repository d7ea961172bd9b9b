"""Checks of a rendered overlay against itself, the programs and the checkout. Each yields its complaints."""
import os
import re

from overlay import plain, sources
from render import ROOT

HARDENED_CONTAINER = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
                      "capabilities": {"drop": ["ALL"]}}


def selects(labels, workload):
    return labels.items() <= workload.labels.items()


def references(overlay):
    """What is named exists."""
    for workload in overlay.workloads():
        named = [("ConfigMap", source["configMapRef"]["name"]) for source in workload.container.get("envFrom", [])]
        for volume in workload.pod.get("volumes", []):
            named += sources(volume)
        for kind, name in named:
            if overlay.data(kind, name) is None:
                yield f"{workload}: there is no {kind} {name}"
        volumes = {v["name"] for part in (workload.pod.get("volumes", []), claims(workload)) for v in part}
        for mount in workload.container.get("volumeMounts", []):
            if mount["name"] not in volumes:
                yield f"{workload}: there is no volume {mount['name']}"
        account = workload.pod.get("serviceAccountName")
        if account and not overlay.one("ServiceAccount", account):
            yield f"{workload}: there is no ServiceAccount {account}"
        service = workload.document["spec"].get("serviceName")
        if service and not overlay.one("Service", service):
            yield f"{workload}: there is no Service {service}"
    for scaler in overlay.all("HorizontalPodAutoscaler"):
        target = scaler["spec"]["scaleTargetRef"]
        if not overlay.one(target["kind"], target["name"]):
            yield f"HorizontalPodAutoscaler {scaler['metadata']['name']}: there is no {target['kind']} {target['name']}"
    for ingress in overlay.all("Ingress"):
        for path in (path for rule in ingress["spec"]["rules"] for path in rule["http"]["paths"]):
            backend = path["backend"]["service"]
            service = overlay.one("Service", backend["name"])
            if not service or backend["port"]["name"] not in [p["name"] for p in service["spec"]["ports"]]:
                yield f"Ingress: there is no Service {backend['name']} with port {backend['port']['name']}"


def claims(workload):
    return [{"name": c["metadata"]["name"]} for c in workload.document["spec"].get("volumeClaimTemplates", [])]


def selectors(overlay):
    """What selects pods selects some, and those have the port."""
    workloads = overlay.workloads()
    for workload in workloads:
        labels = workload.document["spec"].get("selector", {}).get("matchLabels", {})
        if not selects(labels, workload):
            yield f"{workload}: its selector does not match its pods"
    for service in overlay.all("Service"):
        chosen = [w for w in workloads if selects(service["spec"]["selector"], w)]
        for port in service["spec"]["ports"]:
            if not any(w.port(port["targetPort"]) for w in chosen):
                yield f"Service {service['metadata']['name']}: no pod has port {port['targetPort']}"
    for budget in overlay.all("PodDisruptionBudget"):
        if not any(selects(budget["spec"]["selector"]["matchLabels"], w) for w in workloads):
            yield f"PodDisruptionBudget {budget['metadata']['name']}: selects no pod"


def network(overlay):
    """Who is let through is there, and so is the port; whoever has a client's label is let out and in."""
    workloads = overlay.workloads()
    for policy in overlay.all("NetworkPolicy"):
        name = f"NetworkPolicy {policy['metadata']['name']}"
        labels = policy["spec"]["podSelector"].get("matchLabels", {})
        own = [w for w in workloads if selects(labels, w)]
        if not own:
            yield f"{name}: selects no pod"
        for direction in ("ingress", "egress"):
            for rule in policy["spec"].get(direction, []):
                peers = [peer for peer in rule["from" if direction == "ingress" else "to"]]
                others = [w for peer in peers if set(peer) == {"podSelector"}
                          for w in workloads if selects(peer["podSelector"]["matchLabels"], w)]
                if any(set(peer) == {"podSelector"} for peer in peers) and not others:
                    yield f"{name}: {direction} names no pod"
                for port in rule["ports"] if direction == "ingress" or others else []:
                    if not any(w.port(port["port"]) for w in (own if direction == "ingress" else others)):
                        yield f"{name}: no pod has port {port['port']}"


def images(overlay):
    """Our images are of programs of the checkout; where there is a tag, it is this version's."""
    with open(os.path.join(ROOT, "tool/service/version.h")) as f:
        version = re.search(r'HANOK_VERSION "([^"]+)"', f.read())[1]
    for workload in overlay.workloads():
        if not workload.program:
            continue
        folder = "cmd/" + workload.program.removeprefix("hanok-")
        if not os.path.exists(os.path.join(ROOT, folder, "main.c")):
            yield f"{workload}: there is no {folder}"
        if workload.tag not in ("", version):
            yield f"{workload}: its tag is {workload.tag}, this is version {version}"


def settings(overlay, programs):
    """Each variable is a setting of the program that gets it, each secret's file a key of a mounted Secret."""
    for workload in overlay.workloads():
        if not workload.program:
            continue
        if not programs.exists(workload.program):
            yield f"{workload}: there is no program {workload.program}"
            continue
        known, files = programs.settings(workload.program), overlay.files(workload)
        for name, value in overlay.environment(workload).items():
            if name.startswith("HANOK_") and name not in known:
                yield f"{workload}: {workload.program} has no setting for {name}"
            if value.startswith("/run/secrets/") and value not in files:
                yield f"{workload}: {name} is {value}, which no volume brings"


def accepted(overlay, programs):
    """The program itself takes the environment and files it would get."""
    for workload in overlay.workloads():
        if workload.program and programs.exists(workload.program):
            said = programs.check(workload.program, overlay.environment(workload), overlay.files(workload))
            if said:
                yield f"{workload}: {said}"


def provider(overlay, programs):
    """Who asks a payment provider knows where it is and what its webhooks are signed with, and is let out to it."""
    for workload in overlay.workloads():
        if not workload.program or not programs.exists(workload.program) or \
                "HANOK_PROVIDER_URL" not in programs.settings(workload.program):
            continue
        environment = overlay.environment(workload)
        for name in ("HANOK_PROVIDER_URL", "HANOK_WEBHOOK_SECRET_FILE"):
            if name not in environment:
                yield f"{workload}: it has no {name}"
        outside = [policy for policy in overlay.all("NetworkPolicy") for rule in policy["spec"].get("egress", [])
                   if selects(policy["spec"]["podSelector"].get("matchLabels", {}), workload)
                   and {"port": 443} in rule["ports"] and any("ipBlock" in peer for peer in rule["to"])]
        if not outside:
            yield f"{workload}: no NetworkPolicy lets it out to its provider"


def hardened(overlay):
    """Every pod is closed up as the restricted Pod Security Standard wants, and a bit more."""
    for workload in overlay.workloads():
        pod, container = workload.pod.get("securityContext", {}), workload.container.get("securityContext", {})
        if container != HARDENED_CONTAINER:
            yield f"{workload}: its container's securityContext is {container}"
        if not pod.get("runAsNonRoot") or not pod.get("runAsUser") or pod.get("runAsGroup") != pod.get("runAsUser"):
            yield f"{workload}: it has no user and group of its own"
        if pod.get("seccompProfile") != {"type": "RuntimeDefault"}:
            yield f"{workload}: it has no seccomp profile"
        for name in ("automountServiceAccountToken", "enableServiceLinks"):
            if workload.pod.get(name) is not False:
                yield f"{workload}: {name} must be false"


def as_in_compose(overlay, services):
    """Users and hardening are those of the containers. services: of all compose files, by image."""
    for workload in overlay.workloads():
        service = services.get(workload.image)
        if service is None:
            yield f"{workload}: no compose file has {workload.image}"
            continue
        if not workload.program and service["image"] != workload.container["image"]:
            yield f"{workload}: its image is {workload.container['image']}, in compose {service['image']}"
        pod, container = workload.pod["securityContext"], workload.container["securityContext"]
        user = f"{pod['runAsUser']}:{pod['runAsGroup']}"
        if str(service.get("user")) != user:
            yield f"{workload}: its user is {user}, in compose {service.get('user')}"
        if service.get("read_only") != container["readOnlyRootFilesystem"]:
            yield f"{workload}: only one of it and compose has a read-only root"
        if service.get("cap_drop") != container["capabilities"]["drop"]:
            yield f"{workload}: compose drops {service.get('cap_drop')}"
        if not any(option.startswith("no-new-privileges") for option in service.get("security_opt", [])):
            yield f"{workload}: compose lets it have new privileges"


def sized(overlay):
    """Every container says what it needs and what it may take at most."""
    for workload in overlay.workloads():
        for kind in ("requests", "limits"):
            if set(workload.container.get("resources", {}).get(kind, {})) != {"cpu", "memory"}:
                yield f"{workload}: its {kind} must name cpu and memory"


def ending(overlay, programs):
    """The time to end is longer than preStop and the drain together."""
    for workload in overlay.workloads():
        if workload.kind != "Deployment" or not programs.exists(workload.program):
            continue
        drain_ms = overlay.environment(workload).get(
            "HANOK_DRAIN_MS", programs.settings(workload.program)["HANOK_DRAIN_MS"])
        before_s = workload.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        grace_s = workload.pod.get("terminationGracePeriodSeconds", 30)
        if grace_s <= before_s + int(drain_ms) / 1000:
            yield f"{workload}: {grace_s} s to end, but {before_s} s before and {drain_ms} ms of drain"


def listening(overlay, pages):
    """Ports are those the program is told to listen at, and probes ask pages it has. pages: see stack_pages."""
    for workload in (w for w in overlay.workloads() if w.kind == "Deployment"):
        environment = overlay.environment(workload)
        for name, variable in (("admin", "HANOK_ADMIN_LISTEN"), ("http", "HANOK_LISTEN")):
            listen = environment.get(variable, "")
            if (workload.port(name) or "none") != (int(listen.rsplit(":", 1)[1]) if listen else "none"):
                yield f"{workload}: {variable} is {listen}, its port {name} is {workload.port(name)}"
            if listen and not listen.startswith("0.0.0.0:"):
                yield f"{workload}: {variable} is {listen}: nobody outside of the pod reaches it"
        asked = [(kind, probe["httpGet"]["port"], probe["httpGet"]["path"])
                 for kind, probe in workload.probes().items()]
        if len(asked) != 3:
            yield f"{workload}: it has {len(asked)} of three probes"
        notes = workload.template["metadata"]["annotations"]
        asked.append(("prometheus", int(notes["prometheus.io/port"]), notes["prometheus.io/path"]))
        for kind, port, path in asked:
            if workload.port(port) != workload.port("admin") or path not in pages[workload.name]:
                yield f"{workload}: {kind} asks {path} at {port}, which is not there"


def scaling(overlay, metrics, adapted):
    """A metric that scales is one the service exports and the adapter passes on. metrics: text by service."""
    for scaler in overlay.all("HorizontalPodAutoscaler"):
        name = scaler["spec"]["scaleTargetRef"]["name"]
        for metric in (m["pods"]["metric"]["name"] for m in scaler["spec"]["metrics"] if m["type"] == "Pods"):
            if not re.search(rf"^{metric}(\{{|\s)", metrics[name], re.MULTILINE):
                yield f"HorizontalPodAutoscaler {name}: {name} exports no {metric}"
            if not adapted(metric):
                yield f"HorizontalPodAutoscaler {name}: prometheus-adapter.yaml does not pass {metric} on"


def passwords(overlay):
    """Both sides of a connection know the same password. Only for an overlay that makes its Secrets."""
    made = overlay.secrets()
    known = dict(re.findall(r'^(\w+)_password: "([^"]*)"$', made["hanok-nats"]["passwords.conf"], re.MULTILINE))
    for workload in (w for w in overlay.workloads() if w.program):
        environment, secret = overlay.environment(workload), made["hanok-" + plain(workload.name)]
        if "HANOK_NATS_USER" in environment and known.get(environment["HANOK_NATS_USER"]) != secret["nats-password"]:
            yield f"{workload}: its password is not the one in passwords.conf"
        if "HANOK_MYSQL_USER" in environment and \
                made["hanok-db"].get(environment["HANOK_MYSQL_USER"]) != secret["mysql-password"]:
            yield f"{workload}: its password is not the one in hanok-db"
