"""CPU per request of nginx with ModSecurity 3 and of Gatehouse's rule engine, both with the packaged Core Rule Set at paranoia level 1.

nginx runs one worker on loopback and is loaded by wrk; its figure is the worker's CPU time divided by the requests it answered. Gatehouse's
figure is that of `gatehouse waf bench`, in process, both of rules alone. The last column is theirs divided by ours, in the same run.

Environment: GATEHOUSE names the release binary; GATEHOUSE_NGINX_MODSECURITY the module's file, if it is not where the package puts it.
Exit status: 0, or 1 if a ratio is below its threshold.
"""
import json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time

MODULE = os.environ.get("GATEHOUSE_NGINX_MODSECURITY", "/usr/lib/nginx/modules/ngx_http_modsecurity_module.so")
SECONDS = int(os.environ.get("GATEHOUSE_BENCH_SECONDS", "4"))
THRESHOLD = 15.0
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


def start_nginx(folder):
    front, back = free_port(), free_port()
    with open(f"{folder}/rules.conf", "w") as f:
        f.write(RULES)
    with open(f"{folder}/nginx.conf", "w") as f:
        f.write(f"""
load_module {MODULE};
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log crit;
events {{ worker_connections 256; }}
http {{
  access_log off; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u;
  scgi_temp_path {folder}/s; keepalive_requests 1000000; client_body_buffer_size 64k;
  upstream back {{ server 127.0.0.1:{back}; keepalive 8; }}
  server {{ listen 127.0.0.1:{back}; location / {{ default_type text/html; return 200 "{'<p>hello</p>' * 80}"; }} }}
  server {{ listen 127.0.0.1:{front}; modsecurity on; modsecurity_rules_file {folder}/rules.conf;
    location / {{ proxy_pass http://back; proxy_http_version 1.1; proxy_set_header Connection ""; }} }}
}}
""")
    process = subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)
    for _ in range(100):
        try:
            socket.create_connection(("127.0.0.1", front), 0.2).close()
            return process, front
        except OSError:
            time.sleep(0.1)
    raise SystemExit("nginx does not start: " + open(f"{folder}/error.log").read())


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(folder, process, port, method, target, kind, body):
    script = f"{folder}/request.lua"
    with open(script, "w") as f:
        f.write(f"wrk.method = {json.dumps(method)}\n")
        for name, value in HEADERS.items():
            f.write(f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}\n")
        if kind:
            f.write(f"wrk.headers['Content-Type'] = {json.dumps(kind)}\nwrk.body = [==[{body}]==]\n")
    before = cpu_seconds(process.pid)
    run = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{SECONDS}s", "-s", script, f"http://127.0.0.1:{port}{target}"], capture_output=True, text=True, check=True)
    used = cpu_seconds(process.pid) - before
    count = int(re.search(r"(\d+) requests in", run.stdout)[1])
    if "Non-2xx" in run.stdout:
        print(f"warning: nginx refused requests of the kind {target}", file=sys.stderr)
    return used / count * 1e6


def own():
    run = subprocess.run([os.environ["GATEHOUSE"], "waf", "bench"], capture_output=True, text=True, check=True)
    rows = {}
    for line in run.stdout.splitlines()[1:]:
        name, numbers = line[:24].strip(), [float(n) for n in line[24:].split()]
        rows[name] = numbers
    return rows


def main():
    ours = own()
    if not (shutil.which("nginx") and shutil.which("wrk") and os.path.exists(MODULE)):
        print("skipped: nginx, its module libnginx-mod-http-modsecurity or wrk is not installed", file=sys.stderr)
        for name, (cpu, p50, p99) in ours.items():
            print(f"{name:24} {cpu:10.1f} µs")
        return 0
    lowest = float("inf")
    with tempfile.TemporaryDirectory() as folder:
        process, port = start_nginx(folder)
        try:
            print(f"{'CPU per request':24}{'nginx µs':>12}{'ours µs':>12}{'p50':>10}{'p99':>10}{'ratio':>8}")
            for name, *request in REQUESTS:
                theirs = measure(folder, process, port, *request)
                cpu, p50, p99 = ours[name]
                lowest = min(lowest, theirs / cpu)
                print(f"{name:24}{theirs:12.1f}{cpu:12.1f}{p50:10.1f}{p99:10.1f}{theirs / cpu:8.1f}")
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(10)
    return 0 if lowest >= THRESHOLD else 1


sys.exit(main())
