/// A way in which a partner can take a callback badly, by the name that `--misbehave` takes.
enum Misbehaviour: String, Sendable, Hashable, CaseIterable, Codable {
    /// Takes the callback, and closes the connection without an answer.
    case lostResponse = "lost-response"
    /// Does not take it, and says so under a status that means the contrary: 200 with `{"error":"unknown serial"}`.
    case errorIn200 = "error-in-200"
    /// Takes it, and answers when nobody waits any longer.
    case slow
    /// Does not take it, and asks for a second's peace.
    case tooManyRequests = "429"
    /// Reads the head, as far as it must to know which request this is, and resets the connection (RST).
    case reset
    /// The whole partner is down for a while, and again: it resets whatever comes. See `MisbehaviourPlan.isDown`.
    case flap
    /// Sends the caller elsewhere, with a 307. Nobody may follow: a callback carries the partner's authorization.
    case redirect
    /// Takes it, and answers 200 with more than anyone wants to read.
    case hugeBody = "huge-body"

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
