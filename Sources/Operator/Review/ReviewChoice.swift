import ArgumentParser
import Contracts
import Foundation

/// Which reviews are decided, and what is noted about it.
struct ReviewChoice: ParsableArguments {
    @Argument(help: "The requests' ids.")
    var requests: [MessageIdentifier]

    @Option(help: "Why; for the organisation alone. At most 500 characters.")
    var note: String?

    @OptionGroup var admin: AdminOptions<IngestListener>

    func validate() throws {
        if requests.isEmpty { throw ValidationError("Name at least one request.") }
        if let note, note.count > 500 { throw ValidationError("--note may have at most 500 characters.") }
    }

    /// Decides one after the other, and says what each came to. One that cannot be decided keeps none of the others from it.
    /// - Throws: `ExitCode` 1 when there was such a one.
    func decide(_ word: ReviewWord) async throws {
        let (api, name) = (try admin.api(), OperatorName.current())
        var failures = 0
        for request in requests {
            let line: String
            do throws(OperatorError) {
                let outcome = try await api.decideReview(request.id, word, by: name, note: note)
                line = outcome.decided ? word.past : "\(word.past) before"
            } catch {
                failures += 1
                line = "not decided: \(error.description)"
            }
            try FileHandle.standardOutput.write(contentsOf: Data("\(request.id.canonical)  \(line)\n".utf8))
        }
        if failures > 0 { throw ExitCode(1) }
    }
}
