// Tests of WebAuthn
