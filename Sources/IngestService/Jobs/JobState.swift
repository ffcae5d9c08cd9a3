import Contracts

/// How far a request has come.
enum JobState: Sendable, Equatable {
    /// A stage has it, or it waits for one; `retry` when that stage has failed and tries again. Goes anywhere.
    case inProgress(stage: Stage, retry: StageTrouble.Retry?)
    /// A person is to decide. Goes to in progress when somebody has, or the deadline has passed.
    case inReview(Review)
    /// The partner has taken the answer. Final.
    case completed
    /// A stage gave up. Goes back to in progress when an operator replays the message.
    case failed(stage: Stage, StageTrouble.Death)
}

extension StoredRequest {
    /// The job's state, computed from whatever facts are there, so that their order does not matter.
    ///
    /// A later stage's fact says that the earlier ones have done their work, even when their own facts are still under
    /// way: so the state never moves backwards. A stage's death counts only while its work is not done.
    var job: JobState {
        if receipt != nil { return .completed }
        let open: [Stage] =
            if decision != nil || review != nil { [.callback] } else if geocoding != nil {
                [.decision, .callback]
            } else {
                [.geocode, .decision, .callback]
            }
        for stage in open {
            if let death = dead(stage)?.currentDeath { return .failed(stage: stage, death) }
        }
        if let openReview { return .inReview(openReview) }
        return .inProgress(stage: open[0], retry: retry(open[0]))
    }
}
