import HummingbirdTLS
import NIOSSL
import ServiceRuntime

/// The certificate and key that the API is served with; read once, at the start.
enum ServerTLS {
    /// - Returns: `nil` when there is to be no TLS, or when something is wrong, which is then recorded.
    static func read(_ settings: inout Settings) -> TLSConfiguration? {
        let certificate = settings.optionalString(
            "http.tls.certificate",
            meaning: "PEM file of the certificate, behind it those that signed it; with it the API speaks TLS alone.")
        let key = settings.optionalString(
            "http.tls.key", meaning: "PEM file of its private key, without a password.")
        switch (certificate, key) {
        case (nil, nil): return nil
        case (nil, _?): settings.reject("http.tls.certificate", "is required with http.tls.key")
        case (_?, nil): settings.reject("http.tls.key", "is required with http.tls.certificate")
        case (let certificate?, let key?): return read(certificate, key, &settings)
        }
        return nil
    }

    private static func read(_ certificate: String, _ key: String, _ settings: inout Settings) -> TLSConfiguration? {
        // Errors of the library quote addresses in memory, and nothing that would help.
        let chain = try? NIOSSLCertificate.fromPEMFile(certificate)
        if chain?.isEmpty ?? true {
            settings.reject("http.tls.certificate", "\(certificate) cannot be read, or holds no certificate in PEM")
        }
        let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem)
        if privateKey == nil {
            settings.reject("http.tls.key", "\(key) cannot be read, or holds no private key in PEM")
        }
        guard let chain, !chain.isEmpty, let privateKey else { return nil }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(privateKey))
        configuration.minimumTLSVersion = .tlsv12
        // Throws when the two do not belong together.
        guard (try? NIOSSLContext(configuration: configuration)) != nil else {
            settings.reject("http.tls.key", "\(key) is not the key of \(certificate)")
            return nil
        }
        return configuration
    }
}
