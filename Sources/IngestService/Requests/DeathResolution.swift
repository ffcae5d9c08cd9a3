import Contracts

import struct Foundation.Date

/// What an operator has done about a death. A later death of the same message is a new one.
struct DeathResolution: Sendable, Equatable {
    enum Kind: String, Sendable {
        /// The stage has the message again.
        case replayed
        /// The message is gone.
        case discarded
    }

    var kind: Kind
    /// The death that it is about: this one, and what came before it.
    var deathAt: Date
    var at: Date
    /// Who did it.
    var by: String
    /// In the operator's words; for a discard.
    var why: String?

    init(_ data: StageReplayed) {
        self.init(kind: .replayed, deathAt: data.diedAt, at: data.replayedAt, by: data.by)
    }

    init(_ data: StageDiscarded) {
        self.init(kind: .discarded, deathAt: data.diedAt, at: data.discardedAt, by: data.by, why: data.why)
    }

    init(kind: Kind, deathAt: Date, at: Date, by: String, why: String? = nil) {
        self.kind = kind
        self.deathAt = deathAt
        self.at = at
        self.by = by
        self.why = why
    }
}
