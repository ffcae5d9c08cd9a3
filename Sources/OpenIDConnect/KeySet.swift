import Contracts
import JWTKit

/// A provider's public keys (RFC 7517, section 5). Those that are for something else, or of a kind that is not known
/// here, are passed over, as section 5 says.
struct KeySet: Sendable {
    /// Bytes of the document.
    static let longest = 256 * 1024
    private static let most = 100

    struct Key: Sendable {
        enum Kind: Sendable {
            case rsa(modulus: String, exponent: String)
            case curve(ECDSACurve, x: String, y: String)
            case ed25519(x: String)
        }

        var id: String?
        /// The only algorithm that it is for; `nil` for any of its kind.
        var algorithm: String?
        var kind: Kind
    }

    let keys: [Key]

    static func parse(_ bytes: [UInt8]) throws(OpenIDFailure) -> KeySet {
        guard let document = JSONObject.strict(bytes) else { throw .answer(.notJSON) }
        guard case .array(let values)? = document["keys"] else { throw .answer(.keys) }
        let keys = values.prefix(most).compactMap(Key.init)
        guard !keys.isEmpty else { throw .answer(.keys) }
        return KeySet(keys: keys)
    }

    /// The keys that a token can be signed by: that of its id; without an id the only one of its algorithm (OpenID
    /// Connect Core 1.0, section 10.1).
    func candidate(id: String?, _ algorithm: SigningAlgorithm) -> Key? {
        let fitting = keys.filter { key in
            algorithm.fits(key.kind) && (key.algorithm == nil || key.algorithm == algorithm.rawValue)
                && (id == nil || key.id == id)
        }
        return fitting.count == 1 ? fitting[0] : nil
    }
}

extension KeySet.Key {
    /// `nil` for a key that is no public key for signatures of a kind that is known here.
    init?(_ value: JSONValue) {
        guard case .object(let object) = value, !object.hasRepeatedNames,
            object["use"].map({ $0 == .string("sig") }) ?? true,
            object["key_ops"] == nil || object.texts("key_ops")?.contains("verify") == true
        else { return nil }
        id = object.text("kid", upTo: 512)
        algorithm = object.text("alg", upTo: 64)
        switch object.text("kty", upTo: 16) {
        case "RSA":
            guard let modulus = Self.number(object, "n", 256...1024), let exponent = Self.number(object, "e", 1...8)
            else { return nil }
            kind = .rsa(modulus: modulus, exponent: exponent)
        case "EC":
            guard let name = object.text("crv", upTo: 16), let curve = ECDSACurve(rawValue: name),
                let size = SigningAlgorithm.sizes[name], let x = Self.number(object, "x", size...size),
                let y = Self.number(object, "y", size...size)
            else { return nil }
            kind = .curve(curve, x: x, y: y)
        case "OKP":
            guard object.text("crv", upTo: 16) == "Ed25519", let x = Self.number(object, "x", 32...32) else {
                return nil
            }
            kind = .ed25519(x: x)
        default: return nil
        }
    }

    /// - Parameter sizes: in bytes. An RSA key has 2048 bits at least (RFC 7518, section 3.3), and no more than anybody
    ///   makes: a longer one takes time to verify with.
    private static func number(_ object: JSONObject, _ name: String, _ sizes: ClosedRange<Int>) -> String? {
        guard let text = object.text(name, upTo: 4096), let bytes = Base64URL.decode(text.utf8),
            sizes.contains(bytes.count)
        else { return nil }
        return text
    }

    /// The key as jwt-kit takes it, for one algorithm.
    func verifying(_ algorithm: SigningAlgorithm) -> JWK {
        let id = JWKIdentifier(string: id ?? "")
        return switch kind {
        case .rsa(let modulus, let exponent):
            .rsa(algorithm.jwk, identifier: id, modulus: modulus, exponent: exponent)
        case .curve(let curve, let x, let y): .ecdsa(algorithm.jwk, identifier: id, x: x, y: y, curve: curve)
        case .ed25519(let x): .octetKeyPair(algorithm.jwk, identifier: id, x: x, y: nil, curve: .ed25519)
        }
    }
}

/// The signatures that are accepted (RFC 7518, section 3.1; RFC 8037): those of a private key alone. `none` is none,
/// and `HS256` would make the client's secret, or a public key, a key that signs (RFC 8725, sections 2.1 and 3.1).
enum SigningAlgorithm: String, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case eddsa = "EdDSA"

    /// Bytes of a coordinate on each curve.
    static let sizes = ["P-256": 32, "P-384": 48, "P-521": 66]

    /// Whether it is one for keys of a kind: an algorithm has its curve (RFC 7518, section 3.4).
    func fits(_ kind: KeySet.Key.Kind) -> Bool {
        switch (self, kind) {
        case (.rs256, .rsa), (.rs384, .rsa), (.rs512, .rsa), (.ps256, .rsa), (.ps384, .rsa), (.ps512, .rsa): true
        case (.es256, .curve(let curve, _, _)): curve.rawValue == "P-256"
        case (.es384, .curve(let curve, _, _)): curve.rawValue == "P-384"
        case (.es512, .curve(let curve, _, _)): curve.rawValue == "P-521"
        case (.eddsa, .ed25519): true
        default: false
        }
    }

    var jwk: JWK.Algorithm? { JWK.Algorithm(rawValue: rawValue) }
}
