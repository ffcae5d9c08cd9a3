package import Crypto
package import CryptoExtras
package import Foundation

/// A key that signs tokens as a provider does, and as one that means no good does: header and payload are taken as they
/// are written.
package enum SigningKey: Sendable {
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
    case rsa(_RSA.Signing.PrivateKey)

    /// Made once: it takes a while.
    package static let rsa2048 = try? SigningKey.rsa(_RSA.Signing.PrivateKey(keySize: .bits2048))
    package static let usual = SigningKey.p256(.init())

    /// A token of this header and payload, in JSON.
    /// - Parameter algorithm: how an RSA key signs.
    package func token(_ header: String, _ payload: String, algorithm: String = "RS256") throws -> String {
        let input = "\(Self.base64(Data(header.utf8))).\(Self.base64(Data(payload.utf8)))"
        return "\(input).\(Self.base64(try signature(Data(input.utf8), algorithm)))"
    }

    private func signature(_ data: Data, _ algorithm: String) throws -> Data {
        switch self {
        case .p256(let key): return try key.signature(for: data).rawRepresentation
        case .p384(let key): return try key.signature(for: data).rawRepresentation
        case .p521(let key): return try key.signature(for: data).rawRepresentation
        case .ed25519(let key): return try key.signature(for: data)
        case .rsa(let key):
            let padding = algorithm.hasPrefix("PS") ? _RSA.Signing.Padding.PSS : .insecurePKCS1v1_5
            switch algorithm.suffix(3) {
            case "384": return try key.signature(for: SHA384.hash(data: data), padding: padding).rawRepresentation
            case "512": return try key.signature(for: SHA512.hash(data: data), padding: padding).rawRepresentation
            default: return try key.signature(for: SHA256.hash(data: data), padding: padding).rawRepresentation
            }
        }
    }

    /// A token that is signed by a text that both know (`HS256`).
    package static func shared(_ secret: Data, _ header: String, _ payload: String) -> String {
        let input = "\(base64(Data(header.utf8))).\(base64(Data(payload.utf8)))"
        let code = HMAC<SHA256>.authenticationCode(for: Data(input.utf8), using: SymmetricKey(data: secret))
        return "\(input).\(base64(Data(code)))"
    }

    /// The public key as providers publish it.
    package func jwk(_ members: String = #""kid":"k""#) throws -> String {
        func curve(_ name: String, _ raw: Data) -> String {
            let half = raw.count / 2
            return
                #"{"kty":"EC","crv":"\#(name)","x":"\#(Self.base64(raw.prefix(half)))","y":"\#(Self.base64(raw.suffix(half)))",\#(members)}"#
        }
        switch self {
        case .p256(let key): return curve("P-256", key.publicKey.rawRepresentation)
        case .p384(let key): return curve("P-384", key.publicKey.rawRepresentation)
        case .p521(let key): return curve("P-521", key.publicKey.rawRepresentation)
        case .ed25519(let key):
            return
                #"{"kty":"OKP","crv":"Ed25519","x":"\#(Self.base64(key.publicKey.rawRepresentation))",\#(members)}"#
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            let (modulus, exponent) = (Self.base64(numbers.modulus), Self.base64(numbers.publicExponent))
            return #"{"kty":"RSA","n":"\#(modulus)","e":"\#(exponent)",\#(members)}"#
        }
    }

    package var pem: String {
        switch self {
        case .p256(let key): key.publicKey.pemRepresentation
        case .p384(let key): key.publicKey.pemRepresentation
        case .p521(let key): key.publicKey.pemRepresentation
        case .ed25519: ""
        case .rsa(let key): key.publicKey.pemRepresentation
        }
    }

    package static func base64(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
