/// Names of response fields that tell what runs behind: the 68 of the OWASP Secure Headers Project's list of fields to remove.
enum Fingerprints {
    static let names = [
        "$wsep", "host-header", "k-proxy-request", "liferay-portal", "oraclecommercecloud-version", "pega-host", "powered-by",
        "product", "server", "sourcemap", "x-aspnet-version", "x-aspnetmvc-version", "x-atmosphere-error",
        "x-atmosphere-first-request", "x-atmosphere-tracking-id", "x-b3-parentspanid", "x-b3-sampled", "x-b3-spanid",
        "x-b3-traceid", "x-beserver", "x-cf-powered-by", "x-cms", "x-calculatedbetarget", "x-cocoon-version",
        "x-content-encoded-by", "x-diaginfo", "x-envoy-attempt-count", "x-envoy-external-address", "x-envoy-internal",
        "x-envoy-original-dst-host", "x-envoy-upstream-service-time", "x-feserver", "x-framework", "x-generated-by",
        "x-generator", "x-jitsi-release", "x-kubernetes-pf-flowschema-ui", "x-kubernetes-pf-prioritylevel-uid",
        "x-litespeed-cache", "x-litespeed-purge", "x-litespeed-tag", "x-litespeed-vary", "x-litespeed-cache-control",
        "x-mod-pagespeed", "x-nextjs-cache", "x-nextjs-matched-path", "x-nextjs-page", "x-nextjs-redirect", "x-owa-version",
        "x-old-content-length", "x-oneagent-js-injection", "x-page-speed", "x-php-version", "x-powered-by",
        "x-powered-by-plesk", "x-powered-cms", "x-redirect-by", "x-server-powered-by", "x-sourcefiles", "x-sourcemap",
        "x-turbo-charged-by", "x-umbraco-version", "x-varnish-backend", "x-varnish-server", "x-dtagentid", "x-dthealthcheck",
        "x-dtinjectedservlet", "x-ruxit-js-agent",
    ]
}
