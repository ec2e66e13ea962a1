"""Real clients and servers around a running gatehouse; prints what failed and one line for the conformance table."""
import asyncio, hashlib, os, pathlib, shutil, socket, ssl, subprocess, sys, tempfile, time, traceback
from concurrent import futures

import aiohttp, grpc, httpx, websockets
from aiohttp import web

PROGRAM = os.environ["GATEHOUSE"]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-clients-"))
CA = FOLDER / "data" / "development-ca.pem"
BIG = bytes(range(256)) * 16384  # 4 MiB
checks = []


def check(function):
    checks.append(function)
    return function


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PLAIN, SECURE, PROXIED, GRPC, APP, NGINX_TLS, NGINX_H2C, HAPROXY = (free_port() for _ in range(8))
CONFIGURATION = f"""
listeners:
  - address: 127.0.0.1:{PLAIN}
  - {{address: 127.0.0.1:{SECURE}, tls: true}}
  - {{address: 127.0.0.1:{PROXIED}, proxy_protocol: {{mode: require, from: [127.0.0.0/8]}}}}
services:
  - {{name: grpc, paths: [/test.Echo], upstream: h2c://127.0.0.1:{GRPC}}}
  - name: nginx-tls
    paths: [/tls]
    upstream: https://127.0.0.1:{NGINX_TLS}
    tls: {{ca: {FOLDER}/nginx.pem, server_name: nginx.test}}
    health: {{path: /tls/health, interval: 200ms}}
  - {{name: nginx-h2c, paths: [/h2c], upstream: h2c://127.0.0.1:{NGINX_H2C}, health: {{path: /h2c/health, interval: 200ms}}}}
  - {{name: app, upstream: http://127.0.0.1:{APP}}}
guards: {{rate_limits: off}}
limits: {{requests_per_connection: 100000}}
admin: {{listen: off}}
events: {{stdout: false, file: {{path: {FOLDER}/events.jsonl}}}}
data: {FOLDER}/data
"""


# MARK: gRPC

def echo_handlers():
    def unary(request, context):
        context.set_trailing_metadata((("x-trailer", "t"), ("x-bytes-bin", b"\x00\xff")))
        if request == b"fail":
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, "not today")
        if request == b"slow":
            time.sleep(1)
        return request

    def many(request, context):
        for number in range(int(request)):
            yield b"%d" % number

    def joined(requests, context):
        return b"".join(requests)

    def talk(requests, context):
        for request in requests:
            yield request[::-1]

    return grpc.method_handlers_generic_handler("test.Echo", {
        "Unary": grpc.unary_unary_rpc_method_handler(unary), "Many": grpc.unary_stream_rpc_method_handler(many),
        "Joined": grpc.stream_unary_rpc_method_handler(joined), "Talk": grpc.stream_stream_rpc_method_handler(talk)})


def grpc_server():
    server = grpc.server(futures.ThreadPoolExecutor(16), options=[("grpc.max_receive_message_length", 1 << 24)])
    server.add_generic_rpc_handlers((echo_handlers(),))
    server.add_insecure_port(f"127.0.0.1:{GRPC}")
    server.start()
    return server


def grpc_channel(secure):
    options = [("grpc.max_receive_message_length", 1 << 24)]
    if not secure:
        return grpc.insecure_channel(f"127.0.0.1:{PLAIN}", options)
    return grpc.secure_channel(f"localhost:{SECURE}", grpc.ssl_channel_credentials(CA.read_bytes()), options)


def grpc_calls(channel):
    unary = channel.unary_unary("/test.Echo/Unary")
    assert unary(b"hello") == b"hello"
    _, call = unary.with_call(b"x", metadata=(("x-mine", "1"),))
    assert dict(call.trailing_metadata())["x-trailer"] == "t" and dict(call.trailing_metadata())["x-bytes-bin"] == b"\x00\xff"
    assert unary(BIG) == BIG
    assert [int(part) for part in channel.unary_stream("/test.Echo/Many")(b"1000")] == list(range(1000))
    assert channel.stream_unary("/test.Echo/Joined")(iter([b"ab", b"cd", BIG])) == b"abcd" + BIG
    assert list(channel.stream_stream("/test.Echo/Talk")(iter([b"ab", b"cd"]))) == [b"ba", b"dc"]
    with futures.ThreadPoolExecutor(50) as pool:
        assert list(pool.map(unary, [b"%d" % n for n in range(500)])) == [b"%d" % n for n in range(500)]


