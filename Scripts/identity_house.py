"""A Gatehouse with the OpenID provider inside, started in a folder of its own, for scripts that test or measure it."""
import json, os, socket, subprocess, sys, tempfile, time, urllib.request, venv

GATEHOUSE = os.environ["GATEHOUSE"]
PASSWORD = "a long pass phrase of ann"
SECRET = "a-secret-of-a-client-for-tests-alone"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class House:
    """Starts with `with`; `clients` and `more` are YAML under `identity`."""

    def __init__(self, clients="[]", more="", guards="", settings=""):
        self.folder = tempfile.TemporaryDirectory(prefix="gatehouse-identity-")
        self.port = free_port()
        self.issuer = f"http://localhost:{self.port}"
        self.config = os.path.join(self.folder.name, "gatehouse.yaml")
        with open(self.config, "w") as file:
            file.write(f"""listen: 127.0.0.1:{self.port}
admin:
  listen: off
events:
  stdout: false
  file: events.log
data: data
{settings}
services:
  - builtin: identity
{guards}
identity:
  issuer: {self.issuer}
  name: Test House
  clients: {clients}
{more}
""")
        self.environment = os.environ | {"CLIENT_SECRET": SECRET}

    def __enter__(self):
        self.log = open(os.path.join(self.folder.name, "run.log"), "w")
        self.process = subprocess.Popen([GATEHOUSE, "run", "-c", self.config], stdout=self.log, stderr=self.log, env=self.environment)
        for _ in range(150):
            try:
                self.metadata = json.load(urllib.request.urlopen(self.issuer + "/.well-known/openid-configuration", timeout=2))
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        self.__exit__()
        sys.exit("the house did not start: " + open(self.log.name).read())

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()

    def command(self, *words, text=None):
        """What a command prints, its status checked."""
        done = subprocess.run([GATEHOUSE, *words, "-c", self.config], input=text, capture_output=True, text=True, env=self.environment, timeout=60)
        if done.returncode:
            sys.exit(f"gatehouse {' '.join(words)}: {done.stderr}")
        return done.stdout

    def rows(self, *words, text=None):
        return [json.loads(line) for line in self.command(*words, "--json", text=text).splitlines()]

    def add_user(self, name="ann", *more):
        return self.rows("users", "create", name, "--full-name", "Ann Example", "--email", name + "@example.org", *more, text=PASSWORD + "\n")[0]["id"]


def python(*packages):
    """A Python with packages from PyPI, beside the binary."""
    folder = os.path.realpath(os.path.join(os.path.dirname(os.path.realpath(GATEHOUSE)), "..", "conformance-python"))
    path = os.path.join(folder, "bin", "python")
    if not os.path.exists(path):
        venv.create(folder, with_pip=True)
    subprocess.run([path, "-m", "pip", "install", "-q", *packages], check=True)
    return path


class Report:
    """Counts what passed and names what failed."""

    def __init__(self, suite):
        self.suite, self.passed, self.failed = suite, 0, []

    def check(self, name, condition):
        if condition:
            self.passed += 1
            if os.environ.get("VERBOSE"): print("passed:", name)
        else:
            self.failed.append(name)
            print("failed:", name)

    def finish(self):
        print(f"conformance {self.suite}: {self.passed} passed, {len(self.failed)} failed, 0 skipped")
        return bool(self.failed)
