import Contracts
import Foundation
import ServiceRuntime

/// What CallbackService is told at start.
///
/// - `callbacks.file` (path, default `callbacks.yaml`): which partner is called where; see `Partners.parse`. It is read
///   again when it changes.
/// - `callback.concurrency` (1…4096, default 256): how many callbacks are under way at once to one partner, unless its
///   entry in the file says otherwise. As many connections may be open to it, so that none waits for another within its
///   timeout.
/// - `callback.state.path` (path, default `callback.sqlite`): where is kept which of a request's callbacks is the
///   newest; see `NewestSequences`. Made when it is not there; the directory must be.
/// - `callback.schedule` (names of retry tiers separated by commas, e.g. `1s,5s,30s`; default:
///   `5s,30s,2m,10m,1h,3h,6h,12h,24h,24h`): how long a callback waits after its first, second, … failed attempt. One
///   attempt more than there are names is made; then the callback is dead.
struct CallbackConfiguration: Sendable {
    /// Absent only when the file is wrong, which ends the process.
    var partners: ReloadingFile<Partners>?
    var concurrency: Int
    /// Absent only when the file cannot be used, which ends the process.
    var newest: NewestSequences?
    /// `nil` for the stage's default.
    var policy: RetryPolicy?

    init(from settings: inout Settings) {
        partners = settings.file("callbacks.file", default: "callbacks.yaml") { bytes throws(FileProblems) in
            try Partners.parse(bytes, secrets: .ofProcess)
        }
        concurrency = settings.int("callback.concurrency", default: 256, in: 1...4096)
        let path = settings.string("callback.state.path", default: "callback.sqlite")
        newest = settings.opened("callback.state.path") { () throws(NewestSequences.Failure) in
            try NewestSequences(path: path)
        } problem: {
            "\(path): \($0)"
        }
        if let text = settings.optionalString("callback.schedule") {
            switch Self.schedule(text) {
            case .success(let schedule): policy = RetryPolicy(schedule: schedule)
            case .failure(let problem): settings.reject("callback.schedule", problem.text)
            }
        }
    }

    /// Reads the names of retry tiers.
    static func schedule(_ text: String) -> Result<[RetryTier], ScheduleProblem> {
        let tiers = Topology.tiers(.callback)
        let names = text.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0.trimmingCharacters(in: .whitespaces) }
        let unknown = names.filter { name in !tiers.contains { $0.name == name } }
        guard unknown.isEmpty else {
            let listed = unknown.map { "'\($0)'" }.joined(separator: ", ")
            return .failure(
                ScheduleProblem(
                    text: "unknown tier \(listed); the tiers are \(tiers.map(\.name).joined(separator: ", "))"))
        }
        return .success(names.compactMap { name in tiers.first { $0.name == name } })
    }

    /// What is wrong with a schedule, in one line.
    struct ScheduleProblem: Error, Equatable {
        var text: String
    }
}