@check
def grpc_in_clear_text(): grpc_calls(grpc_channel(False))


@check
def grpc_over_tls(): grpc_calls(grpc_channel(True))


@check
def grpc_errors_and_deadlines_keep_their_status():
    unary = grpc_channel(False).unary_unary("/test.Echo/Unary")
    for request, timeout, code in [(b"fail", 5, grpc.StatusCode.FAILED_PRECONDITION), (b"slow", 0.2, grpc.StatusCode.DEADLINE_EXCEEDED)]:
        try:
            unary(request, timeout=timeout)
            raise AssertionError("no error came")
        except grpc.RpcError as error:
            assert error.code() == code, error
    try:
        grpc_channel(False).unary_unary("/test.Echo/Missing")(b"")
        raise AssertionError("no error came")
    except grpc.RpcError as error:
        assert error.code() == grpc.StatusCode.UNIMPLEMENTED, error


@check
def grpc_talks_both_ways_at_once():
    asked = []

    def questions():
        for number in range(5):
            asked.append(number)
            yield b"%d" % number
            while len(answers) <= number:
                time.sleep(0.005)

    answers = []
    for answer in grpc_channel(False).stream_stream("/test.Echo/Talk")(questions()):
        answers.append(answer)
    assert answers == [b"%d" % number for number in range(5)]


# MARK: The application behind

