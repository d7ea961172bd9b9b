#!/usr/bin/env python3
"""make install, make deb, the manual pages and the systemd units: nothing of this machine is changed."""
import functools
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

import tap
from stack import DEMOS, ROOT, WITH_SCHEMA
from tap import Skip, case, equal

SETTLED = sorted("hanok-" + name for path in glob.glob(f"{ROOT}/cmd/*/main.c")
                 if (name := path.split("/")[-2]) != "ctl" and name not in DEMOS)
PROGRAMS = [*SETTLED, "hanokctl"]  # which has options, but no settings
COMPLETIONS = ("bash-completion/completions/hanokctl", "zsh/site-functions/_hanokctl", "fish/vendor_completions.d/hanokctl.fish")
UNITS = sorted(os.path.relpath(path, f"{ROOT}/deploy/systemd")
               for pattern in ("*.service", "*.socket", "*.target", "*.d/*.conf")
               for path in glob.glob(f"{ROOT}/deploy/systemd/{pattern}"))
SETTINGS = {os.path.basename(path): path for path in
            [f"{ROOT}/deploy/gateway/routes.conf", *glob.glob(f"{ROOT}/deploy/systemd/*.conf")]}
NO_SETTINGS = ("routes.conf",)
ONE_SHOT = ("hanok-migrate", "hanok-streams")


def read(path):
    with open(path) as f:
        return f.read()


def run(*command, fails=False, **options):
    """What it prints, both streams."""
    options.setdefault("cwd", ROOT)
    done = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, timeout=600, **options)
    if (done.returncode != 0) != fails:
        raise AssertionError(f"{command} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def make(*arguments):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS"))}
    return run("make", "-s", "--no-print-directory", "V=0", *arguments, env=environment)


def needs(*tools):
    for tool in tools:
        if not shutil.which(tool):
            raise Skip(f"{tool} is not installed")


def files(folder):
    """Every file below the folder, by its path from there."""
    return {os.path.join("/", os.path.relpath(os.path.join(where, name), folder))
            for where, _, names in os.walk(folder) for name in names}


def named_settings(text):
    """Those that --help, or the manual page made of it, lists."""
    return set(re.findall(r"^ +--([a-z0-9-]+) (?:TEXT|NUMBER|SECRET)", text, re.MULTILINE))


