#!/usr/bin/env python3
"""What knowing the caller costs a proxied request, and whether a flood of passwords slows others down.

CPU per request is the process's own clock ticks divided by the requests it answered: beside a route without authentication one with a
remembered bearer token, one with an API key, and tokens that were never seen. Then the latency of token checks while 300 wrong passwords
a second come.
"""
import argparse, base64, http.client, json, os, re, shutil, subprocess, sys, threading, time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "proxy"))
import bench as proxy  # noqa: E402
from bench import Bench, cpu_seconds, family  # noqa: E402

PORT, UPSTREAM = 3890, 3891
proxy.UPSTREAM = UPSTREAM
AIM_CACHED_MICROSECONDS = 3.0
AIM_P99_MILLISECONDS = 10.0


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Tokens:
    """Access tokens of an issuer, signed by openssl."""

    def __init__(self, folder):
        self.key = os.path.join(folder, "token.key")
        subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.key], check=True, capture_output=True)
        text = subprocess.run(["openssl", "ec", "-in", self.key, "-pubout", "-outform", "DER"], check=True, capture_output=True).stdout
        self.jwk = {"kty": "EC", "crv": "P-256", "kid": "b", "alg": "ES256", "use": "sig", "x": b64(text[-64:-32]), "y": b64(text[-32:])}

    def make(self, number=0):
        now = int(time.time())
        claims = {"iss": "https://issuer.test", "sub": f"user-{number}", "aud": "bench", "iat": now, "exp": now + 3600, "client_id": "bench", "jti": str(number), "scope": "read write"}
        head = b64(json.dumps({"alg": "ES256", "kid": "b", "typ": "at+jwt"}).encode()) + "." + b64(json.dumps(claims).encode())
        der = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=head.encode(), check=True, capture_output=True).stdout
        length = der[3]
        r = int.from_bytes(der[4:4 + length], "big")
        s = int.from_bytes(der[6 + length:], "big")
        return head + "." + b64(r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def wrk(path, fields, seconds, connections, script=None):
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    for name, value in fields.items():
        command += ["-H", f"{name}: {value}"]
    if script:
        command += ["-s", script]
    text = subprocess.run(command + [f"http://127.0.0.1:{PORT}{path}"], capture_output=True, text=True, timeout=seconds + 30).stdout
    if "Non-2xx" in text:
        raise SystemExit("bench: requests were refused:\n" + text)
    return int(re.search(r"(\d+) requests in", text).group(1)), text


def flood(stop, counts):
    pause = 1 / 300
    begin, number = time.perf_counter(), 0

    def send(number):
        pair = base64.b64encode(f"robot:wrong-{number}".encode()).decode()
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        try:
            connection.request("GET", "/basic", headers={"authorization": "Basic " + pair})
            status = connection.getresponse().status
        except OSError:
            status = 0
        counts[status] = counts.get(status, 0) + 1
        connection.close()
    while not stop.is_set():
        threading.Thread(target=send, args=(number,), daemon=True).start()
        number += 1
        time.sleep(max(0, begin + number * pause - time.perf_counter()))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    for tool in ("wrk", "nginx", "openssl", "taskset"):
        if not shutil.which(tool):
            print(f"skipped: {tool} is not installed")
            return 0
    program = os.environ["GATEHOUSE"]
    bench = Bench(options)
    code = 0
    try:
        tokens = Tokens(bench.folder)
        bench.file("keys.json", json.dumps({"keys": [tokens.jwk]}))
        key, line = subprocess.run([program, "credentials", "key", "robot"], capture_output=True, text=True, check=True).stdout.splitlines()
        bench.file("keys.txt", line + "\n")
        bench.file("machines.txt", subprocess.run([program, "credentials", "password", "robot"], input="right\n", capture_output=True, text=True, check=True).stdout)
        bench.start_upstream()
        configuration = bench.file("gatehouse.yaml", f"""
listen: 127.0.0.1:{PORT}
guards:
  rate_limits: off
  authentication:
    issuers: [{{issuer: "https://issuer.test", audiences: [bench], jwks_file: keys.json}}]
services:
  - {{name: bare, paths: [/json], upstream: "http://127.0.0.1:{UPSTREAM}"}}
  - {{name: token, paths: [/token], strip_prefix: /token, upstream: "http://127.0.0.1:{UPSTREAM}", guards: {{authentication: required}}}}
  - {{name: bare2, paths: [/bare], strip_prefix: /bare, upstream: "http://127.0.0.1:{UPSTREAM}"}}
  - {{name: key, paths: [/key], strip_prefix: /key, upstream: "http://127.0.0.1:{UPSTREAM}", guards: {{authentication: {{require: required, issuers: [], api_keys: {{file: keys.txt}}}}}}}}
  - {{name: basic, paths: [/basic], strip_prefix: /basic, upstream: "http://127.0.0.1:{UPSTREAM}", guards: {{authentication: {{require: required, issuers: [], basic: {{file: machines.txt}}}}}}}}
limits: {{requests_per_connection: 100000000}}
admin: {{listen: off}}
events: {{stdout: false, file: {{path: events.jsonl}}}}
data: data
""")
        house = bench.start([program, "run", "--config", configuration, "--workers", "1"], PORT, "0")
        pids = family(house.pid)
        good = tokens.make()
        with_token = {"Authorization": "Bearer " + good}
        many = bench.file("many.lua", "local t = {" + ",".join(f'"Bearer {tokens.make(n)}"' for n in range(400)) + "}\nlocal i = 0\nrequest = function() i = i % #t + 1; wrk.headers['Authorization'] = t[i]; return wrk.format() end\n")
        # the same long field on both sides, so that only knowing the caller differs
        cases = [("without", "/bare/json", with_token, None), ("bearer token, remembered", "/token/json", with_token, None), ("API key", "/key/json", {"X-Api-Key": key}, None)]
        best = {}
        for _ in range(options.rounds):
            for name, path, fields, script in cases:
                before = cpu_seconds(pids)
                count, _text = wrk(path, fields, options.seconds, 32, script)
                cost = (cpu_seconds(pids) - before) / count * 1e6
                best[name] = min(best.get(name, 1e9), cost)
        speed = subprocess.run([program, "crypto", "jose-speed", "--seconds", "0.3"], capture_output=True, text=True).stdout
        es256 = next((line for line in speed.splitlines() if line.split()[:1] == ["ES256"]), "ES256 ? ?")
        print(f"{'proxied request':<28} {'µs CPU':>8} {'added':>8}")
        for name, _, _, _ in cases:
            print(f"{name:<28} {best[name]:8.2f} {best[name] - best['without']:8.2f}")
        print(f"a token that was never seen adds one signature check: {es256} (name, signed/s, verified/s)")
        if best["bearer token, remembered"] - best["without"] > AIM_CACHED_MICROSECONDS:
            print(f"over the aim of {AIM_CACHED_MICROSECONDS} µs")
        # hashing may use the other core, as it would on any machine with more than one
        subprocess.run(["taskset", "-a", "-p", "3", str(house.pid)], check=True, capture_output=True)
        counts, stop = {}, threading.Event()
        thread = threading.Thread(target=flood, args=(stop, counts), daemon=True)
        thread.start()
        time.sleep(1)
        _, text = wrk("/token/json", with_token, options.seconds, 4, many)
        stop.set()
        thread.join()
        p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", text)
        milliseconds = float(p99.group(1)) * {"us": 0.001, "ms": 1, "s": 1000}[p99.group(2)]
        print(f"token checks beside {sum(counts.values())} wrong passwords ({counts}): p99 {milliseconds:.2f} ms")
        if milliseconds > AIM_P99_MILLISECONDS:
            print(f"over the aim of {AIM_P99_MILLISECONDS} ms")
            code = 1
    finally:
        bench.stop()
    return code


sys.exit(main())
