package import NIOSSL

/// A certificate authority of the tests' own, and what it says of the host `partner.test`. Made with `openssl`, good
/// for a hundred years; nobody else trusts the authority, and its key is thrown away.
package enum TestCertificates {
    package static let host = "partner.test"

    package static let authority = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAT+gAwIBAgIUKA9SloKfshpM1IXi+agoMmHyh80wCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOSW50YWtlIFRlc3QgQ0EwIBcNMjYxMTIyMDEyNjQ1WhgPMjEy
        NjEwMjkwMTI2NDVaMBkxFzAVBgNVBAMMDkludGFrZSBUZXN0IENBMFkwEwYHKoZI
        zj0CAQYIKoZIzj0DAQcDQgAEZ0z5KCwemKFKJkso9cDqUq8R6DwGw6+4+6achQxS
        7iIm2WfYY93oo1QL7gNy31tbiGRNW9FgmhWt21eYImmM8aNjMGEwHQYDVR0OBBYE
        FEIV3U8h2463bufWlqG7ZoWkJUoQMB8GA1UdIwQYMBaAFEIV3U8h2463bufWlqG7
        ZoWkJUoQMA8GA1UdEwEB/wQFMAMBAf8wDgYDVR0PAQH/BAQDAgIEMAoGCCqGSM49
        BAMCA0kAMEYCIQCi13lunQv4Qc5xAne2DQuSH5P1kLHBhwkSxabhxuD/WQIhALq9
        Mj7Cmr+YAtkW+AXAy6RoFl1xNANHyVhkjCljgpnf
        -----END CERTIFICATE-----
        """

    private static let leaf = """
        -----BEGIN CERTIFICATE-----
        MIIBmTCCAUCgAwIBAgIUQGAqQwp+nnxIA5bjFHcKVFz4JEIwCgYIKoZIzj0EAwIw
        GTEXMBUGA1UEAwwOSW50YWtlIFRlc3QgQ0EwIBcNMjYxMTIyMDEyNjQ1WhgPMjEy
        NjEwMjkwMTI2NDVaMBcxFTATBgNVBAMMDHBhcnRuZXIudGVzdDBZMBMGByqGSM49
        AgEGCCqGSM49AwEHA0IABPDJDmQvE3RNsg628O2WckZPKM7J9kAIqSSSudmANCVh
        JBoY5pGYQQ7W/VudFTYc4R4g2eV14scuqHtfmBzRFvyjZjBkMBcGA1UdEQQQMA6C
        DHBhcnRuZXIudGVzdDAJBgNVHRMEAjAAMB0GA1UdDgQWBBSp5PRof5vpb4G3Trfz
        igRnbGlshTAfBgNVHSMEGDAWgBRCFd1PIduOt27n1pahu2aFpCVKEDAKBggqhkjO
        PQQDAgNHADBEAiBOSfBQxbPXKCG+C0WYMduRSXttC7NpjmhLEISrPFg84gIgVME5
        fdsA10fMLrt5vfxssaJIL246sYtAAJ50J0FgPLw=
        -----END CERTIFICATE-----
        """

    private static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgNhO2wB6mXApButDQ
        NbdfFmTbkkFsvcR8fXaNuJalu/GhRANCAATwyQ5kLxN0TbIOtvDtlnJGTyjOyfZA
        CKkkkrnZgDQlYSQaGOaRmEEO1v1bnRU2HOEeINnldeLHLqh7X5gc0Rb8
        -----END PRIVATE KEY-----
        """

    package static func serverContext() throws -> NIOSSLContext {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(leaf.utf8))
        let key = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(
                certificateChain: certificates.map { .certificate($0) }, privateKey: .privateKey(key)))
    }
}
