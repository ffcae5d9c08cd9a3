/// How far an organisation has come with a request that it covers: a state machine.
enum OrganizationStatus: String, Sendable, CaseIterable {
    /// Nobody has taken it on; also a request that was reopened. Goes to assigned, scheduled and canceled.
    case new
    /// Somebody has it. Goes to scheduled, completed and canceled.
    case assigned
    /// There is an appointment. Goes to assigned, completed and canceled.
    case scheduled
    /// The help was given. Goes to new, by being reopened.
    case completed
    /// It will not be given. Goes to new, by being reopened.
    case canceled

    /// What the staff may ask for.
    enum Step: String, Sendable, CaseIterable {
        case assigned, scheduled, completed, canceled, reopened

        /// Where the step leads.
        var target: OrganizationStatus {
            switch self {
            case .assigned: .assigned
            case .scheduled: .scheduled
            case .completed: .completed
            case .canceled: .canceled
            case .reopened: .new
            }
        }
    }

    enum Taken: Sendable, Equatable {
        case moved(OrganizationStatus)
        /// It is there already.
        case stays
        /// There is no such step from here.
        case refused
    }

    func taking(_ step: Step) -> Taken {
        if step.target == self { return .stays }
        let isPossible =
            switch (self, step) {
            case (.new, .assigned), (.new, .scheduled), (.new, .canceled): true
            case (.assigned, .scheduled), (.assigned, .completed), (.assigned, .canceled): true
            case (.scheduled, .assigned), (.scheduled, .completed), (.scheduled, .canceled): true
            case (.completed, .reopened), (.canceled, .reopened): true
            case (.new, _), (.assigned, _), (.scheduled, _), (.completed, _), (.canceled, _): false
            }
        return isPossible ? .moved(step.target) : .refused
    }
}