async def app_server():
    async def info(request):
        return web.json_response({"path": request.raw_path, "headers": {k.lower(): v for k, v in request.headers.items()}, "version": str(request.version)})

    async def digest(request):
        digest = hashlib.sha256()
        async for part in request.content.iter_any():
            digest.update(part)
        return web.json_response({"sha256": digest.hexdigest()})

    async def big(request): return web.Response(body=BIG, headers={"ETag": '"1"', "Accept-Ranges": "bytes"})

    async def file(request): return web.FileResponse(FOLDER / "big.bin")

    async def events(request):
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for number in range(3):
            await response.write(b"data: %d\n\n" % number)
            await asyncio.sleep(0.5)
        return response

    async def socket_echo(request):
        socket = web.WebSocketResponse(protocols=["chat"], max_msg_size=1 << 24)
        await socket.prepare(request)
        async for message in socket:
            if message.type == aiohttp.WSMsgType.TEXT:
                if message.data == "bye":
                    await socket.close(code=4001, message=b"as asked")
                else:
                    await socket.send_str(message.data)
            elif message.type == aiohttp.WSMsgType.BINARY:
                await socket.send_bytes(message.data)
        return socket

    async def moved(request): raise web.HTTPFound("/info")

    async def nothing(request): return web.Response(status=204)

    async def unchanged(request): return web.Response(status=304, headers={"ETag": '"1"'})

    app = web.Application(client_max_size=1 << 26)
    app.add_routes([web.get("/info", info), web.post("/digest", digest), web.put("/digest", digest), web.get("/big", big), web.get("/file", file),
                    web.get("/events", events), web.get("/socket", socket_echo), web.get("/moved", moved), web.get("/nothing", nothing),
                    web.get("/unchanged", unchanged)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", APP).start()
    return runner


URL = f"http://127.0.0.1:{PLAIN}"


def trusting():
    return ssl.create_default_context(cafile=str(CA))


async def socket_talk(url, **options):
    async with websockets.connect(url, max_size=1 << 24, subprotocols=["chat"], **options) as client:
        assert client.subprotocol == "chat"
        for message in ["grüße", BIG, "x" * 70_000, b""]:
            await client.send(message)
            assert await client.recv() == message
        await (await client.ping())
        await client.send("bye")
        try:
            await client.recv()
            raise AssertionError("the socket stayed open")
        except websockets.ConnectionClosed as closed:
            assert (closed.rcvd.code, closed.rcvd.reason) == (4001, "as asked")


@check
async def websockets_in_clear_text(): await socket_talk(f"ws://127.0.0.1:{PLAIN}/socket")


@check
async def websockets_over_tls(): await socket_talk(f"wss://localhost:{SECURE}/socket", ssl=trusting())


@check
async def forty_websockets_at_once():
    await asyncio.gather(*(socket_talk(f"ws://127.0.0.1:{PLAIN}/socket") for _ in range(40)))


async def first_event(client, url):
    start = time.monotonic()
    times = []
    async with client.stream("GET", url, headers={"Accept": "text/event-stream"}) as response:
        async for line in response.aiter_lines():
            if line:
                times.append(time.monotonic() - start)
    assert len(times) == 3 and times[0] < 0.4 and times[1] - times[0] > 0.3, times


@check
async def events_arrive_when_they_are_sent():
    for options in [{}, {"http1": False, "http2": True}]:
        async with httpx.AsyncClient(**options) as client:
            await first_event(client, URL + "/events")


async def library_calls(client, url):
    answer = (await client.get(url + "/info?a=b%20c", headers={"X-Mine": "1"})).json()
    assert answer["path"] == "/info?a=b%20c" and answer["headers"]["x-mine"] == "1", answer
    wanted = hashlib.sha256(BIG).hexdigest()
    assert (await client.post(url + "/digest", content=BIG)).json()["sha256"] == wanted

    async def parts():
        for start in range(0, len(BIG), 50_000):
            yield BIG[start:start + 50_000]

    assert (await client.put(url + "/digest", content=parts())).json()["sha256"] == wanted
    assert (await client.get(url + "/big")).content == BIG
    part = await client.get(url + "/file", headers={"Range": "bytes=100-199"})
    assert part.status_code == 206 and part.content == BIG[100:200] and part.headers["content-range"].startswith("bytes 100-199/")
    head = await client.head(url + "/big")
    assert head.status_code == 200 and head.content == b"" and int(head.headers["content-length"]) == len(BIG)
    assert (await client.get(url + "/moved")).status_code == 302
    assert (await client.get(url + "/nothing")).status_code == 204
    assert (await client.get(url + "/unchanged")).status_code == 304
    answers = await asyncio.gather(*(client.get(url + f"/info?n={n}") for n in range(200)))
    assert [answer.json()["path"] for answer in answers] == [f"/info?n={n}" for n in range(200)]


@check
async def httpx_over_http1():
    async with httpx.AsyncClient(timeout=30) as client: await library_calls(client, URL)


@check
async def httpx_over_http2_in_clear_text():
    async with httpx.AsyncClient(http1=False, http2=True, timeout=30) as client: await library_calls(client, URL)


@check
async def httpx_over_http2_and_tls():
    async with httpx.AsyncClient(http2=True, verify=trusting(), timeout=30) as client:
        assert (await client.get(f"https://localhost:{SECURE}/info")).http_version == "HTTP/2"
        await library_calls(client, f"https://localhost:{SECURE}")


@check
async def aiohttp_uploads_in_chunks():
    async def parts():
        for start in range(0, len(BIG), 10_000):
            yield BIG[start:start + 10_000]

    async with aiohttp.ClientSession() as client:
        async with client.post(URL + "/digest", data=parts(), expect100=True) as answer:
            assert (await answer.json())["sha256"] == hashlib.sha256(BIG).hexdigest()


def run(*command):
    result = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert result.returncode == 0, result.stderr + result.stdout
    return result.stdout


@check
async def curl_in_every_version():
    for options in [["--http1.0"], ["--http1.1"], ["--http2"], ["--http2-prior-knowledge"], ["-H", "Expect: 100-continue"]]:
        text = await asyncio.to_thread(run, "curl", "-sS", "--fail", *options, "-T", str(FOLDER / "big.bin"), URL + "/digest")
        assert hashlib.sha256(BIG).hexdigest() in text, options


@check
async def h2load_loses_no_request():
    text = await asyncio.to_thread(run, "h2load", "-n", "4000", "-c", "10", "-m", "50", URL + "/nothing")
    assert "4000 succeeded, 0 failed, 0 errored" in text, text


# MARK: nginx behind, HAProxy in front

def nginx():
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=nginx.test",
        "-addext", "subjectAltName=DNS:nginx.test", "-keyout", str(FOLDER / "nginx.key"), "-out", str(FOLDER / "nginx.pem"))
    (FOLDER / "nginx.conf").write_text(f"""
daemon off; pid {FOLDER}/nginx.pid; error_log {FOLDER}/nginx.log; worker_processes 1; events {{}}
http {{
  access_log off; client_body_temp_path {FOLDER}/b; proxy_temp_path {FOLDER}/p; fastcgi_temp_path {FOLDER}/f; uwsgi_temp_path {FOLDER}/u; scgi_temp_path {FOLDER}/s;
  server {{ listen 127.0.0.1:{NGINX_TLS} ssl http2; ssl_certificate {FOLDER}/nginx.pem; ssl_certificate_key {FOLDER}/nginx.key;
    location / {{ return 200 "$server_protocol $http_host"; }}
    location /tls/socket {{ proxy_pass http://127.0.0.1:{APP}/socket; proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection "upgrade"; }} }}
  server {{ listen 127.0.0.1:{NGINX_H2C} http2; location / {{ return 200 "$server_protocol $http_host"; }} }}
}}""")
    return subprocess.Popen(["nginx", "-p", str(FOLDER), "-e", str(FOLDER / "nginx.log"), "-c", str(FOLDER / "nginx.conf")])


def haproxy():
    (FOLDER / "haproxy.cfg").write_text(f"""
defaults
  mode tcp
  timeout connect 5s
  timeout client 30s
  timeout server 30s
frontend front
  bind 127.0.0.1:{HAPROXY}
  default_backend back
backend back
  server gatehouse 127.0.0.1:{PROXIED} send-proxy-v2 source 127.0.0.9
""")
    return subprocess.Popen(["haproxy", "-q", "-db", "-f", str(FOLDER / "haproxy.cfg")])


@check
async def nginx_behind_over_tls_and_http2():
    async with httpx.AsyncClient(timeout=10) as client:
        for path in ["/tls/x", "/h2c/x"]:
            await asyncio.sleep(1.5)  # several health checks have been answered by now
            answers = await asyncio.gather(*(client.get(URL + path) for _ in range(100)))
            assert {(answer.status_code, answer.text) for answer in answers} == {(200, f"HTTP/2.0 127.0.0.1:{PLAIN}")}, answers[0].text


@check
async def websockets_to_a_backend_that_prefers_http2(): await socket_talk(f"ws://127.0.0.1:{PLAIN}/tls/socket")


@check
async def haproxy_in_front_names_the_client():
    async with httpx.AsyncClient(transport=httpx.AsyncHTTPTransport(local_address="127.0.0.7")) as client:
        answer = (await client.get(f"http://127.0.0.1:{HAPROXY}/info")).json()
        assert answer["headers"]["x-forwarded-for"] == "127.0.0.7", answer


# MARK: The run

async def wait_for(port):
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


async def run_checks():
    failed = 0
    for function in checks:
        try:
            await asyncio.wait_for(function() if asyncio.iscoroutinefunction(function) else asyncio.to_thread(function), 40)
        except BaseException:
            failed += 1
            print(f"failed: {function.__name__}")
            traceback.print_exc(limit=3)
    return failed


async def main():
    (FOLDER / "big.bin").write_bytes(BIG)
    (FOLDER / "gatehouse.yaml").write_text(CONFIGURATION)
    grpc_backend, app, processes = grpc_server(), await app_server(), [nginx(), haproxy()]
    processes.append(subprocess.Popen([PROGRAM, "run", "--config", str(FOLDER / "gatehouse.yaml")]))
    try:
        for port in [PLAIN, SECURE, NGINX_TLS, NGINX_H2C, HAPROXY]:
            await wait_for(port)
        failed = await run_checks()
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(15)
        await app.cleanup()
        grpc_backend.stop(0)
        if "GATEHOUSE_KEEP" not in os.environ:
            shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"conformance clients: {len(checks) - failed} passed, {failed} failed, 0 skipped")
    sys.exit(1 if failed else 0)


asyncio.run(main())
