"""CPU per request of nginx with ModSecurity 3 and of Gatehouse, each as a proxy with the packaged Core Rule Set at paranoia level 1.

Both stand before the same small backend, use one core, and are loaded by wrk over loopback, one after the other for each kind of request, in the
same run. The figure is the process's CPU time divided by the requests it answered; what its proxy hop costs without rules is measured the same
way and shown beside it, so that both the whole and the price of the rules can be compared. Latencies are wrk's. Further: resident memory after
the load, and the time from exec to the first answer.

Environment: GATEHOUSE names the release binary; GATEHOUSE_NGINX_MODSECURITY the module's file, if it is not where the package puts it;
GATEHOUSE_BENCH_SECONDS the time for each load.
Exit status: 0, or 1 if a figure is beyond its threshold in thresholds.json.
"""
import json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time

MODULE = os.environ.get("GATEHOUSE_NGINX_MODSECURITY", "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so")
SECONDS = int(os.environ.get("GATEHOUSE_BENCH_SECONDS", "3"))
FOLDER = os.path.dirname(os.path.abspath(__file__))
THRESHOLDS = json.load(open(f"{FOLDER}/thresholds.json"))
FORM = "&".join(f"field{n}=value+number+{n}+of+the+form" for n in range(1, 21))
ITEMS = ",".join(
    '{"sku":"AB-%d","name":"Widget number %d","quantity":%d,"price":%d.99,"gift":false}' % (1000 + n, n, n, n * 3) for n in range(1, 21))
JSON = ('{"customer":"Jane Doe","email":"jane@example.com","city":"Springfield","items":[' + ITEMS
        + '],"note":"please leave at the door","express":true}')
REQUESTS = [
    ("simple GET", "GET", "/index.html", None, None),
    ("GET, 8 parameters", "GET", "/search?q=blue+widgets&page=2&sort=price&order=asc&lang=en&size=20&brand=acme&instock=true", None, None),
    ("POST form, 20 fields", "POST", "/profile", "application/x-www-form-urlencoded", FORM),
    ("POST 2 KB JSON", "POST", "/api/orders", "application/json", JSON),
]
HEADERS = {
    "Host": "shop.example.com",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "en-US,en;q=0.5",
    "Cookie": "session=3f2a9c0d77b14e1c; theme=dark",
}
RULES = """
SecRuleEngine On
SecRequestBodyAccess On
SecResponseBodyAccess On
SecResponseBodyMimeType text/plain text/html text/xml
SecResponseBodyLimit 524288
SecResponseBodyLimitAction ProcessPartial
SecRule REQUEST_HEADERS:Content-Type "^application/json" "id:200001,phase:1,t:none,t:lowercase,pass,nolog,ctl:requestBodyProcessor=JSON"
Include /etc/modsecurity/crs/crs-setup.conf
Include /usr/share/modsecurity-crs/rules/*.conf
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A process on one core, with its port and the time it took to its first answer."""

    def __init__(self, name, arguments, port):
        self.name, self.port = name, port
        start = time.monotonic()
        core = max(os.sched_getaffinity(0))
        self.process = subprocess.Popen(
            arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=lambda: os.sched_setaffinity(0, {core}))
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() - start > 60:
                raise SystemExit(f"{name} does not start")
            time.sleep(0.005)
        self.start = time.monotonic() - start

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as s:
                s.sendall(b"GET / HTTP/1.1\r\nHost: shop.example.com\r\nUser-Agent: start\r\nAccept: */*\r\nConnection: close\r\n\r\n")
                return b" 200" in s.recv(64)
        except OSError:
            return False

    def cpu(self):
        fields = open(f"/proc/{self.process.pid}/stat").read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident(self):
        status = open(f"/proc/{self.process.pid}/status").read()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def backend(folder):
    port = free_port()
    with open(f"{folder}/backend.conf", "w") as f:
        f.write(f"""
daemon off; master_process off; pid {folder}/backend.pid; error_log {folder}/backend.log crit;
events {{ worker_connections 512; }}
http {{ access_log off; client_body_temp_path {folder}/bb; proxy_temp_path {folder}/bp; fastcgi_temp_path {folder}/bf; uwsgi_temp_path {folder}/bu;
  scgi_temp_path {folder}/bs; keepalive_requests 100000000;
  server {{ listen 127.0.0.1:{port}; location / {{ default_type text/html; return 200 "{'<p>hello</p>' * 80}"; }} }} }}
""")
    return Server("backend", ["nginx", "-c", f"{folder}/backend.conf", "-p", folder], port)


