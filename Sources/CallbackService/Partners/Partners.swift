import struct Foundation.Date

/// The partners of `callbacks.yaml`, by the id that the operator gave them.
struct Partners: Sendable, Equatable {
    var byID: [String: Partner]
    /// Who is told of trouble, by the names that the operator gave them; none is also a partner's id.
    var recipients: [String: AlertRecipient] = [:]
    /// What has come of the partners' signing secrets since the file named them.
    var rotations: [String: SecretRotations] = [:]

    /// A partner as it is told now: signed by the secrets that are good at this moment.
    subscript(id: String) -> Partner? {
        guard var partner = byID[id] else { return nil }
        if rotations[id] != nil { partner.signingSecrets = secrets(of: partner).map(\.secret) }
        return partner
    }

    /// What signs for a partner now, the newest first.
    /// - Parameter partner: as the file has it.
    func secrets(of partner: Partner, at now: Date = Date()) -> [SecretRotations.Current] {
        (rotations[partner.id] ?? SecretRotations()).current(after: partner.signingSecrets, at: now)
    }
}
