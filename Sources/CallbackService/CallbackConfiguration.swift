import Contracts
import Foundation
import PostgreSQL
import ServiceRuntime

/// What CallbackService is told at its start.
struct CallbackConfiguration: Sendable {
    /// Absent only when the file is wrong, which ends the process.
    var partners: ReloadingFile<Partners>?
    var concurrency: Int
    /// Opened when all else is known to be good: that makes the file.
    var state: StatePlace
    /// `nil` for the stage's default.
    var policy: RetryPolicy?

    init(from settings: inout Settings) {
        partners = settings.file(
            "callbacks.file", default: "callbacks.yaml",
            meaning: "Which partner is called where, and how; read again when it changes."
        ) { bytes throws(FileProblems) in
            try Partners.parse(bytes, secrets: .ofProcess)
        }
        concurrency = settings.int(
            "callback.concurrency", default: 256, in: 1...4096,
            meaning: "Callbacks under way at once to one partner, unless its entry in the file says otherwise.")
        let path = settings.string(
            "callback.state.path", default: "callback.sqlite",
            meaning: """
                Where is kept which step was told last, who is paused, and signing secrets that were changed; made \
                when it is not there.
                """)
        state = Self.state(path, &settings)
        if let text = settings.optionalString(
            "callback.schedule",
            meaning: """
                How long a callback waits after its first, second, … failed attempt, in names of retry queues, with \
                commas between them; 5s,30s,2m,10m,1h,3h,6h,12h,24h,24h without it.
                """)
        {
            switch Self.schedule(text) {
            case .success(let schedule): policy = RetryPolicy(schedule: schedule)
            case .failure(let problem): settings.reject("callback.schedule", problem.text)
            }
        }
    }

    /// Where the state is: a file, and in its place a server where there is an address.
    private static func state(_ path: String, _ settings: inout Settings) -> StatePlace {
        let url = settings.secret(
            StatePlace.urlKey,
            meaning: """
                A PostgreSQL database in place of that file, for callback services on several hosts: \
                postgresql://user:password@host:port/database. It may be the store's.
                """)
        guard let url else { return .file(path) }
        guard let address = PostgresAddress(url) else {
            settings.reject(StatePlace.urlKey, PostgresAddress.problem)
            return .file(path)
        }
        return .server(address)
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

/// Where the state is kept.
enum StatePlace: Sendable {
    case file(String)
    case server(PostgresAddress)

    fileprivate static let urlKey = "callback.state.url"

    /// Blocks: for start-up.
    /// - Throws: `Settings.Problem` when the file or the server cannot be used.
    func opened() throws(Settings.Problem) -> CallbackState {
        let (key, place): (String, String) =
            switch self {
            case .file(let path): ("callback.state.path", path)
            case .server(let address): (Self.urlKey, address.shown)
            }
        do throws(CallbackState.Failure) {
            switch self {
            case .file(let path): return try CallbackState(path: path)
            case .server(let address): return try CallbackState(address)
            }
        } catch {
            throw Settings.Problem(key: key, text: "\(place): \(error)")
        }
    }
}
