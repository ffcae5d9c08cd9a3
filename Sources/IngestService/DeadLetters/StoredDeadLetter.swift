/// A dead letter as the store has it.
struct StoredDeadLetter: Sendable, Equatable {
    var message: DeadMessage
    /// What an operator has done about it; `nil` as long as it waits for one.
    var resolution: DeathResolution?
    /// Whether the partner has been told about its request, all the same.
    var isTold: Bool
}
