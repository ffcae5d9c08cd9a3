import Contracts
import Hummingbird

/// Which part of a list is asked for. The cursor is the last id of the page before, so that new requests, which come
/// first, move nothing.
struct Page: Sendable, Equatable {
    static let limits = 1...200
    static let defaultLimit = 50

    var limit: Int
    /// Only what is older than this one.
    var before: Contracts.RequestID?

    /// Reads `limit` and `cursor`.
    /// - Throws: `Problem` with status 400 that names what is wrong.
    init(_ parameters: Parameters) throws(Problem) {
        var errors: [FieldError] = []
        limit = Self.defaultLimit
        if let text = parameters.get("limit") {
            if let number = Int(text), Self.limits.contains(number) {
                limit = number
            } else {
                errors.append(
                    FieldError(
                        pointer: "/limit", detail: "must be \(Self.limits.lowerBound) to \(Self.limits.upperBound)",
                        code: .format))
            }
        }
        if let text = parameters.get("cursor") {
            before = Contracts.RequestID(text)
            if before == nil {
                errors.append(
                    FieldError(pointer: "/cursor", detail: "must come from the next of a page", code: .format))
            }
        }
        guard errors.isEmpty else { throw .badQuery(errors) }
    }

    /// The path of the page that follows the one that ends with this request.
    func after(_ last: Contracts.RequestID) -> String { "\(APIPath.requests)?limit=\(limit)&cursor=\(last)" }
}
