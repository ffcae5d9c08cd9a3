package import HTTPExchange

/// Why a provider has signed nobody in. Holds nothing that was sent or received but codes of a provider's own.
package enum OpenIDFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// It could not be asked.
    case unreachable(NetworkFailure)
    /// It answered with a status that is no success.
    case status(Int)
    /// What it answered cannot be used.
    case answer(Fault)
    /// It did not take the code (RFC 6749, section 5.2).
    case refused(String)
    /// It said so instead of sending a code (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6).
    case notSignedIn(String)
    /// Its ID token says nothing that can be believed.
    case token(IDTokenFault)
    /// As many are being signed in by it as may be at once, or too many failed just now.
    case busy

    package enum Fault: String, Sendable {
        case tooLong = "it is too long"
        case notJSON = "it is no JSON object"
        case issuer = "its issuer is not the one that is configured"
        case endpoint = "an endpoint is missing or no address that may be asked"
        case clientAuthentication = "it knows no way of ours to show the client's secret"
        case keys = "it holds no key that can be used"
        case noToken = "it holds no ID token"
        case anotherSubject = "the claims are about somebody else"
    }

    package var description: String {
        switch self {
        case .unreachable(let failure): failure.words
        case .status(let status): "status \(status)"
        case .answer(let fault): fault.rawValue
        case .refused(let code): "it did not take the code: \(code)"
        case .notSignedIn(let code): "it sent no code: \(code)"
        case .token(let fault): "ID token: \(fault.rawValue)"
        case .busy: "too many at once"
        }
    }

    /// A code of a provider's, as RFC 6749 has them; anything else is not repeated.
    package static func code(_ text: String?) -> String {
        guard let text, (1...64).contains(text.utf8.count),
            text.utf8.allSatisfy({
                ($0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z")) || $0 == UInt8(ascii: "_")
            })
        else { return "no reason given" }
        return text
    }
}

/// What is wrong with an ID token (OpenID Connect Core 1.0, section 3.1.3.7).
package enum IDTokenFault: String, Error, Sendable {
    case malformed = "it is no signed token"
    case algorithm = "its algorithm is none that is accepted"
    case critical = "it must be understood in a way that is not known here"
    case unknownKey = "none of the provider's keys is meant"
    case signature = "its signature is wrong"
    case issuer = "it is another issuer's"
    case audience = "it is for somebody else"
    case nonce = "it belongs to another sign-in"
    case expired = "it has expired"
    case early = "it is of a time to come"
    case old = "it was made too long ago"
    case claims = "a claim that must be there is missing or of another kind"
}
