import GatehouseIdentity

/// A file that pages load.
enum Asset {
    static func answer(_ bytes: [UInt8], mediaType: String) -> IdentityResponse {
        IdentityResponse(
            status: 200,
            fields: [
                .init("Content-Type", mediaType), .init("Cache-Control", "public, max-age=3600"),
                .init("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
                .init("X-Content-Type-Options", "nosniff"),
            ], body: bytes)
    }
}

/// The script for passkeys, the only one of all pages.
enum PasskeyScript {
    static var answer: IdentityResponse { Asset.answer(Array(text.utf8), mediaType: "text/javascript; charset=utf-8") }

    static let text = """
        "use strict";
        (() => {
          const form = document.getElementById("passkey-form");
          const button = document.getElementById("passkey-button");
          const problem = document.getElementById("passkey-error");
          if (!form || !button) return;
          const decode = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
          const encode = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\\+/g, "-").replace(/\\//g, "_").replace(/=+$/, "");
          const kind = button.dataset.kind;
          const options = () => {
            const given = JSON.parse(button.dataset.options);
            given.challenge = decode(given.challenge);
            if (given.user) given.user.id = decode(given.user.id);
            for (const list of [given.allowCredentials, given.excludeCredentials]) for (const one of list || []) one.id = decode(one.id);
            return given;
          };
          const answer = (made) => {
            const response = { clientDataJSON: encode(made.response.clientDataJSON) };
            if (kind === "create") {
              response.attestationObject = encode(made.response.attestationObject);
              response.transports = made.response.getTransports ? made.response.getTransports() : [];
            } else {
              response.authenticatorData = encode(made.response.authenticatorData);
              response.signature = encode(made.response.signature);
              if (made.response.userHandle) response.userHandle = encode(made.response.userHandle);
            }
            return { id: made.id, rawId: encode(made.rawId), type: made.type, response, clientExtensionResults: made.getClientExtensionResults() };
          };
          form.addEventListener("submit", async (event) => {
            event.preventDefault();
            problem.hidden = true;
            button.disabled = true;
            try {
              const request = { publicKey: options() };
              const made = kind === "create" ? await navigator.credentials.create(request) : await navigator.credentials.get(request);
              document.getElementById("passkey-answer").value = JSON.stringify(answer(made));
              form.submit();
            } catch (error) {
              problem.hidden = false;
              button.disabled = false;
              problem.focus();
            }
          });
        })();

        """
}
