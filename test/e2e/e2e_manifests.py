#!/usr/bin/env python3
"""deploy/kubernetes: every overlay renders, fits the Kubernetes API, and fits the programs."""
import copy
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

import tap
from stack import ROOT, SERVICES, WITH_SCHEMA, Stack
from tap import case, equal

sys.path.insert(0, os.path.join(ROOT, "test/manifests"))
import checks  # noqa: E402
import render  # noqa: E402
from overlay import Overlay  # noqa: E402
from programs import Programs, put  # noqa: E402
from secrets_table import secrets_table  # noqa: E402


class Subject:
    """What is tested: the overlays, and a stack that runs."""

    def __init__(self, stack):
        self.stack = stack
        self.programs = Programs(f"{stack.dir}/bin")
        self.folder = tempfile.TemporaryDirectory()
        self.overlays = {}
        for name in render.OVERLAYS:
            path = self.path(name)
            with open(path, "w") as f:
                f.write(render.render(name))
            self.overlays[name] = Overlay(name, render.documents(path))
        self.dev = self.overlays["dev"]
        for overlay in set(self.overlays.values()) - {self.dev}:
            overlay.outside = self.secrets_from_outside()
        self.compose = compose_services()
        self.pages = {service: {path for path in ("/livez", "/readyz", "/metrics")
                                if stack.admin(service, path).status == 200} for service in SERVICES}
        self.metrics = {service: stack.admin(service, "/metrics").body.decode() for service in SERVICES}

    def path(self, name):
        return os.path.join(self.folder.name, name + ".yaml")

    def secrets_from_outside(self):
        """What the documentation tells to make; with dev's passwords, and a certificate where TLS is."""
        certificate, key = self.path("certificate"), self.path("key")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ed25519", "-nodes", "-subj", "/CN=nats", "-days", "1",
                        "-out", certificate, "-keyout", key], check=True, capture_output=True, timeout=60)
        with open(certificate) as public, open(key) as secret:
            made = {"tls.key": secret.read(), "tls.crt": public.read()}
        made["ca.crt"] = made["ca.pem"] = made["tls.crt"]
        made["routes.conf"] = 'routes: ["nats://route:word@nats-0.nats-headless:6222"]'
        return {secret: {key: {**made, **self.dev.secrets().get(secret, {})}.get(key, "text") for key in keys}
                for secret, keys in secrets_table(SERVICES, WITH_SCHEMA).items()}

    def complaints(self, overlay, check):
        """What a check of test/manifests/checks.py says of an overlay."""
        arguments = {checks.settings: [self.programs], checks.accepted: [self.programs],
                     checks.provider: [self.programs],
                     checks.ending: [self.programs], checks.as_in_compose: [self.compose],
                     checks.listening: [self.pages], checks.scaling: [self.metrics, adapted]}
        return list(check(overlay, *arguments.get(check, [])))

    def clean(self, check):
        for overlay in self.overlays.values():
            equal(self.complaints(overlay, check), [], overlay.name)

    def finds(self, check, word, *change):
        """A change (kind, name, function of the document) of dev makes the check complain."""
        dev = Overlay("dev", copy.deepcopy(self.dev.documents))
        kind, name, mutate = change
        mutate(dev.one(kind, name))
        said = self.complaints(dev, check)
        assert any(word in line for line in said), f"{check.__name__} did not see '{word}': {said}"


def compose_services():
    """The services of all compose files, by the name of their image."""
    files = glob.glob(os.path.join(ROOT, "**/docker-compose.yml"), recursive=True)
    services = [service for path in files for service in render.documents(path)[0]["services"].values()]
    return {service["image"].partition(":")[0]: service for service in services if "image" in service}


def adapted(metric):
    with open(os.path.join(ROOT, "deploy/kubernetes/prometheus-adapter.yaml")) as f:
        return f'__name__="{metric}"' in f.read()


def pod(document):
    return document["spec"]["template"]["spec"]


def container(document):
    return pod(document)["containers"][0]


def give(document, name, value):
    """Sets a variable of the container's environment."""
    rows = container(document)["env"]
    rows[:] = [row for row in rows if row["name"] != name] + [{"name": name, "value": value}]


@case
def every_document_fits_the_kubernetes_api(subject):
    for overlay in subject.overlays:
        equal(render.schema_complaints(subject.path(overlay)), [], overlay)


