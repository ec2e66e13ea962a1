#!/usr/bin/env python3
"""Gatehouse beside nginx, HAProxy and Caddy: CPU per request, rate, latency and memory of one proxy hop on loopback.

Each proxy has one core, the load and the upstream the other. The proxies take turns in every round; a row shows the median of its
rounds, and a ratio is the median of the rounds' own ratios, so that what else the machine does touches both sides alike.
CPU per request is the process's own clock ticks divided by the requests that it answered.
"""
import argparse, contextlib, json, os, re, resource, shutil, signal, socket, statistics, subprocess, sys, tempfile, time

TICK = os.sysconf("SC_CLK_TCK")
UPSTREAM = 3990


def cpu_seconds(pids):
    total = 0
    for pid in pids:
        fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
        total += int(fields[11]) + int(fields[12])
    return total / TICK


def family(pid):
    """The process and its descendants."""
    found = [pid]
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                parent = int(open(f"/proc/{entry}/stat").read().rsplit(")", 1)[1].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found += family(int(entry))
    return found


def resident_mib(pids):
    total = 0
    for pid in pids:
        total += int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read()).group(1))
    return total / 1024


class Bench:
    def __init__(self, options):
        self.options = options
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.folder = tempfile.mkdtemp(prefix="gatehouse-bench-")
        os.chmod(self.folder, 0o755)  # nginx reads its files as another user
        self.running = []

    def file(self, name, text):
        path = os.path.join(self.folder, name)
        with open(path, "w") as out:
            out.write(text)
        return path

    def start(self, command, port, core="0"):
        process = subprocess.Popen(["taskset", "-c", core] + command, stdout=subprocess.DEVNULL, stderr=open(os.path.join(self.folder, "log"), "a"), cwd=self.folder)
        self.running.append(process)
        for _ in range(200):
            try:
                socket.create_connection(("127.0.0.1", port), 0.2).close()
                return process
            except OSError:
                time.sleep(0.05)
        raise SystemExit(f"bench: `{' '.join(command)}` does not listen on {port}: " + open(os.path.join(self.folder, "log")).read()[-2000:])

    def stop(self):
        for process in reversed(self.running):
            process.terminate()
        for process in self.running:
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def certificate(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", self.folder + "/key.pem", "-out", self.folder + "/cert.pem"], check=True, capture_output=True)
        self.file("both.pem", open(self.folder + "/cert.pem").read() + open(self.folder + "/key.pem").read())

    def start_upstream(self):
        body = json.dumps({"data": "x" * 1000})
        www = os.path.join(self.folder, "www")
        os.makedirs(www)
        with open(www + "/big.bin", "wb") as out:
            out.write(os.urandom(1 << 20))
        conf = self.file("upstream.conf", f"""
worker_processes 1; daemon off; pid {self.folder}/upstream.pid; error_log {self.folder}/upstream.err;
events {{ worker_connections 16384; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {self.folder}/ub; proxy_temp_path {self.folder}/up; fastcgi_temp_path {self.folder}/uf; uwsgi_temp_path {self.folder}/uu; scgi_temp_path {self.folder}/us;
 server {{ listen 127.0.0.1:{UPSTREAM} backlog=4096; root {www};
  location = /json {{ default_type application/json; return 200 '{body}'; }}
  location = /post {{ default_type application/json; return 200 '{{"ok":true}}'; }}
 }} }}""")
        self.start(["nginx", "-c", conf], UPSTREAM, "1")

    def proxies(self):
        f = self.folder
        nginx = self.file("nginx.conf", f"""
worker_processes 1; daemon off; pid {f}/nginx.pid; error_log {f}/nginx.err;
events {{ worker_connections 32768; }}
http {{ access_log off; keepalive_requests 1000000000; client_body_temp_path {f}/nb; proxy_temp_path {f}/np; fastcgi_temp_path {f}/nf; uwsgi_temp_path {f}/nu; scgi_temp_path {f}/ns;
 upstream u {{ server 127.0.0.1:{UPSTREAM}; keepalive 256; keepalive_requests 1000000000; }}
 server {{ listen 127.0.0.1:3801 backlog=4096; listen 127.0.0.1:3811 ssl backlog=4096; ssl_certificate {f}/cert.pem; ssl_certificate_key {f}/key.pem; ssl_session_tickets off; ssl_protocols TLSv1.3;
  location / {{ proxy_pass http://u; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header X-Forwarded-For $remote_addr; }} }} }}""")
        haproxy = self.file("haproxy.cfg", f"""
global
  nbthread 1
  maxconn 9000
  ssl-default-bind-options ssl-min-ver TLSv1.3 no-tls-tickets
defaults
  mode http
  timeout client 60s
  timeout server 60s
  timeout connect 5s
  option forwardfor
frontend f
  bind 127.0.0.1:3802
  bind 127.0.0.1:3812 ssl crt {f}/both.pem
  default_backend b
backend b
  http-reuse always
  server s 127.0.0.1:{UPSTREAM}
""")
        caddy = self.file("Caddyfile", f"""{{
 admin off
 auto_https off
}}
http://127.0.0.1:3803 {{
 reverse_proxy 127.0.0.1:{UPSTREAM}
}}
https://127.0.0.1:3813 {{
 tls {f}/cert.pem {f}/key.pem
 reverse_proxy 127.0.0.1:{UPSTREAM}
}}
""")
        gatehouse = self.file("gatehouse.yaml", f"""
listeners:
  - address: 127.0.0.1:3804
  - address: 127.0.0.1:3814
    tls:
      certificates:
        - certificate: {f}/cert.pem
          key: {f}/key.pem
services:
  - upstream: http://127.0.0.1:{UPSTREAM}
    circuit_breaker:
      max_connections: 512
      max_pending: 20000
      max_requests: 40000
    guards:
      rate_limits:
        limits: [{{name: default, key: client_network, rate: 1000000000/1m, burst: 1000000000}}]
limits:
  connections: 20000
  connections_per_client: 20000
  requests_per_connection: 100000000
admin:
  listen: 127.0.0.1:3894
data: {f}/data
events:
  stdout: true
""")
        os.environ["GOMAXPROCS"] = "1"
        return {
            "gatehouse": (["%s" % self.options.binary, "run", "--config", gatehouse, "--workers", "1"], 3804, 3814),
            "nginx": (["nginx", "-c", nginx], 3801, 3811),
            "haproxy": (["haproxy", "-f", haproxy], 3802, 3812),
            "caddy": (["caddy", "run", "--config", caddy, "--adapter", "caddyfile"], 3803, 3813),
        }

    def load(self, url, connections, script=None):
        seconds = self.options.seconds if connections < 1000 else max(self.options.seconds, 10)  # a crowd needs time to connect
        command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        if script:
            command += ["-s", script]
        text = subprocess.run(command + [url], capture_output=True, text=True).stdout
        number = lambda pattern: float((re.search(pattern, text) or [0, "nan"])[1])
        def milliseconds(label):
            match = re.search(rf"{label}%\s+([\d.]+)(us|ms|s)", text)
            return float(match[1]) * {"us": 0.001, "ms": 1, "s": 1000}[match[2]] if match else float("nan")
        failed = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
        return {"requests": number(r"(\d+) requests in"), "rate": number(r"Requests/sec:\s+([\d.]+)"), "p50": milliseconds("50"), "p99": milliseconds("99"), "failed": int(failed[1]) if failed else 0}

    def run(self):
        self.certificate()
        self.start_upstream()
        post = self.file("post.lua", 'wrk.method="POST"; wrk.headers["Content-Type"]="application/json"; wrk.body=\'{"data":"\'..string.rep("y",2000)..\'"}\'')
        handshake = self.file("close.lua", 'wrk.headers["Connection"]="close"')
        wanted = self.options.peers.split(",")
        started = {name: (self.start(command, plain), plain, tls) for name, (command, plain, tls) in self.proxies().items() if name in wanted}
        cases = [
            ("GET 1 KB", lambda p, t: (f"http://127.0.0.1:{p}/json", 32, None)),
            ("POST 2 KB", lambda p, t: (f"http://127.0.0.1:{p}/post", 32, post)),
            ("1 MB download", lambda p, t: (f"http://127.0.0.1:{p}/big.bin", 8, None)),
            ("TLS keep-alive", lambda p, t: (f"https://127.0.0.1:{t}/json", 32, None)),
            ("TLS handshake", lambda p, t: (f"https://127.0.0.1:{t}/json", 16, handshake)),
        ]
        crowds = [(f"{count} connections", lambda p, t, c=count: (f"http://127.0.0.1:{p}/json", c, None)) for count in (10, 100, 1000, 10000)]
        chosen = lambda case: not self.options.cases or any(word in case[0] for word in self.options.cases.split(","))
        results = {}
        if chosen(("1000 idle",)):
            for name, server in started.items():
                results[("1000 idle", name)] = [self.idle(server)]
        for title, case in filter(chosen, cases):
            for _ in range(self.options.rounds):
                for name, server in started.items():
                    results.setdefault((title, name), []).append(self.measure(case, server))
        for title, case in filter(chosen, crowds):
            for _ in range(2):
                for name in [n for n in ("gatehouse", "haproxy") if n in started]:
                    results.setdefault((title, name), []).append(self.measure(case, started[name]))
        for name, (process, _, _) in started.items():
            if process.poll() is not None:
                raise SystemExit(f"bench: {name} ended")
        return results

    def measure(self, case, server):
        process, plain, tls = server
        url, connections, script = case(plain, tls)
        pids = family(process.pid)
        before = cpu_seconds(pids)
        row = self.load(url, connections, script)
        row["cpu"] = (cpu_seconds(pids) - before) / max(row["requests"], 1) * 1e6
        row["rss"] = resident_mib(pids)
        return row

    def idle(self, server):
        """Memory while 1,000 connections that have had a request each wait for the next."""
        process, plain, _ = server
        with contextlib.ExitStack() as stack:
            for _ in range(1000):
                peer = stack.enter_context(socket.create_connection(("127.0.0.1", plain), 5))
                peer.sendall(f"GET /json HTTP/1.1\r\nHost: 127.0.0.1:{plain}\r\n\r\n".encode())
                peer.settimeout(5)
                answer = b""
                while b'"}' not in answer:
                    piece = peer.recv(65536)
                    if not piece:
                        raise SystemExit(f"bench: port {plain} closed a connection: {answer[:200]}")
                    answer += piece
            time.sleep(1)
            nothing = float("nan")
            return {"cpu": nothing, "rate": nothing, "p50": nothing, "p99": nothing, "failed": 0, "rss": resident_mib(family(process.pid))}


def ratio(results, case, peer):
    """The median of the rounds' ratios of our CPU per request to a peer's; `None` where there is none."""
    pairs = zip(results.get((case, "gatehouse"), []), results.get((case, peer), []))
    found = [ours["cpu"] / theirs["cpu"] for ours, theirs in pairs if theirs["cpu"] > 0 and ours["cpu"] > 0]
    return statistics.median(found) if found else None


def table(results):
    print(f"{'case':18} {'proxy':10} {'CPU µs/req':>10} {'ratio':>6} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'RSS MiB':>8} failed")
    for (case, name), rows in results.items():
        middle = lambda key: statistics.median(row[key] for row in rows)
        shown = ratio(results, case, name)
        text = "-" if shown is None else f"{shown:.2f}"
        print(f"{case:18} {name:10} {middle('cpu'):10.1f} {text:>6} {middle('rate'):8.0f} {middle('p50'):8.2f} {middle('p99'):8.2f} "
              f"{middle('rss'):8.1f} {sum(row['failed'] for row in rows)}")


def broken(results, thresholds):
    """What is worse than a threshold allows."""
    ours = lambda case, key: statistics.median(row[key] for row in results[(case, "gatehouse")])
    for case, limits in thresholds["cpu"].items():
        for peer, limit in limits.items():
            found = ratio(results, case, peer)
            if found is not None and found > limit:
                yield f"{case}: {found:.2f} times {peer}, most {limit}"
    few, many = "10 connections", "10000 connections"
    if (few, "gatehouse") in results and (many, "gatehouse") in results:
        growth = ours(many, "cpu") / ours(few, "cpu")
        if growth > thresholds["growth"]:
            yield f"cost from 10 to 10,000 connections: {growth:.2f} times, most {thresholds['growth']}"
    if ("1000 idle", "gatehouse") in results and ours("1000 idle", "rss") > thresholds["idle_mib"]:
        yield f"1,000 idle connections: {ours('1000 idle', 'rss'):.1f} MiB, most {thresholds['idle_mib']}"
    for (case, name), rows in results.items():
        if name == "gatehouse" and any(row["failed"] for row in rows):
            yield f"{case}: {sum(row['failed'] for row in rows)} answers were no success"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", default=os.environ.get("GATEHOUSE", ".build/release/gatehouse"))
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--cases", default="", help="words of cases, separated by commas")
    parser.add_argument("--peers", default="gatehouse,nginx,haproxy,caddy")
    parser.add_argument("--thresholds", help="a JSON file: largest ratios by case and peer, growth, memory; more is an error")
    options = parser.parse_args()
    options.binary = os.path.abspath(options.binary)
    bench = Bench(options)
    try:
        results = bench.run()
    finally:
        bench.stop()
    table(results)
    if options.thresholds:
        bad = list(broken(results, json.load(open(options.thresholds))))
        print("\n".join(bad))
        sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
