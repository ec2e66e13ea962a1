import Foundation

/// A self-signed certificate and its key in files, made by openssl.
struct CertificatePair {
    let certificate: String
    let key: String

    static func make(name: String) async throws -> CertificatePair {
        let folder = NSTemporaryDirectory() + "gatehouse-certificate-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let pair = CertificatePair(certificate: folder + "/certificate.pem", key: folder + "/key.pem")
        try await pair.renew(name: name)
        return pair
    }

    /// Puts another certificate for another name in its place.
    func renew(name: String) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/openssl")
        process.arguments = [
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=\(name)",
            "-addext", "subjectAltName=DNS:\(name)", "-keyout", key, "-out", certificate,
        ]
        process.standardError = FileHandle.nullDevice
        try process.run()
        await Task.detached { process.waitUntilExit() }.value
        guard process.terminationStatus == 0 else { throw CocoaError(.fileWriteUnknown) }
    }
}