@case
def the_kubernetes_api_would_refuse_mistakes(subject):
    for word, mutate in (
            ("livenesProbe: there is no such field", lambda d: container(d).update(livenesProbe={})),
            ("required property selector", lambda d: d["spec"].pop("selector")),
            ("containerPort", lambda d: container(d)["ports"][0].update(containerPort="http")),
            ("there is no Deployment in apps/v9", lambda d: d.update(apiVersion="apps/v9")),
            ("sleep.seconds", lambda d: container(d)["lifecycle"]["preStop"]["sleep"].update(seconds="5")),
            ("capabilities.drop", lambda d: container(d)["securityContext"]["capabilities"].update(drop="ALL"))):
        document = copy.deepcopy(subject.dev.one("Deployment", "gateway"))
        mutate(document)
        path = subject.path("bad")
        with open(path, "w") as f:
            json.dump(document, f)  # JSON is YAML
        said = render.schema_complaints(path)
        assert any(word in line for line in said), f"'{word}' was not seen: {said}"


@case
def what_is_named_exists(subject):
    subject.clean(checks.references)
    for word, *change in (
            ("Secret nobodys", "Deployment", "auth",
             lambda d: pod(d)["volumes"][0]["secret"].update(secretName="nobodys")),
            ("ConfigMap nobodys", "Deployment", "user",
             lambda d: container(d)["envFrom"][0]["configMapRef"].update(name="nobodys")),
            ("no volume nobodys", "Job", "streams", lambda d: container(d)["volumeMounts"][0].update(name="nobodys")),
            ("ServiceAccount nobodys", "Deployment", "user", lambda d: pod(d).update(serviceAccountName="nobodys")),
            ("Service nobodys", "StatefulSet", "nats", lambda d: d["spec"].update(serviceName="nobodys")),
            ("with port nobodys", "Ingress", "gateway", lambda d: d["spec"]["rules"][0]["http"]["paths"][0]["backend"]
             ["service"]["port"].update(name="nobodys"))):
        subject.finds(checks.references, word, *change)
    prod = Overlay("prod", subject.overlays["prod"].documents, {})
    assert any("Secret hanok-auth-keys" in line for line in checks.references(prod)), "no Secret at all"


@case
def what_selects_pods_finds_them(subject):
    subject.clean(checks.selectors)
    for word, *change in (
            ("does not match", "Deployment", "auth", lambda d: d["spec"]["selector"]["matchLabels"].update(a="b")),
            ("no pod has port web", "Service", "gateway", lambda d: d["spec"]["ports"][0].update(targetPort="web")),
            ("selects no pod", "PodDisruptionBudget", "user",
             lambda d: d["spec"]["selector"]["matchLabels"].update(a="b"))):
        subject.finds(checks.selectors, word, *change)


@case
def who_may_talk_to_whom_is_there_and_has_the_port(subject):
    subject.clean(checks.network)
    for word, *change in (
            ("selects no pod", "NetworkPolicy", "dns",
             lambda d: d["spec"].update(podSelector={"matchLabels": {"a": "b"}})),
            ("names no pod", "NetworkPolicy", "clients-to-nats",
             lambda d: d["spec"]["egress"][0]["to"][0]["podSelector"]["matchLabels"].update(a="b")),
            ("no pod has port 4223", "NetworkPolicy", "clients-to-nats",
             lambda d: d["spec"]["egress"][0]["ports"][0].update(port=4223)),
            ("no pod has port 80", "NetworkPolicy", "ingress-to-gateway",
             lambda d: d["spec"]["ingress"][0]["ports"][0].update(port=80))):
        subject.finds(checks.network, word, *change)


@case
def images_are_built_here_and_are_of_this_version(subject):
    subject.clean(checks.images)
    for word, image in (("cmd/nobody", "hanok-nobody"), ("its tag is 9.9.9", "hanok-user:9.9.9")):
        subject.finds(checks.images, word, "Deployment", "user",
                      lambda d, image=image: container(d).update(image=image))


@case
def variables_are_settings_and_their_files_are_mounted(subject):
    subject.clean(checks.settings)
    for word, *change in (
            ("no setting for HANOK_NATS_USR", "Deployment", "user", lambda d: give(d, "HANOK_NATS_USR", "user")),
            ("which no volume brings", "Deployment", "user", lambda d: pod(d)["volumes"].clear()),
            ("which no volume brings", "Job", "auth-migrate",
             lambda d: give(d, "HANOK_MYSQL_PASSWORD_FILE", "/run/secrets/auth-migrate/password"))):
        subject.finds(checks.settings, word, *change)