def nginx(folder, name, back, rules):
    port = free_port()
    with open(f"{folder}/rules.conf", "w") as f:
        f.write(RULES)
    load = f"load_module {MODULE};" if rules else ""
    guard = f"modsecurity on; modsecurity_rules_file {folder}/rules.conf;" if rules else ""
    with open(f"{folder}/{name}.conf", "w") as f:
        f.write(f"""
{load}
daemon off; master_process off; pid {folder}/{name}.pid; error_log {folder}/{name}.log crit;
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {folder}/{name}b; proxy_temp_path {folder}/{name}p; fastcgi_temp_path {folder}/{name}f;
  uwsgi_temp_path {folder}/{name}u; scgi_temp_path {folder}/{name}s; keepalive_requests 100000000; client_body_buffer_size 64k;
  upstream back {{ server 127.0.0.1:{back}; keepalive 8; }}
  server {{ listen 127.0.0.1:{port}; {guard}
    location / {{ proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
""")
    return Server(name, ["nginx", "-c", f"{folder}/{name}.conf", "-p", folder], port)


def gatehouse(folder, name, back, mode):
    port = free_port()
    with open(f"{folder}/{name}.yaml", "w") as f:
        f.write(f"""
listen: 127.0.0.1:{port}
admin: {{listen: off}}
data: {folder}/{name}-data
services: [{{name: shop, upstream: "http://127.0.0.1:{back}"}}]
guards: {{rate_limits: off, waf: {mode}}}
limits: {{requests_per_connection: 100000000}}
events: {{stdout: false, file: {{path: {folder}/{name}.jsonl, max_bytes: 1GiB}}}}
""")
    return Server(name, [os.environ["GATEHOUSE"], "run", "--config", f"{folder}/{name}.yaml", "--workers", "1"], port)


def load(folder, server, method, target, kind, body):
    script = f"{folder}/request.lua"
    with open(script, "w") as f:
        f.write(f"wrk.method = {json.dumps(method)}\n")
        for name, value in HEADERS.items():
            f.write(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n")
        if kind:
            f.write(f"wrk.headers['Content-Type'] = {json.dumps(kind)}\nwrk.body = [==[{body}]==]\n")
    before = server.cpu()
    run = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{SECONDS}s", "--latency", "-s", script, f"http://127.0.0.1:{server.port}{target}"],
        capture_output=True, text=True, check=True)
    used = server.cpu() - before
    if "Non-2xx" in run.stdout:
        print(f"warning: {server.name} refused requests of the kind {target}", file=sys.stderr)
    units = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    percentiles = {p: float(n) * units[u] for p, n, u in re.findall(r"(50|99)%\s+([\d.]+)(us|ms|s)", run.stdout)}
    return used / int(re.search(r"(\d+) requests in", run.stdout)[1]) * 1e6, percentiles["50"], percentiles["99"]


def main():
    if not (shutil.which("nginx") and shutil.which("wrk") and os.path.exists(MODULE)):
        print("skipped: nginx, its module libnginx-mod-http-modsecurity or wrk is not installed", file=sys.stderr)
        return 0
    bad = []
    with tempfile.TemporaryDirectory() as folder:
        back = backend(folder)
        servers = [back]
        try:
            theirs = nginx(folder, "nginx-rules", back.port, True)
            servers.append(theirs)
            plain = nginx(folder, "nginx-plain", back.port, False)
            servers.append(plain)
            ours = gatehouse(folder, "gatehouse-rules", back.port, "enforce")
            servers.append(ours)
            hop = gatehouse(folder, "gatehouse-plain", back.port, "off")
            servers.append(hop)
            print("CPU µs a request; p50/p99 ms; `rules` is what the rules add to the hop")
            print(f"{'':22}{'nginx':>9}{'p50/p99':>14}{'gatehouse':>11}{'p50/p99':>14}{'ratio':>7}{'rules: nginx':>14}{'gatehouse':>11}{'ratio':>7}")
            for name, *request in REQUESTS:
                a, a50, a99 = load(folder, theirs, *request)
                b, b50, b99 = load(folder, ours, *request)
                c, d = load(folder, plain, *request)[0], load(folder, hop, *request)[0]
                rules = (a - c) / max(b - d, 0.1)
                print(f"{name:22}{a:9.0f}{a50:7.2f}/{a99:<6.2f}{b:11.1f}{b50:7.2f}/{b99:<6.2f}{a / b:7.1f}{a - c:14.0f}{b - d:11.1f}{rules:7.1f}")
                for key, value in (("whole", a / b), ("rules", rules)):
                    if value < THRESHOLDS["ratios"][name][key]:
                        bad.append(f"{name}: ratio of {key} {value:.1f}, at least {THRESHOLDS['ratios'][name][key]}")
            print(f"resident MB            nginx {theirs.resident():.0f}, gatehouse {ours.resident():.0f} (without rules {hop.resident():.0f})")
            print(f"start s                nginx {theirs.start:.2f}, gatehouse {ours.start:.2f} (without rules {hop.start:.2f})")
            for key, value in (("resident_mb", ours.resident()), ("start_s", ours.start)):
                if value > THRESHOLDS[key]:
                    bad.append(f"{key}: {value:.2f}, at most {THRESHOLDS[key]}")
        finally:
            for server in reversed(servers):
                server.stop()
    for line in bad:
        print(f"beyond its threshold: {line}")
    return 1 if bad else 0


sys.exit(main())
