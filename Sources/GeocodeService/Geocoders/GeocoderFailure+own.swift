/// Failures of this side: the geocoder was not asked.
extension GeocoderFailure {
    /// The process stops, or nobody waits for the answer any more.
    static let stopping = GeocoderFailure(
        kind: .away(retryAfter: nil), code: "stopping", message: "The service is stopping.")

    /// More wait to ask than is sensible.
    static func crowded(retryAfter: Duration?) -> GeocoderFailure {
        GeocoderFailure(
            kind: .away(retryAfter: retryAfter), code: "crowded", message: "Too many questions wait for their turn.")
    }

    /// It has failed so often, or asked for patience.
    static func leftAlone(retryAfter: Duration?) -> GeocoderFailure {
        GeocoderFailure(
            kind: .away(retryAfter: retryAfter), code: "left-alone", message: "The geocoder is left alone for now.")
    }

    /// Whose turn it is cannot be known without the broker.
    static let noTurn = GeocoderFailure(
        kind: .away(retryAfter: nil), code: "no-turn", message: "The broker cannot say whose turn it is.")

    /// How long it asked to be left in peace.
    var retryAfter: Duration? {
        switch kind {
        case .away(let retryAfter): retryAfter
        case .refused, .unreadable: nil
        }
    }
}