@case
def programs_accept_their_environment(subject):
    subject.clean(checks.accepted)
    for word, *change in (
            ("HANOK_ARGON2_THREADS", "Deployment", "auth", lambda d: give(d, "HANOK_ARGON2_THREADS", "99")),
            ("/etc/hanok/routes.conf", "Deployment", "gateway", lambda d: pod(d)["volumes"].pop(0)),
            ("HANOK_NATS_PASSWORD_FILE", "Deployment", "user", lambda d: pod(d)["volumes"].clear())):
        subject.finds(checks.accepted, word, *change)


@case
def who_asks_a_payment_provider_can(subject):
    subject.clean(checks.provider)
    for word, *change in (
            ("no HANOK_PROVIDER_URL", "Deployment", "payment", lambda d: container(d).update(envFrom=[])),
            ("no HANOK_WEBHOOK_SECRET_FILE", "Deployment", "payment", lambda d: container(d).update(env=[])),
            ("lets it out", "NetworkPolicy", "clients-to-provider", lambda d: d["spec"].update(egress=[]))):
        subject.finds(checks.provider, word, *change)


@case
def ports_and_probes_are_those_of_the_running_programs(subject):
    for overlay in subject.overlays.values():
        equal({w.name for w in overlay.workloads() if w.kind == "Deployment"}, set(SERVICES), overlay.name)
    equal([len(subject.pages[service]) for service in SERVICES], [3] * len(SERVICES))
    equal([subject.stack.admin(service, "/healthy").status for service in SERVICES], [404] * len(SERVICES))
    subject.clean(checks.listening)
    for word, *change in (
            ("livenessProbe asks /healthy", "Deployment", "user",
             lambda d: container(d)["livenessProbe"]["httpGet"].update(path="/healthy")),
            ("2 of three", "Deployment", "user", lambda d: container(d).pop("startupProbe")),
            ("its port admin is 9200", "Deployment", "auth",
             lambda d: container(d)["ports"][0].update(containerPort=9200)),
            ("its port http is 80", "Deployment", "gateway",
             lambda d: container(d)["ports"][0].update(containerPort=80))):
        subject.finds(checks.listening, word, *change)


@case
def pods_have_no_more_rights_than_they_need(subject):
    subject.clean(checks.hardened)
    for word, *change in (
            ("securityContext", "StatefulSet", "mariadb",
             lambda d: container(d)["securityContext"].update(readOnlyRootFilesystem=False)),
            ("securityContext", "Job", "streams", lambda d: container(d)["securityContext"].pop("capabilities")),
            ("user and group", "Deployment", "auth", lambda d: pod(d)["securityContext"].pop("runAsUser")),
            ("seccomp", "StatefulSet", "nats", lambda d: pod(d)["securityContext"].pop("seccompProfile")),
            ("enableServiceLinks", "Job", "user-migrate", lambda d: pod(d).pop("enableServiceLinks"))):
        subject.finds(checks.hardened, word, *change)


@case
def containers_are_as_closed_as_those_of_compose(subject):
    if not subject.compose:
        raise tap.Skip("there is no compose file")
    subject.clean(checks.as_in_compose)
    for word, mutate in (("its user is 10009", lambda d: pod(d)["securityContext"].update(runAsUser=10009)),
                         ("read-only root", lambda d: container(d)["securityContext"].update(readOnlyRootFilesystem=0)),
                         ("no compose file", lambda d: container(d).update(image="hanok-nobody"))):
        subject.finds(checks.as_in_compose, word, "Deployment", "gateway", mutate)
    subject.finds(checks.as_in_compose, "its image is", "StatefulSet", "nats",
                  lambda d: container(d).update(image="nats:1"))


@case
def every_container_has_requests_and_limits(subject):
    subject.clean(checks.sized)
    subject.finds(checks.sized, "limits", "Deployment", "auth", lambda d: container(d)["resources"].pop("limits"))


@case
def there_is_time_to_drain(subject):
    subject.clean(checks.ending)
    subject.finds(checks.ending, "of drain", "Deployment", "gateway",
                  lambda d: pod(d).update(terminationGracePeriodSeconds=15))