class Installed:
    """What `make install` put into a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        self.root = f"{folder}/root"
        self.messages = make("install", f"DESTDIR={self.root}", "PREFIX=/usr")

    @functools.cached_property
    def elsewhere(self):
        """The same below another prefix."""
        make("install", f"DESTDIR={self.folder}/opt", "PREFIX=/opt/hanok")
        return f"{self.folder}/opt"

    @functools.cached_property
    def package(self):
        return build_package(f"{self.folder}/package")

    def path(self, path):
        return self.root + path

    def program(self, name, *arguments, **options):
        environment = {"PATH": os.environ["PATH"], **options.pop("env", {})}
        return run(self.path(f"/usr/bin/{name}"), *arguments, env=environment, **options)

    def settings(self, program):
        return named_settings(self.program(program, "--help"))

    def unit(self, name):
        """(key, value) of each line."""
        text = read(self.path(f"/usr/lib/systemd/system/{name}"))
        return re.findall(r"^([A-Za-z]+)=(.*)$", text, re.MULTILINE)

    def services(self):
        """(unit with its instance, program, lines) of all that starts a program."""
        for name in UNITS:
            if name.endswith(".service"):
                lines = self.unit(name)
                program = os.path.basename(dict(lines)["ExecStart"])
                for instance in WITH_SCHEMA if "@" in name else ("",):
                    yield (name.replace("@", "@" + instance), program,
                           [(key, value.replace("%i", instance)) for key, value in lines])

    def secrets(self):
        """The folder that step 2 of the page makes."""
        folder = f"{self.folder}/secrets"
        if not os.path.exists(folder):
            section = re.search(r"^## 2\. .*?```sh\n(.*?)```", read(f"{ROOT}/docs/installation.md"), re.M | re.S)[1]
            section = section.replace("/etc/hanok/secrets", folder).replace("/usr/share", self.path("/usr/share"))
            run("bash", "-euc", section)
        return folder

    def environment(self, unit, lines):
        """What systemd would give the program, with the credentials in a folder."""
        credentials = f"{self.folder}/credentials/{unit}"
        os.makedirs(credentials, exist_ok=True)
        for name, source in (v.split(":") for k, v in lines if k == "LoadCredential"):
            shutil.copy(source.replace("/etc/hanok/secrets", self.secrets()), f"{credentials}/{name}")
        values = [v.replace("%d", credentials).replace("/usr/share", self.path("/usr/share"))
                  for k, v in lines if k == "Environment"]
        return dict(value.split("=", 1) for value in values)


@case
def everything_is_where_it_should_be(installed):
    migrations = (os.path.relpath(path, f"{ROOT}/dataservice") for name in WITH_SCHEMA
                  for path in glob.glob(f"{ROOT}/dataservice/migrations/{name}/*.sql"))
    expected = {f"/usr/bin/{name}" for name in PROGRAMS}
    expected |= {f"/usr/share/man/man8/{name}.8" for name in PROGRAMS}
    expected |= {f"/usr/share/{path}" for path in COMPLETIONS}
    expected |= {f"/usr/lib/systemd/system/{name}" for name in UNITS}
    expected |= {f"{folder}/{name}" for name in SETTINGS for folder in ("/etc/hanok", "/usr/share/hanok/settings")}
    expected |= {f"/usr/share/hanok/{path}" for path in migrations}
    expected |= {f"/usr/share/hanok/{path}" for path in ("nats/users.conf", "mysql/schema.sh", "mysql/hanok.cnf",
                                                        "mysql/binlog.cnf")}
    expected |= {f"/usr/share/doc/hanok/{os.path.basename(path)}" for path in
                 ["LICENSE", "README.md", *glob.glob(f"{ROOT}/docs/*.md")]}
    site = {f"/usr/share/hanok/site{path}" for path in files(f"{ROOT}/site")}
    assert "/usr/share/hanok/site/index.html" in site and files(installed.root) >= site, site
    expected |= {path for path in files(installed.root) if path.removesuffix(".gz").removesuffix(".br") in site}
    equal(sorted(files(installed.root) ^ expected), [], "either here or there only")
    for path in expected:
        mode = 0o755 if path.startswith("/usr/bin/") or path.endswith(".sh") else 0o644
        equal(os.stat(installed.path(path)).st_mode & 0o7777, mode, path)


@case
def programs_say_their_version(installed):
    version = re.search(r'HANOK_VERSION "(.*)"', read(f"{ROOT}/tool/service/version.h"))[1]
    for name in PROGRAMS:
        equal(installed.program(name, "--version"), f"{name} {version}\n")


@case
def with_what_its_unit_gives_it_each_program_finds_its_settings_good(installed):
    units = list(installed.services())
    equal(sorted({program for _, program, _ in units}), SETTLED, "each has a unit")
    for unit, program, lines in units:
        conf = installed.path(f"/etc/hanok/{program.removeprefix('hanok-')}.conf")
        arguments = ["--check", "--config", conf]
        if program == "hanok-gateway":
            arguments += ["--routes", installed.path("/etc/hanok/routes.conf")]
        installed.program(program, *arguments, env=installed.environment(unit, lines))


@case
def an_empty_secret_keeps_a_program_from_starting(installed):
    for unit, program, lines in installed.services():
        environment = installed.environment(unit, lines)
        secret = next(value for name, value in environment.items() if name.endswith("_FILE"))
        with open(secret, "w"):
            pass
        said = installed.program(program, "--check", fails=True, env=environment)
        assert f'"{secret}" is empty' in said, said


@case
def settings_that_are_commented_out_exist_too(installed):
    for name, source in SETTINGS.items():
        if name in NO_SETTINGS:
            continue
        known = installed.settings(f"hanok-{name.removesuffix('.conf')}")
        named = re.findall(r"^(?:# )?([a-z0-9-]+) = \S+$", read(source), re.MULTILINE)
        assert named and set(named) <= known, f"{name}: {set(named) - known} of {named}"


@case
def what_a_unit_names_is_installed(installed):
    known = {unit for unit, _, _ in installed.services()} | set(UNITS)
    for unit, _, lines in installed.services():
        named = " ".join(v for k, v in lines if k in ("After", "Requires", "Wants", "PartOf", "WantedBy"))
        equal([name for name in named.split() if name.startswith("hanok") and name not in known], [], unit)
        for key, value in lines:
            if key.startswith("Exec"):
                for program in re.findall(r"\S*/hanok-\S*", value):
                    assert os.access(installed.path(program), os.X_OK), value
            if key == "Documentation":
                page, path = value.split()
                equal(page, f"man:{os.path.basename(dict(lines)['ExecStart'])}(8)")
                assert os.path.exists(installed.path(path.removeprefix("file:"))), path
        given = {value.split(":")[0] for key, value in lines if key == "LoadCredential"}
        used = {value.split("%d/")[1] for _, value in lines if "%d/" in value}
        equal(used, given, f"{unit}: credentials")


@case
def a_reload_refuses_bad_routes_and_reads_no_secret(installed):
    """systemd hands credentials to the service only, not to what reloads it."""
    unit = installed.unit("hanok-gateway.service")
    command = next(value for key, value in unit if key == "ExecReload").split()
    command = [installed.path(word) if "/hanok-" in word else word for word in command]
    routes = f"{installed.folder}/routes.conf"
    environment = {"HANOK_ROUTES": routes, "HANOK_NATS_PASSWORD_FILE": "/nonexistent"}
    shutil.copy(SETTINGS["routes.conf"], routes)
    run(*command, env=environment)
    with open(routes, "a") as f:
        f.write("nonsense\n")
    assert f"{routes}:" in run(*command, env=environment, fails=True)


@case
def a_service_has_longer_to_stop_than_it_takes(installed):
    for unit, program, lines in installed.services():
        if program in ONE_SHOT:
            continue
        drain = re.search(r"--drain-ms NUMBER\n.*\n.*default (\d+) ms", installed.program(program, "--help"))[1]
        assert int(dict(lines)["TimeoutStopSec"]) * 1000 > int(drain), unit


@case
def the_secrets_of_the_page_make_the_schemas(installed):
    for schema in (f"hanok_{name}" for name in WITH_SCHEMA):
        sql = run(installed.path("/usr/share/hanok/mysql/schema.sh"), schema, "localhost",
                  env={"PATH": os.environ["PATH"], "SECRETS": f"{installed.secrets()}/db"})
        for user in (schema, f"{schema}_migrate"):
            assert f"'{user}'@'localhost' IDENTIFIED BY '{read(installed.secrets() + '/db/' + user)}'" in sql, sql


@case
def manual_pages_are_clean_and_name_every_setting(installed):
    needs("groff", "man")
    for program in PROGRAMS:
        page = installed.path(f"/usr/share/man/man8/{program}.8")
        equal(run("groff", "-man", "-ww", "-z", page), "", "complaints")
        text = run("man", "-l", page, env={"PATH": os.environ["PATH"], "MANPAGER": "cat", "MANWIDTH": "200"})
        equal(named_settings(text), installed.settings(program), program)


@case
def units_verify(installed):
    needs("systemd-analyze")
    names = [unit for unit, _, _ in installed.services()] + [name for name in UNITS if name.endswith((".socket", ".target"))]
    root = shutil.copytree(installed.root, f"{installed.folder}/verified")
    for command in ("/bin/kill", "/usr/bin/env"):  # of the units' commands those that are not ours
        os.makedirs(os.path.dirname(root + command), exist_ok=True)
        shutil.copy(command, root + command)
    equal(run("systemd-analyze", "verify", "--man=no", "--recursive-errors=no", f"--root={root}", *names), "")


@case
def units_are_hardened(installed):
    needs("systemd-analyze")
    for unit, _, _ in installed.services():
        run("systemd-analyze", "security", "--offline=true", "--threshold=15", f"--root={installed.root}", unit)


@case
def units_follow_the_prefix(installed):
    root = installed.elsewhere
    for name in UNITS:
        text = read(f"{root}/opt/hanok/lib/systemd/system/{name}")
        named = re.findall(r"/(?:usr|opt)/\S+", text.replace("%i", "auth"))
        equal([path for path in named if not os.path.exists(root + path)], [], name)


@case
def a_changed_setting_stays_and_an_unchanged_one_follows(installed):
    root = shutil.copytree(installed.elsewhere, f"{installed.folder}/again")
    arguments = (f"DESTDIR={root}", "PREFIX=/opt/hanok")
    changed, shipped_before = f"{root}/etc/hanok/routes.conf", "auth.conf"
    with open(changed, "a") as f:
        f.write("# mine\n")
    for folder in ("etc/hanok", "opt/hanok/share/hanok/settings"):
        with open(f"{root}/{folder}/{shipped_before}", "w") as f:
            f.write("# of an older release\n")
    said = make("install", *arguments)
    assert "routes.conf was changed and stays" in said and shipped_before not in said, said
    assert read(changed).endswith("# mine\n")
    equal(read(f"{root}/etc/hanok/{shipped_before}"), read(SETTINGS[shipped_before]))
    assert "routes.conf was changed and stays" in make("uninstall", *arguments)
    equal(files(root), {"/etc/hanok/routes.conf"})


@case
def uninstall_leaves_nothing(installed):
    root = shutil.copytree(installed.root, f"{installed.folder}/gone")
    os.makedirs(f"{root}/usr/share/somebody")
    equal(make("uninstall", f"DESTDIR={root}", "PREFIX=/usr"), "")
    equal(files(root), set())
    left = {name for _, names, _ in os.walk(root) for name in names}
    equal({name for name in left if "hanok" in name}, set(), "folders")
    assert {"bin", "somebody"} <= left, "folders of others stay"


def build_package(folder, source=ROOT, **environment):
    """The package of a source folder, in a folder of its own."""
    needs("dpkg-deb", "dpkg-shlibdeps")
    os.makedirs(folder, exist_ok=True)
    path = run("deploy/debian/build.sh", cwd=source, env={**os.environ, **environment}).splitlines()[-1]
    return shutil.copy(os.path.join(source, path), folder)


@case
def a_package_holds_what_is_installed(installed):
    package = installed.package
    unpacked = f"{installed.folder}/unpacked"
    run("dpkg-deb", "-R", package, unpacked)
    control = {path for path in files(unpacked) if path.startswith("/DEBIAN/")}
    held = {path.replace(".8.gz", ".8") for path in files(unpacked) - control}
    documents = "/usr/share/doc/hanok"
    equal(held ^ files(installed.root), {"/usr/share/lintian/overrides/hanok"} |
          {f"{documents}/{name}" for name in ("LICENSE", "copyright", "changelog.gz")})
    equal(set(read(f"{unpacked}/DEBIAN/conffiles").split()), {f"/etc/hanok/{name}" for name in SETTINGS})
    run("md5sum", "--check", "--quiet", "DEBIAN/md5sums", cwd=unpacked)
    for name in PROGRAMS:
        equal(run(f"{unpacked}/usr/bin/{name}", "--version"), installed.program(name, "--version"))
    for line in run("dpkg-deb", "-c", package).splitlines():
        equal(line.split()[1], "root/root", line)


@case
def a_package_says_what_it_is_and_needs(installed):
    package = installed.package
    version = installed.program("hanok-gateway", "--version").split()[1]
    equal(run("dpkg-deb", "-f", package, "Version").strip(), version)
    needed = run("dpkg-deb", "-f", package, "Depends")
    for library in ("libc6", "libnats", "libmariadb", "libmicrohttpd", "libjansson", "libzxcvbn", "libunistring", "libidn2", "libpopt", "libsmartcols"):
        assert library in needed, needed


@case
def a_package_comes_and_goes(installed):
    """In a system of its own, whose units are enabled by name: dpkg runs its scripts with DPKG_ROOT."""
    needs("dpkg", "systemctl")
    package = installed.package
    root = f"{installed.folder}/system"
    database, links = f"{root}/var/lib/dpkg", f"{root}/etc/systemd/system"
    for folder in (f"{database}/info", f"{database}/updates", links):
        os.makedirs(folder)
    with open(f"{database}/status", "w"):
        pass

    def dpkg(*arguments):
        run("dpkg", f"--root={root}", "--force-script-chrootless", "--force-not-root", "--force-depends",
            "--force-bad-path", f"--log={installed.folder}/dpkg.log", *arguments)

    dpkg("--install", package)
    for name in PROGRAMS:
        assert os.access(f"{root}/usr/bin/{name}", os.X_OK), name
    equal(files(links), set(), "enabled unasked")
    run("systemctl", f"--root={root}", "--quiet", "enable", "hanok.target", "hanok-auth.service")
    equal(files(links), {"/multi-user.target.wants/hanok.target", "/hanok.target.wants/hanok-auth.service"})
    dpkg("--install", package)
    equal(len(files(links)), 2, "an upgrade leaves them enabled")
    dpkg("--remove", "hanok")
    equal(files(links), set(), "still enabled")
    equal(files(f"{root}/etc/hanok"), {f"/{name}" for name in SETTINGS}, "settings stay until the purge")
    dpkg("--purge", "hanok")
    equal({path for path in files(root) if not path.startswith("/var/lib/dpkg/")}, set())


@case
def the_same_source_makes_the_same_package_wherever_it_is(installed):
    package = installed.package
    with open(package, "rb") as f:
        epoch = f.read(36)[24:].decode().strip()  # of the archive's first member
    copy = shutil.copytree(ROOT, f"{installed.folder}/a/copy", symlinks=True,
                           ignore=shutil.ignore_patterns(".git", ".run*", "build", "node_modules"))
    run("cmp", package, build_package(f"{installed.folder}/there", copy, SOURCE_DATE_EPOCH=epoch))


def main():
    with tempfile.TemporaryDirectory(prefix="hanok-install-") as folder:
        return tap.run(Installed(folder))


if __name__ == "__main__":
    sys.exit(main())
