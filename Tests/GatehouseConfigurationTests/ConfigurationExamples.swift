enum ConfigurationExamples {
    /// The files that it names.
    static let files = [
        "./tls/site.pem": "", "./tls/site.key": "", "./tls/clients.pem": "", "/etc/ca.pem": "", "./db": "postgres://x",
        "/run/secrets/root": "correct horse",
        "./lists/deny.txt": "# scanners\n198.51.100.0/24\n\n2001:db8::/32 # documentation\n",
    ]

    /// A file with every section.
    static let everything = """
        listeners:
          - address: 0.0.0.0:443
            tls:
              certificates:
                - {certificate: tls/site.pem, key: tls/site.key, hosts: ["*.example.com"]}
              minimum_version: 1.3
              client_ca: tls/clients.pem
              client_certificates: request
              reload: false
          - {address: ":80", redirect_to_https: true}
          - address: 127.0.0.1:8443
            tls: true
            http2: false
            proxy_protocol: {mode: require, from: [10.0.0.0/8]}
        services:
          - name: shop
            hosts: [shop.example.com, "*.shop.example.com"]
            paths: [/shop]
            upstreams:
              - {url: https://10.0.0.1:8443, weight: 3}
              - h2://10.0.0.2:8443
            balance: {hash: "cookie:session"}
            tls: {ca: /etc/ca.pem, server_name: shop.internal}
            health:
              path: /healthz
              interval: 5s
              passive: {failures: 3, window: 5s, ejection: 1m}
            retries: {attempts: 3, budget: 10, on: [connect_failure, unavailable]}
            circuit_breaker: {max_connections: 64, max_pending: 10}
            preserve_host: false
            strip_prefix: /shop
            routes:
              - {path: "/shop/users/{id}", methods: [GET, PUT]}
              - {path: =/shop/health, guards: {rate_limits: off}}
          - upstream: https://api.internal
            balance: least_requests
        guards:
          addresses: {deny: [192.0.2.0/24], deny_files: [lists/deny.txt]}
          rate_limits:
            - {name: logins, key: [client, "header:X-Account", route], rate: 10/1m, burst: 3, concurrency: 2}
          cors: {origins: ["https://*.example.com"], credentials: true, headers: Authorization, max_age: 1h}
          headers: {set: {X-Robots-Tag: none}, remove: X-Internal, cookies: {readable: csrf, same_site: strict}}
          fetch_metadata: {exempt: /public}
          errors: {mask_4xx: always, body_limit: 64KiB}
        limits: {connections: 500, body_bytes: 5MiB}
        timeouts: {drain: 10s}
        trusted_proxies: [10.0.0.0/8, "::1"]
        admin: {listen: off}
        events:
          stdout: false
          file: {path: /var/log/gatehouse/events.json, max_bytes: 50MiB, keep: 3}
          syslog: logs:514
          redact: {headers: X-Token, query: [token], fields: [password]}
        data: /var/lib/gatehouse
        store: {postgres: "file:db", password: "env:DATABASE"}
        keys: {root: "passphrase:/run/secrets/root", rotate_after: 90d}
        audit: {mode: required, folder: /var/lib/audit, origin: gatehouse.example/audit}
        """
}