@case
def services_scale_by_what_they_export(subject):
    subject.clean(checks.scaling)
    prod = Overlay("prod", copy.deepcopy(subject.overlays["prod"].documents))
    prod.one("HorizontalPodAutoscaler", "gateway")["spec"]["metrics"][1]["pods"]["metric"]["name"] = "hanok_queue_depth"
    prod.one("HorizontalPodAutoscaler", "user")["spec"]["metrics"][1]["pods"]["metric"]["name"] = "hanok_nats_up"
    equal([line.split(":")[1] for line in subject.complaints(prod, checks.scaling)],
          [" gateway exports no hanok_queue_depth", " prometheus-adapter.yaml does not pass hanok_nats_up on"])


@case
def both_sides_know_the_same_password(subject):
    equal(subject.complaints(subject.dev, checks.passwords), [])
    for word, *change in (
            ("the one in passwords.conf", "Deployment", "auth", lambda d: give(d, "HANOK_NATS_USER", "user")),
            ("the one in hanok-db", "Job", "user-migrate", lambda d: give(d, "HANOK_MYSQL_USER", "hanok_user"))):
        subject.finds(checks.passwords, word, *change)


@case
def secrets_are_those_of_the_documentation(subject):
    made = subject.dev.secrets()
    documented = secrets_table(SERVICES, WITH_SCHEMA)
    keys = {name: sorted(data) for name, data in made.items() if name != "hanok-auth-keys"}  # any names will do
    equal(keys, {name: sorted(documented[name]) for name in keys})


def nats_server_says(nats, files):
    """What nats-server -t complains of."""
    version = subprocess.run(["nats-server", "--version"], text=True, capture_output=True, timeout=60).stdout
    if re.search(r"v2\.\d\.", version):  # before 2.10 it has no such setting
        files = {path: text.replace("sync_interval: always", "") for path, text in files.items()}
    with tempfile.TemporaryDirectory() as home:
        put(home, files)
        arguments = [re.sub(r"^/|(?<==)/", home + "/", argument) for argument in nats.container["args"]]
        done = subprocess.run(["nats-server", *arguments, "-t"], text=True, capture_output=True, timeout=60,
                              env={**os.environ, "SERVER_NAME": "nats-0"})
    return done.stdout + done.stderr if done.returncode else ""


@case
def nats_server_accepts_its_configuration(subject):
    for overlay in subject.overlays.values():
        nats = next(w for w in overlay.workloads() if w.name == "nats")
        files = overlay.files(nats)
        args = nats.container["args"]
        equal("--tls" in args, overlay is not subject.dev, overlay.name)
        equal("--config=/etc/nats/cluster.conf" in args, overlay is not subject.dev, overlay.name)
        equal(nats_server_says(nats, files), "")
        del files["/run/secrets/nats/passwords.conf"]
        assert "passwords.conf" in nats_server_says(nats, files), overlay.name


@case
def mariadb_makes_the_users_that_programs_log_in_as(subject):
    mariadb = next(w for w in subject.dev.workloads() if w.name == "mariadb")
    with tempfile.TemporaryDirectory() as home:
        put(home, {path: re.sub(r"/(run|usr)/", rf"{home}/\1/", text) if path.endswith("schemas.sh") else text
                   for path, text in subject.dev.files(mariadb).items()})
        script = f"set -eo pipefail; docker_process_sql() {{ cat; }}; . {home}/docker-entrypoint-initdb.d/schemas.sh"
        sql = subprocess.run(["bash", "-c", script], text=True, capture_output=True, timeout=60, check=True).stdout
    for workload in subject.dev.workloads():
        environment = subject.dev.environment(workload)
        if workload.program and (user := environment.get("HANOK_MYSQL_USER")):
            password = subject.dev.files(workload)[environment["HANOK_MYSQL_PASSWORD_FILE"]]
            assert f"CREATE USER IF NOT EXISTS '{user}'@'%' IDENTIFIED BY '{password}'" in sql, (user, sql)
            assert f"CREATE DATABASE IF NOT EXISTS {environment['HANOK_MYSQL_SCHEMA']} " in sql, sql


def main():
    if why := render.missing():
        print(f"1..0 # SKIP {why}")
        return 0
    stack = Stack()
    stack.up()
    return tap.run(Subject(stack))


if __name__ == "__main__":
    sys.exit(main())
