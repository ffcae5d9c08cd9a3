package import Contracts
package import Foundation

/// What the projection knows of dead letters: the store itself within IngestService, its admin API for the command.
package protocol DeadLetterRecords: Sendable {
    /// - Returns: `nil` when it knows of no such letter.
    func letter(_ messageID: UUID, of stage: Stage) async throws -> KnownLetter?
}

/// A dead letter as the projection knows it.
package struct KnownLetter: Sendable, Equatable {
    /// What somebody has done about it.
    package struct Resolution: Sendable, Equatable {
        /// How often the message had been given back before the death that this is about; `nil` when nobody said.
        package var replays: Int?

        package init(replays: Int?) { self.replays = replays }
    }

    /// How far the job of its request is.
    package struct Job: Sendable, Equatable {
        /// The stage that has it or gave it up; `nil` when all is done.
        package var stage: Stage?

        package init(stage: Stage?) { self.stage = stage }
    }

    package var reason: String
    package var error: StageError
    package var diedAt: Date
    /// How often it had been given back before that; `nil` when nobody said.
    package var replays: Int?
    /// Whether the partner was told all the same.
    package var told: Bool
    /// `nil` as long as it waits for somebody.
    package var resolution: Resolution?
    /// `nil` when its request is not known.
    package var job: Job?

    package init(
        reason: String, error: StageError, diedAt: Date, replays: Int?, told: Bool, resolution: Resolution? = nil,
        job: Job? = nil
    ) {
        self.reason = reason
        self.error = error
        self.diedAt = diedAt
        self.replays = replays
        self.told = told
        self.resolution = resolution
        self.job = job
    }
}
