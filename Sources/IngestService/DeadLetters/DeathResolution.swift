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
    /// The death that it is about, by the time that the letter told.
    var deathAt: Date
    var at: Date
    /// Who did it.
    var by: String
    /// In the operator's words; for a discard.
    var why: String?
    /// How often the message had been given back before that death; `nil` when an earlier version of `intake` did it,
    /// which names deaths by their time alone.
    var replays: Int?

    init(_ data: StageReplayed) {
        self.init(kind: .replayed, deathAt: data.diedAt, at: data.replayedAt, by: data.by, replays: data.replays)
    }

    init(_ data: StageDiscarded) {
        self.init(
            kind: .discarded, deathAt: data.diedAt, at: data.discardedAt, by: data.by, why: data.why,
            replays: data.replays)
    }

    init(kind: Kind, deathAt: Date, at: Date, by: String, why: String? = nil, replays: Int? = nil) {
        self.kind = kind
        self.deathAt = deathAt
        self.at = at
        self.by = by
        self.why = why
        self.replays = replays
    }

    /// Whether it is about this death of the message, or one after it.
    func covers(_ death: StageTrouble.Death) -> Bool {
        if let replays { return replays >= death.replays }
        return deathAt >= death.at
    }
}
