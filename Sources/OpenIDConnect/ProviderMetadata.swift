import Contracts

/// What a provider says about itself (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2), as far as it is
/// used here.
struct ProviderMetadata: Sendable, Equatable {
    /// How the client's secret is shown at the token endpoint (OpenID Connect Core 1.0, section 9).
    enum Authentication: String, Sendable {
        case basic = "client_secret_basic"
        case post = "client_secret_post"
    }

    /// Bytes of the document.
    static let longest = 256 * 1024

    var authorizationEndpoint: String
    var tokenEndpoint: String
    var keys: String
    var userInfoEndpoint: String?
    /// Where a browser signs out of the provider, too (OpenID Connect RP-Initiated Logout 1.0, section 2.1).
    var endSessionEndpoint: String?
    var authentication: Authentication
    /// Whether each of its answers names it (RFC 9207, section 3).
    var namesItself: Bool

    /// Where an issuer's document is (OpenID Connect Discovery 1.0, section 4.1: behind the issuer's own path).
    static func address(of issuer: String) -> String {
        (issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer) + "/.well-known/openid-configuration"
    }

    /// - Parameter issuer: as it is configured. The document must name the very same, byte by byte: one that could be
    ///   put there by somebody else could send people anywhere (Discovery, section 4.3; RFC 8414, section 3.3).
    static func parse(_ bytes: [UInt8], issuer: String) throws(OpenIDFailure) -> ProviderMetadata {
        guard let document = JSONObject.strict(bytes) else { throw .answer(.notJSON) }
        guard document.text("issuer").map({ $0.utf8.elementsEqual(issuer.utf8) }) == true else {
            throw .answer(.issuer)
        }
        func endpoint(_ name: String) throws(OpenIDFailure) -> String? {
            guard let value = document[name], value != .null else { return nil }
            guard let text = document.text(name), ProviderAddress.isGood(text, mayHaveQuery: true) else {
                throw .answer(.endpoint)
            }
            return text
        }
        guard let authorization = try endpoint("authorization_endpoint"),
            let token = try endpoint("token_endpoint"), let keys = try endpoint("jwks_uri")
        else { throw .answer(.endpoint) }
        // Absent means this one.
        let ways = document.texts("token_endpoint_auth_methods_supported") ?? [Authentication.basic.rawValue]
        guard
            let way = [Authentication.basic, .post].first(where: { ways.contains($0.rawValue) })
                ?? (ways.contains("none") ? .post : nil)
        else { throw .answer(.clientAuthentication) }
        return ProviderMetadata(
            authorizationEndpoint: authorization, tokenEndpoint: token, keys: keys,
            userInfoEndpoint: try endpoint("userinfo_endpoint"),
            endSessionEndpoint: try endpoint("end_session_endpoint"), authentication: way,
            namesItself: document["authorization_response_iss_parameter_supported"] == .bool(true))
    }
}
