/// What is to become of the chosen dead letters.
enum Remedy: Sendable, Equatable {
    /// Their stage gets them again.
    case replay
    /// They are thrown away, for a reason.
    case discard(why: String)

    /// Why a letter is thrown away by a replay: its request was told all the same.
    static let toldWhy = "The partner had been told already."
}
