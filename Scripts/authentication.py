"""Callers good and bad before a running gatehouse; prints what failed and one line for the conformance table."""
import base64, hashlib, hmac, http.client, http.server, json, os, pathlib, re, shutil, signal, socket, ssl, subprocess, sys, tempfile
import threading, time, traceback, urllib.parse, uuid

import requests
from authlib.integrations.requests_client import OAuth2Session
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from joserfc import jwk, jws, jwt

PROGRAM = os.environ["GATEHOUSE"]
FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="gatehouse-authentication-"))
checks = []


def check(function):
    checks.append(function)
    return function


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PLAIN, SECURE, BACKEND, ISSUER, NGINX, CADDY, APP = (free_port() for _ in range(7))
HOUSE = f"http://127.0.0.1:{PLAIN}"
ISSUER_URL = f"http://127.0.0.1:{ISSUER}"
AUDIENCE = "https://api.test"


# MARK: The other parties

class Quiet(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", fields=()):
        self.send_response(status)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("content-length") or 0))


class Backend(Quiet):
    def answer(self):
        self.body()
        fields = {}
        for name, value in self.headers.items():
            fields.setdefault(name.lower(), []).append(value)
        self.send(200, json.dumps({"method": self.command, "path": self.path, "fields": fields}).encode(), [("content-type", "application/json")])

    do_GET = do_POST = do_PUT = do_DELETE = answer


class Provider(Quiet):
    """Keys of an issuer, and an OpenID provider that signs `alice` in without asking."""
    keys, fetches, is_down = {}, 0, False
    codes, refreshes, refresh_tokens, sid = {}, 0, set(), "sid-1"
    asked = {}

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        if Provider.is_down:
            return self.send(503)
        if url.path == "/.well-known/openid-configuration":
            document = {"issuer": ISSUER_URL, "jwks_uri": ISSUER_URL + "/keys", "authorization_endpoint": ISSUER_URL + "/authorize",
                        "token_endpoint": ISSUER_URL + "/token", "end_session_endpoint": ISSUER_URL + "/end",
                        "authorization_response_iss_parameter_supported": True}
            return self.send(200, json.dumps(document).encode(), [("content-type", "application/json")])
        if url.path == "/keys":
            Provider.fetches += 1
            return self.send(200, json.dumps({"keys": [k.as_dict(private=False) for k in Provider.keys.values()]}).encode())
        if url.path == "/authorize":
            Provider.asked = query
            code = uuid.uuid4().hex
            Provider.codes[code] = query
            parameters = urllib.parse.urlencode({"code": code, "state": query["state"], "iss": ISSUER_URL})
            return self.send(302, fields=[("location", query["redirect_uri"] + "?" + parameters)])
        self.send(404)

    def do_POST(self):
        form = dict(urllib.parse.parse_qsl(self.body().decode()))
        basic = base64.b64decode((self.headers.get("authorization") or "Basic ").split(" ")[1]).decode()
        if self.path != "/token" or basic != "gateway:s3cret%2Fvalue":
            return self.send(401, b'{"error":"invalid_client"}')
        if form.get("grant_type") == "refresh_token":
            if form.get("refresh_token") not in Provider.refresh_tokens:
                return self.send(400, b'{"error":"invalid_grant"}')
            Provider.refresh_tokens.discard(form["refresh_token"])
            Provider.refreshes += 1
            return self.tokens(None)
        asked = Provider.codes.pop(form.get("code"), None)
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        if not asked or challenge != asked["code_challenge"] or form.get("redirect_uri") != asked["redirect_uri"]:
            return self.send(400, b'{"error":"invalid_grant"}')
        self.tokens(asked["nonce"])

    def tokens(self, nonce):
        now = int(time.time())
        claims = {"iss": ISSUER_URL, "sub": "alice", "aud": "gateway", "iat": now, "exp": now + 600, "auth_time": now, "sid": Provider.sid,
                  "groups": ["staff"], "acr": "mfa"}
        if nonce:
            claims["nonce"] = nonce
        refresh = uuid.uuid4().hex
        Provider.refresh_tokens.add(refresh)
        key = Provider.keys["k1"]
        answer = {"access_token": "x", "token_type": "Bearer", "expires_in": Provider.expires_in, "refresh_token": refresh,
                  "scope": "openid profile", "id_token": jwt.encode({"alg": "ES256", "kid": "k1"}, claims, key)}
        self.send(200, json.dumps(answer).encode(), [("content-type", "application/json")])

    expires_in = 600


def serve(port, handler):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()


# MARK: Tokens

def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def claims(**changes):
    now = int(time.time())
    all_claims = {"iss": ISSUER_URL, "sub": "alice", "aud": AUDIENCE, "iat": now, "exp": now + 600, "client_id": "shop", "jti": uuid.uuid4().hex,
                  "scope": "orders:read"}
    all_claims.update(changes)
    return {name: value for name, value in all_claims.items() if value is not None}


def token(header=None, key=None, **changes):
    key = key or Provider.keys["k1"]
    head = {"alg": "ES256", "kid": "k1", "typ": "at+jwt"}
    head.update(header or {})
    head = {name: value for name, value in head.items() if value is not None}
    return jws.serialize_compact(head, json.dumps(claims(**changes)), key, registry=jws.JWSRegistry(algorithms=list(jws.JWSRegistry.algorithms), strict_check_header=False))


def raw(header, payload, sign):
    """A token by hand, for what no library makes."""
    head = header if isinstance(header, bytes) else json.dumps(header).encode()
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    text = b64(head) + "." + b64(body)
    return text + "." + b64(sign(text.encode()))


def es256(private, data):
    r, s = utils.decode_dss_signature(private.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def own(data):
    return es256(Provider.keys["k1"].private_key, data)


def get(path="/api", bearer=None, fields=None, method="GET", base=HOUSE, **options):
    fields = dict(fields or {})
    if bearer is not None:
        fields["authorization"] = f"Bearer {bearer}"
    return requests.request(method, base + path, headers=fields, timeout=10, allow_redirects=False, **options)


def refused(answer, error="invalid_token"):
    challenge = answer.headers.get("www-authenticate", "")
    assert answer.status_code == 401, (answer.status_code, answer.text)
    assert f'error="{error}"' in challenge, challenge
    assert "gatehouse-identity" not in answer.text


# MARK: Bearer tokens

@check
def good_tokens_pass():
    answer = get(bearer=token(), fields={"x-user": "root", "gatehouse-identity": "forged"})
    assert answer.status_code == 200, answer.text
    fields = answer.json()["fields"]
    assert fields["x-user"] == ["alice"] and "authorization" not in fields and len(fields["gatehouse-identity"]) == 1
    keys = jwk.KeySet.import_key_set(get("/.well-known/gatehouse/jwks.json").json())
    verified = jwt.decode(fields["gatehouse-identity"][0], keys, algorithms=["ES256"])
    assert verified.claims["sub"] == "alice" and verified.claims["aud"] == "api" and verified.header["typ"] == "gatehouse-identity+jwt"
    for algorithm, key in (("RS256", "rsa"), ("PS256", "rsa"), ("EdDSA", "ed")):
        assert get(bearer=token({"alg": algorithm, "kid": key}, Provider.keys[key])).status_code == 200, algorithm


@check
def authlib_calls():
    session = OAuth2Session(token={"access_token": token(), "token_type": "bearer"})
    answer = session.get(HOUSE + "/api", timeout=10)
    assert answer.status_code == 200 and answer.json()["fields"]["x-user"] == ["alice"]


@check
def missing_tokens_are_challenged():
    answer = get()
    challenge = answer.headers["www-authenticate"]
    assert answer.status_code == 401 and challenge.startswith("Bearer ") and "error=" not in challenge
    metadata = re.search(r'resource_metadata="([^"]+)"', challenge).group(1)
    document = requests.get(metadata, timeout=10).json()
    assert document["resource"] == HOUSE + "/api" and document["authorization_servers"] == [ISSUER_URL]
    assert answer.headers["content-type"].startswith("application/problem+json")


@check
def claims_are_checked():
    now = int(time.time())
    bad = [dict(aud="https://other.test"), dict(aud=["a", "b"]), dict(aud=None), dict(iss="http://evil.test"), dict(iss=None), dict(sub=None),
           dict(sub=""), dict(exp=now - 100), dict(exp=None), dict(exp="soon"), dict(exp=-1), dict(exp=1e400 if False else 10**13), dict(nbf=now + 100),
           dict(iat=now + 100), dict(sub=7), dict(cnf={"kid": "x"}), dict(cnf={"jwk": {}}), dict(iss=ISSUER_URL + "/")]
    for changes in bad:
        refused(get(bearer=token(**changes)))
    for changes in (dict(exp=now - 30), dict(nbf=now + 30), dict(aud=["x", AUDIENCE]), dict(iat=now + 30.5)):
        assert get(bearer=token(**changes)).status_code == 200, changes


@check
def headers_are_checked():
    evil = jwk.ECKey.generate_key("P-256")
    public = evil.as_dict(private=False)
    bad = [dict(typ="JWT"), dict(typ=None), dict(typ="dpop+jwt"), dict(typ="logout+jwt"), dict(kid="nobody"), dict(kid="../../../dev/null"),
           dict(kid="' OR 1=1 --"), dict(kid=""), dict(crit=["exp"], exp=1), dict(crit=[]), dict(crit=["b64"], b64=False)]
    for header in bad:
        try:
            bearer = token(header)
        except Exception:
            head = {"alg": "ES256", "kid": "k1", "typ": "at+jwt", **header}
            bearer = raw(head, claims(), own)
        refused(get(bearer=bearer))
    for extra in ({"jwk": public}, {"jku": ISSUER_URL + "/evil"}, {"x5u": "http://evil.test/"}, {"x5c": ["AAAA"]}):
        head = {"alg": "ES256", "kid": "k1", "typ": "at+jwt", **extra}
        refused(get(bearer=raw(head, claims(), lambda text: es256(evil.private_key, text))))
    assert get(bearer=token({"typ": "application/at+jwt"})).status_code == 200


@check
def attacks_of_rfc_8725():
    head = {"alg": "ES256", "kid": "k1", "typ": "at+jwt"}
    pem = Provider.keys["rsa"].as_pem(private=False)
    secret_bytes = [pem, Provider.keys["rsa"].as_der(private=False), json.dumps(Provider.keys["rsa"].as_dict(private=False)).encode()]
    attacks = [raw({**head, "alg": name}, claims(), lambda text: b"") for name in ("none", "None", "NONE", "nOnE", "")]
    attacks += [raw({**head, "alg": "none"}, claims(), own)]
    for secret in secret_bytes:
        attacks.append(raw({**head, "alg": "HS256", "kid": "rsa"}, claims(), lambda text, s=secret: hmac.new(s, text, hashlib.sha256).digest()))
    attacks.append(raw({**head, "alg": "HS256"}, claims(), lambda text: hmac.new(b"", text, hashlib.sha256).digest()))
    attacks.append(raw({**head, "alg": "RS256"}, claims(), own))
    attacks.append(raw({**head, "kid": "rsa"}, claims(), own))
    attacks.append(raw(head, claims(), lambda text: bytes(64)))
    attacks.append(raw(head, claims(), lambda text: b""))
    attacks.append(raw(head, claims(), lambda text: Provider.keys["k1"].private_key.sign(text, ec.ECDSA(hashes.SHA256()))))
    twice = json.dumps(claims())[:-1] + ', "sub": "root"}'
    attacks.append(raw(head, twice.encode(), own))
    attacks.append(raw(b'{"alg":"ES256","alg":"none","kid":"k1","typ":"at+jwt"}', claims(), own))
    attacks.append(raw(head, b"\xef\xbb\xbf" + json.dumps(claims()).encode(), own))
    attacks.append(raw(head, json.dumps(claims()).encode() + b" {}", own))
    attacks.append(raw(head, b"[]", own))
    attacks.append(raw(head, json.dumps(claims(x="\ud800")).encode(), own))
    good = token()
    attacks += [good + "A", good[:-1], good + ".x", "." + good, good.replace(".", "..", 1), good + "=", good.split(".")[0] + ".." + good.split(".")[2],
                good.rsplit(".", 1)[0] + ".", "a.b.c", "x", "gateat_" + "0" * 49, raw(head, claims(pad="x" * 17000), own)]
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    attacks.append(good[:-1] + last[last.index(good[-1]) ^ 1])
    for index, attack in enumerate(attacks):
        answer = get(bearer=attack)
        assert answer.status_code in (401, 431), (index, attack[:80], answer.status_code)
    assert get(bearer=good).status_code == 200


@check
def one_credential_and_no_more():
    connection = http.client.HTTPConnection("127.0.0.1", PLAIN, timeout=10)
    connection.putrequest("GET", "/api")
    for _ in range(2):
        connection.putheader("Authorization", "Bearer " + token())
    connection.endheaders()
    assert connection.getresponse().status == 400
    assert get(bearer=token() + " extra").status_code == 400
    assert get("/api?access_token=" + token()).status_code == 401
    assert get(fields={"authorization": "bearer " + token()}).status_code == 200


@check
def scopes_and_step_up():
    answer = get("/api/admin", bearer=token())
    assert answer.status_code == 403 and 'error="insufficient_scope"' in answer.headers["www-authenticate"]
    assert 'scope="admin"' in answer.headers["www-authenticate"]
    assert get("/api/admin", bearer=token(scope="orders:read admin")).status_code == 200
    now = int(time.time())
    for changes in ({}, dict(acr="mfa"), dict(acr="pwd", auth_time=now), dict(acr="mfa", auth_time=now - 400)):
        answer = get("/api/transfer", bearer=token(**changes))
        refused(answer, "insufficient_user_authentication")
        assert 'acr_values="mfa"' in answer.headers["www-authenticate"] and 'max_age="300"' in answer.headers["www-authenticate"]
    assert get("/api/transfer", bearer=token(acr="mfa", auth_time=now)).status_code == 200
    assert get("/open").status_code == 200 and get("/open", fields={"X_User": "root"}).status_code in (200, 400)
    assert "x-user" not in get("/open", fields={"x-user": "root"}).json()["fields"]
    refused(get("/open", bearer="x.y.z"))


@check
def keys_rotate_and_the_issuer_may_be_down():
    assert get(bearer=token()).status_code == 200
    before = Provider.fetches
    for number in range(20):
        refused(get(bearer=token({"kid": f"random-{number}"})))
    assert Provider.fetches - before <= 1, "strangers drive the fetches"
    Provider.is_down = True
    assert get(bearer=token()).status_code == 200
    refused(get(bearer=token({"kid": "random"})))
    Provider.is_down = False
    time.sleep(31)
    Provider.keys["k2"] = jwk.ECKey.generate_key("P-256", {"kid": "k2", "alg": "ES256", "use": "sig"})
    before = Provider.fetches
    results = []
    threads = [threading.Thread(target=lambda: results.append(get(bearer=token({"kid": "k2"}, Provider.keys["k2"])).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 8, results
    assert Provider.fetches - before == 1, "more than one fetch for a new key"


# MARK: DPoP and certificates

def thumbprint(private):
    numbers = private.public_key().public_numbers()
    key = {"crv": "P-256", "kty": "EC", "x": b64(numbers.x.to_bytes(32, "big")), "y": b64(numbers.y.to_bytes(32, "big"))}
    return key, b64(hashlib.sha256(json.dumps(key, separators=(",", ":")).encode()).digest())


def proof(private, bearer, url=HOUSE + "/api", header=None, **changes):
    key, _ = thumbprint(private)
    head = {"typ": "dpop+jwt", "alg": "ES256", "jwk": key, **(header or {})}
    body = {"jti": uuid.uuid4().hex, "htm": "GET", "htu": url, "iat": int(time.time()), "ath": b64(hashlib.sha256(bearer.encode()).digest()), **changes}
    return raw(head, {n: v for n, v in body.items() if v is not None}, lambda text: es256(private, text))


@check
def proofs_of_possession():
    holder, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    bound = token(cnf={"jkt": thumbprint(holder)[1]})

    def send(text, scheme="DPoP", bearer=bound):
        return get(fields={"authorization": f"{scheme} {bearer}", "dpop": text})

    good = proof(holder, bound)
    assert send(good).status_code == 200
    refused(send(good), "invalid_dpop_proof")
    now = int(time.time())
    for changes in (dict(htm="POST"), dict(htu=HOUSE + "/other"), dict(htu="https://evil.test/api"), dict(iat=now - 120), dict(iat=now + 60), dict(ath=None),
                    dict(ath="x"), dict(jti=None), dict(jti=7), dict(htu=None), dict(iat=None)):
        refused(send(proof(holder, bound, **changes)), "invalid_dpop_proof")
    private = {**thumbprint(holder)[0], "d": b64(holder.private_numbers().private_value.to_bytes(32, "big"))}
    for header in ({"typ": "JWT"}, {"alg": "none"}, {"alg": "HS256"}, {"jwk": None}, {"jwk": private}, {"jwk": thumbprint(other)[0]}, {"crit": ["x"], "x": 1}):
        refused(send(proof(holder, bound, header=header)), "invalid_dpop_proof")
    refused(send(proof(other, bound)))
    refused(send(proof(holder, bound), scheme="Bearer"))
    refused(send(proof(holder, token()), bearer=token()))
    assert send(proof(holder, bound, url=HOUSE + "/api?x=1#y")).status_code == 200
    refused(get(fields={"authorization": f"DPoP {bound}"}), "invalid_dpop_proof")
    answer = get("/nonce", fields={"authorization": f"DPoP {bound}", "dpop": proof(holder, bound, url=HOUSE + "/nonce")})
    refused(answer, "use_dpop_nonce")
    nonce = answer.headers["dpop-nonce"]
    answer = get("/nonce", fields={"authorization": f"DPoP {bound}", "dpop": proof(holder, bound, url=HOUSE + "/nonce", nonce=nonce)})
    assert answer.status_code == 200, answer.headers
    assert get("/nonce", bearer=token()).headers["www-authenticate"].startswith("DPoP ")


def certificates():
    def run(*words):
        subprocess.run(["openssl", *words], check=True, cwd=FOLDER, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test CA")
    run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "strange.key", "-out", "strange.pem", "-days", "2", "-subj", "/CN=billing")
    for name, san in (("billing", "URI:spiffe://test/billing"), ("other", "URI:spiffe://test/other"), ("server", "DNS:localhost")):
        (FOLDER / "san").write_text("subjectAltName=" + san)
        run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.pem", "-days", "2", "-extfile", "san")


def curl(path, *words):
    command = ["curl", "-s", "-o", FOLDER / "out", "-w", "%{http_code}", "--cacert", FOLDER / "ca.pem", "--max-time", "10", *words, f"https://localhost:{SECURE}{path}"]
    status = subprocess.run(command, capture_output=True, text=True).stdout
    return int(status or 0), (FOLDER / "out").read_text() if (FOLDER / "out").exists() else ""


def shown(name):
    return ["--cert", FOLDER / f"{name}.pem", "--key", FOLDER / f"{name}.key"]


@check
def client_certificates():
    for version in ("--http1.1", "--http2"):
        for tls in ("--tlsv1.3", "--tls-max=1.2"):
            words = [tls] if "=" not in tls else ["--tls-max", "1.2"]
            status, body = curl("/machine", version, *words, *shown("billing"))
            assert status == 200 and json.loads(body)["fields"]["x-user"] == ["billing"], (version, tls, status, body)
    assert curl("/machine")[0] == 401
    assert curl("/machine", *shown("other"))[0] == 401
    assert curl("/machine", *shown("strange"))[0] in (0, 401)


@check
def tokens_bound_to_certificates():
    der = ssl.PEM_cert_to_DER_cert((FOLDER / "billing.pem").read_text())
    bound = token(cnf={"x5t#S256": b64(hashlib.sha256(der).digest())})
    field = ["-H", f"authorization: Bearer {bound}"]
    assert curl("/api", *field, *shown("billing"))[0] == 200
    assert curl("/api", *field, *shown("other"))[0] == 401
    assert curl("/api", *field)[0] == 401
    refused(get(bearer=bound))


# MARK: Keys and passwords

@check
def api_keys():
    assert get("/keys", fields={"x-api-key": KEY}).json()["fields"]["x-user"] == ["robot"]
    assert "x-api-key" not in get("/keys", fields={"x-api-key": KEY}).json()["fields"]
    for bad in (KEY[:-1], KEY + "x", "", "x" * 600, OLD_KEY):
        assert get("/keys", fields={"x-api-key": bad}).status_code == 401
    assert get("/keys", fields={"x-api-key": KEY, "authorization": "Basic cm9ib3Q6eA=="}).status_code == 400


@check
def machines_passwords():
    assert get("/keys", auth=("machine", "correct horse")).json()["fields"]["x-user"] == ["machine"]
    assert get("/keys", auth=("machine", "wrong")).status_code == 401
    answer = get("/keys", auth=("nobody", "correct horse"))
    assert answer.status_code == 401 and 'Basic realm="keys"' in answer.headers["www-authenticate"]
    begin = time.perf_counter()
    for _ in range(20):
        assert get("/keys", auth=("machine", "correct horse")).status_code == 200
    assert time.perf_counter() - begin < 2, "a verified password is hashed again"


@check
def revoked_lines_end_at_reload():
    lines = CREDENTIALS.read_text()
    CREDENTIALS.write_text("")
    deadline = time.time() + 10
    while time.time() < deadline and get("/keys", fields={"x-api-key": KEY}).status_code == 200:
        time.sleep(0.2)
    assert get("/keys", fields={"x-api-key": KEY}).status_code == 401
    CREDENTIALS.write_text(lines)
    while time.time() < deadline + 10 and get("/keys", fields={"x-api-key": KEY}).status_code != 200:
        time.sleep(0.2)
    assert get("/keys", fields={"x-api-key": KEY}).status_code == 200


# MARK: The house's own provider

def house_token(resource):
    answer = requests.post(HOUSE + "/token", headers={"host": f"id.localhost:{PLAIN}"}, auth=("machine", HOUSE_SECRET), timeout=10,
                           data={"grant_type": "client_credentials", "scope": "orders:read", "resource": resource})
    assert answer.status_code == 200, answer.text
    return answer.json()["access_token"]


def revoke(bearer):
    answer = requests.post(HOUSE + "/revoke", headers={"host": f"id.localhost:{PLAIN}"}, auth=("machine", HOUSE_SECRET), timeout=10, data={"token": bearer})
    assert answer.status_code == 200, answer.text


@check
def tokens_of_the_house_end_at_once():
    refused(get("/house", bearer=house_token("https://other.test")))
    for _ in range(20):
        bearer = house_token("https://opaque.test")
        for _ in range(2):
            answer = get("/house", bearer=bearer)
            assert answer.status_code == 200 and answer.json()["fields"]["x-user"] == ["machine"], (answer.status_code, answer.text)
        revoke(bearer)
        refused(get("/house", bearer=bearer))
    signed = house_token("https://signed.test")
    assert get("/house", bearer=signed).status_code == 200
    refused(get("/house", bearer=signed.rsplit(".", 1)[0] + "." + "A" * len(signed.rsplit(".", 1)[1])))
    ended = subprocess.run([PROGRAM, "clients", "disable", "machine", "--config", "gatehouse.yaml"], cwd=FOLDER, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    refused(get("/house", bearer=signed))
    refused(get("/house", bearer="gateat_" + "0" * 49))
    refused(get("/house", bearer=token()))


# MARK: Browsers

NAVIGATION = {"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "none"}


def sign_in(path="/app/page?x=1"):
    browser = requests.Session()
    answer = browser.get(f"http://localhost:{PLAIN}{path}", headers=NAVIGATION, timeout=10)
    return browser, answer


@check
def browsers_sign_in():
    browser, answer = sign_in()
    assert answer.status_code == 200, (answer.status_code, answer.text)
    assert answer.url.endswith("/app/page?x=1")
    seen = answer.json()
    assert seen["fields"]["x-user"] == ["alice"] and "gatehouse-session" not in str(seen["fields"].get("cookie"))
    asked = Provider.asked
    assert asked["code_challenge_method"] == "S256" and asked["response_type"] == "code" and len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43
    first = [r for r in answer.history if "gatehouse-session" in r.headers.get("set-cookie", "")]
    assert "HttpOnly" in first[0].headers["set-cookie"] and "SameSite=Lax" in first[0].headers["set-cookie"]
    assert browser.get(f"http://localhost:{PLAIN}/app/data", timeout=10).status_code == 200


@check
def programs_get_401_and_browsers_a_redirect():
    assert get("/app/data", fields={"accept": "application/json"}).status_code == 401
    assert get("/app/data", fields={"accept": "text/html", "sec-fetch-mode": "cors"}).status_code == 401
    assert get("/app/data", method="POST", fields={"accept": "text/html"}).status_code == 401
    assert get("/app/data", fields=NAVIGATION).status_code == 302
    assert get("/app/data", fields={**NAVIGATION, "host": "shop.example"}).status_code == 403
    answer = subprocess.run(["curl", "-s", "-o", "/dev/null", "-D", "-", "--cacert", FOLDER / "ca.pem", "-H", "accept: text/html", f"https://localhost:{SECURE}/app/page"], capture_output=True, text=True)
    assert "__Host-gatehouse-flow-" in answer.stdout and "Secure" in answer.stdout, answer.stdout


@check
def sessions_are_not_taken_by_other_sites():
    browser, _ = sign_in()
    url = f"http://localhost:{PLAIN}/app/data"

    def post(**fields):
        return browser.post(url, headers={name.replace("_", "-"): value for name, value in fields.items()}, timeout=10).status_code
    assert post(origin=f"http://localhost:{PLAIN}") == 200
    assert post(sec_fetch_site="same-origin") == 200
    assert post(origin="http://evil.test") == 403
    assert post(sec_fetch_site="cross-site", origin=f"http://localhost:{PLAIN}") == 403
    assert post(sec_fetch_site="same-site") == 403
    assert post(origin="null") == 403
    assert post() == 403
    assert browser.get(url, headers={"connection": "upgrade", "upgrade": "websocket", "origin": "http://evil.test"}, timeout=10).status_code == 403


@check
def forged_sign_ins_are_refused():
    path = f"http://localhost:{PLAIN}/app/.gatehouse/callback"
    assert requests.get(path + "?code=x&state=y", timeout=10).status_code == 400
    browser = requests.Session()
    first = browser.get(f"http://localhost:{PLAIN}/app/page", headers=NAVIGATION, allow_redirects=False, timeout=10)
    query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(first.headers["location"]).query))
    state = query["state"]
    assert browser.get(path, params={"code": "x", "state": state}, timeout=10).status_code == 400, "an answer without iss"
    assert browser.get(path, params={"code": "x", "state": state, "iss": "http://evil.test"}, timeout=10).status_code == 400
    assert browser.get(path, params={"code": "x", "state": state, "iss": ISSUER_URL}, timeout=10).status_code == 403
    assert browser.get(path, params={"error": "access_denied", "state": state, "iss": ISSUER_URL}, timeout=10).status_code == 403
    assert browser.get(path + f"?code=x&state={state}&state={state}&iss={ISSUER_URL}", timeout=10).status_code == 400
    stranger = requests.Session()
    location = browser.get(first.headers["location"], allow_redirects=False, timeout=10).headers["location"]
    assert stranger.get(location, timeout=10).status_code == 400, "a code in another browser"
    bad = requests.get(f"http://localhost:{PLAIN}/app/data", cookies={"gatehouse-session": "gatess_" + "A" * 43}, timeout=10)
    assert bad.status_code == 401


@check
def sessions_end_everywhere():
    browser, _ = sign_in()
    url = f"http://localhost:{PLAIN}/app/data"
    stolen = dict(browser.cookies)
    assert requests.get(url, cookies=stolen, timeout=10).status_code == 200
    assert browser.get(f"http://localhost:{PLAIN}/app/.gatehouse/logout", headers={"sec-fetch-site": "cross-site"}, allow_redirects=False, timeout=10).status_code == 403
    answer = browser.get(f"http://localhost:{PLAIN}/app/.gatehouse/logout", headers={"sec-fetch-site": "same-origin"}, allow_redirects=False, timeout=10)
    assert answer.status_code == 303 and answer.headers["location"].startswith(ISSUER_URL + "/end?id_token_hint=")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert requests.get(url, cookies=stolen, timeout=10).status_code == 401

    Provider.sid = "sid-" + uuid.uuid4().hex
    browser, _ = sign_in()
    assert browser.get(url, timeout=10).status_code == 200
    now = int(time.time())
    body = {"iss": ISSUER_URL, "aud": "gateway", "iat": now, "exp": now + 120, "jti": uuid.uuid4().hex, "sid": Provider.sid,
            "events": {"http://schemas.openid.net/event/backchannel-logout": {}}}

    def notify(changes=None, key=None, header=None):
        text = jwt.encode({"alg": "ES256", "kid": "k1", "typ": "logout+jwt", **(header or {})}, {**body, **(changes or {})}, key or Provider.keys["k1"])
        return requests.post(f"http://localhost:{PLAIN}/app/.gatehouse/backchannel-logout", data={"logout_token": text}, timeout=10).status_code
    evil = jwk.ECKey.generate_key("P-256")
    assert notify(key=evil) == 400
    for changes in ({"nonce": "x"}, {"events": {}}, {"aud": "other"}, {"iss": "http://evil.test"}, {"iat": now - 4000, "exp": now - 3000}):
        assert notify(changes) == 400, changes
    assert browser.get(url, timeout=10).status_code == 200
    assert notify() == 200
    assert browser.get(url, timeout=10).status_code == 401
    assert notify() == 400, "a logout token counts once"


@check
def sessions_are_refreshed_once():
    Provider.expires_in = 30
    browser, _ = sign_in()
    Provider.expires_in = 600
    url = f"http://localhost:{PLAIN}/app/data"
    before = Provider.refreshes
    assert browser.get(url, timeout=10).status_code == 200 and Provider.refreshes == before
    time.sleep(31)
    cookies = dict(browser.cookies)
    results = []
    threads = [threading.Thread(target=lambda: results.append(requests.get(url, cookies=cookies, timeout=10).status_code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [200] * 8 and Provider.refreshes - before == 1, (results, Provider.refreshes - before)


@check
def sessions_outlive_a_restart():
    browser, _ = sign_in()
    stop_house()
    start_house()
    assert browser.get(f"http://localhost:{PLAIN}/app/data", timeout=10).status_code == 200


# MARK: Other proxies

def proxied(port):
    base = f"http://127.0.0.1:{port}"
    assert get("/x", base=base).status_code == 401
    refused(get("/x", base=base, bearer="x.y.z"))
    answer = get("/x", base=base, bearer=token(), fields={"x-user": "root", "gatehouse-identity": "forged"})
    assert answer.status_code == 200, answer.text
    fields = answer.json()["fields"]
    assert fields["x-user"] == ["alice"] and len(fields["gatehouse-identity"]) == 1 and fields["gatehouse-identity"] != ["forged"]
    holder = ec.generate_private_key(ec.SECP256R1())
    bound = token(cnf={"jkt": thumbprint(holder)[1]})
    text = proof(holder, bound, url=base + "/x")
    assert get("/x", base=base, fields={"authorization": f"DPoP {bound}", "dpop": text}).status_code == 200


@check
def nginx_asks():
    (FOLDER / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {FOLDER}/nginx.pid; error_log {FOLDER}/nginx.log;
events {{}}
http {{
  access_log off; client_body_temp_path {FOLDER}/n1; proxy_temp_path {FOLDER}/n2; fastcgi_temp_path {FOLDER}/n3; uwsgi_temp_path {FOLDER}/n4; scgi_temp_path {FOLDER}/n5;
  server {{
    listen 127.0.0.1:{NGINX};
    location / {{
      auth_request /gatehouse;
      auth_request_set $gatehouse_identity $upstream_http_gatehouse_identity;
      auth_request_set $gatehouse_user $upstream_http_x_user;
      auth_request_set $gatehouse_challenge $upstream_http_www_authenticate;
      proxy_set_header Gatehouse-Identity $gatehouse_identity;
      proxy_set_header X-User $gatehouse_user;
      proxy_pass http://127.0.0.1:{BACKEND};
    }}
    location = /gatehouse {{
      internal;
      proxy_pass {HOUSE}/forward-auth;
      proxy_pass_request_body off;
      proxy_set_header Content-Length "";
      proxy_set_header X-Original-Method $request_method;
      proxy_set_header X-Original-URI $request_uri;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
""")
    with_server(["nginx", "-c", FOLDER / "nginx.conf"], NGINX)


@check
def caddy_asks():
    (FOLDER / "Caddyfile").write_text(f"""
{{
  admin off
  auto_https off
}}
http://127.0.0.1:{CADDY} {{
  forward_auth 127.0.0.1:{PLAIN} {{
    uri /forward-auth
    copy_headers Gatehouse-Identity X-User
  }}
  reverse_proxy 127.0.0.1:{BACKEND}
}}
""")
    with_server(["caddy", "run", "--config", FOLDER / "Caddyfile", "--adapter", "caddyfile"], CADDY)


def with_server(command, port):
    if not shutil.which(command[0]):
        raise Skip(f"{command[0]} is not installed")
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "HOME": str(FOLDER)})
    try:
        wait_for(port)
        proxied(port)
    finally:
        process.terminate()
        process.wait(10)


class Skip(Exception):
    pass


# MARK: The house

def configuration():
    return f"""
listeners:
  - address: 127.0.0.1:{PLAIN}
  - address: 127.0.0.1:{SECURE}
    tls:
      certificates: [{{certificate: server.pem, key: server.key, hosts: [localhost]}}]
      client_ca: ca.pem
      client_certificates: request
guards:
  rate_limits: off
  fetch_metadata: off
  authentication:
    issuers:
      - {{issuer: "{ISSUER_URL}", audiences: ["{AUDIENCE}"]}}
    identity: {{headers: [{{name: X-User, value: subject}}]}}
trusted_proxies: [127.0.0.1]
identity:
  issuer: http://id.localhost:{PLAIN}
  resources:
    - {{identifier: "https://opaque.test", scopes: ["orders:read"]}}
    - {{identifier: "https://signed.test", scopes: ["orders:read"], format: jwt}}
    - {{identifier: "https://other.test", scopes: ["orders:read"]}}
  clients:
    - {{id: machine, secret: "file:house-secret", grant_types: [client_credentials], scopes: ["orders:read"]}}
services:
  - {{name: id, hosts: [id.localhost], builtin: identity}}
  - name: house
    paths: [/house]
    upstream: http://127.0.0.1:{BACKEND}
    guards: {{authentication: {{require: required, issuers: [], house: {{audiences: ["https://opaque.test", "https://signed.test"]}}}}}}
  - name: api
    paths: [/api]
    upstream: http://127.0.0.1:{BACKEND}
    guards: {{authentication: {{require: required, resource: "{HOUSE}/api"}}}}
    routes:
      - {{path: /api/admin, guards: {{authentication: {{scopes: [admin]}}}}}}
      - {{path: /api/transfer, guards: {{authentication: {{step_up: {{acr: [mfa], max_age: 5m}}}}}}}}
  - {{name: open, paths: [/open], upstream: "http://127.0.0.1:{BACKEND}", guards: {{authentication: optional}}}}
  - {{name: nonce, paths: [/nonce], upstream: "http://127.0.0.1:{BACKEND}", guards: {{authentication: {{require: required, dpop: {{required: true, nonce: true}}}}}}}}
  - name: machine
    paths: [/machine]
    upstream: http://127.0.0.1:{BACKEND}
    guards: {{authentication: {{require: required, issuers: [], certificates: [{{match: "uri:spiffe://test/billing", name: billing}}]}}}}
  - name: keys
    paths: [/keys]
    upstream: http://127.0.0.1:{BACKEND}
    guards: {{authentication: {{require: required, issuers: [], api_keys: {{file: keys.txt}}, basic: {{file: machines.txt}}}}}}
  - name: app
    paths: [/app]
    upstream: http://127.0.0.1:{BACKEND}
    guards:
      authentication:
        require: required
        issuers: []
        session: {{provider: "{ISSUER_URL}", client_id: gateway, client_secret: "file:secret", path: /app/.gatehouse, scopes: [openid, profile]}}
  - {{name: forward-auth, paths: [/forward-auth], builtin: forward_auth, guards: {{authentication: required}}}}
admin: {{listen: off}}
events: {{stdout: false, file: {{path: events.jsonl}}}}
data: data
"""


house = None
HOUSE_SECRET = base64.urlsafe_b64encode(os.urandom(32)).decode()
CREDENTIALS = FOLDER / "keys.txt"


def wait_for(port):
    deadline = time.time() + 15
    while time.time() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"nothing listens on {port}")


def start_house():
    global house
    house = subprocess.Popen([PROGRAM, "run", "--config", "gatehouse.yaml"], cwd=FOLDER, stdout=open(FOLDER / "out.log", "a"), stderr=subprocess.STDOUT)
    wait_for(PLAIN)


def stop_house():
    house.send_signal(signal.SIGTERM)
    house.wait(20)


def credentials(*words, text=None):
    return subprocess.run([PROGRAM, "credentials", *words], input=text, capture_output=True, text=True, check=True).stdout.splitlines()


def main():
    global KEY, OLD_KEY
    Provider.keys = {"k1": jwk.ECKey.generate_key("P-256", {"kid": "k1", "alg": "ES256", "use": "sig"}),
                     "rsa": jwk.RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}), "ed": jwk.OKPKey.generate_key("Ed25519", {"kid": "ed", "use": "sig"})}
    serve(BACKEND, Backend)
    serve(ISSUER, Provider)
    certificates()
    KEY, line = credentials("key", "robot", "--scopes", "batch")
    OLD_KEY, old = credentials("key", "retired", "--expires", "2020-01-31")
    CREDENTIALS.write_text(f"# keys\n{line}\n{old}\n")
    (FOLDER / "machines.txt").write_text(credentials("password", "machine", text="correct horse\n")[0] + "\n")
    (FOLDER / "secret").write_text("s3cret/value\n")
    (FOLDER / "house-secret").write_text(HOUSE_SECRET + "\n")
    (FOLDER / "gatehouse.yaml").write_text(configuration())
    start_house()
    time.sleep(0.5)
    passed = failed = skipped = 0
    wanted = sys.argv[1:]
    try:
        for function in checks:
            if wanted and function.__name__ not in wanted:
                continue
            try:
                function()
                passed += 1
            except Skip as reason:
                print(f"skipped: {function.__name__}: {reason}")
                skipped += 1
            except Exception:
                failed += 1
                print(f"failed: {function.__name__}\n{traceback.format_exc(limit=-3)}")
    finally:
        stop_house()
        if not failed:
            shutil.rmtree(FOLDER, ignore_errors=True)
    print(f"conformance authentication: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


main()
