import AdminAPI
import AdminCalls
import Contracts
import Foundation
import Terminal

/// A draft on this machine, uploaded together with the files that it names. Which those are only DecisionService knows:
/// it says what is missing.
struct DraftReader: Sendable {
    /// As the service takes them.
    static let sizeLimit = 48 * 1024 * 1024

    let path: String

    /// - Throws: `CommandError` with everything that is wrong with the draft, a line each.
    func upload(to api: ServiceAdmin) async throws(CommandError) -> UploadDraft.Answer {
        var bundle = CoverageBundle(coverage: try read(URL(fileURLWithPath: path), name: path), files: [:])
        while true {
            let call = UploadDraft.call(body: bundle)
            let faults: DraftFaults
            do throws(AdminFailure) { return try await api.client.send(call, timeout: UploadDraft.patience) } catch {
                guard let found = error.problem?.draft else { throw api.error(error) }
                faults = found
            }
            // What is nowhere in the draft was not named by it.
            let missing = (faults.missingFiles ?? []).filter {
                bundle.files?[$0] == nil && bundle.coverage.contains($0)
            }
            guard !missing.isEmpty else { throw Self.refusal(path, faults.problems) }
            for name in missing {
                bundle.files?[name] = try read(URL(fileURLWithPath: name, relativeTo: folder), name: name)
            }
            let size = bundle.coverage.utf8.count + (bundle.files ?? [:]).values.reduce(0) { $0 + $1.utf8.count }
            guard size <= Self.sizeLimit else {
                throw CommandError("\(path) and its files have more than \(Self.sizeLimit >> 20) MiB together")
            }
        }
    }

    /// Names in the draft are relative to where it is.
    private var folder: URL { URL(fileURLWithPath: path).deletingLastPathComponent() }

    private func read(_ url: URL, name: String) throws(CommandError) -> String {
        guard let content = FileManager.default.contents(atPath: url.path) else {
            throw CommandError("\(name) cannot be read")
        }
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CommandError("\(name) is not UTF-8")
        }
        return text
    }

    private static func refusal(_ path: String, _ problems: [String]) -> CommandError {
        let lines = problems.map { "  " + PrintableText.of($0) }
        return CommandError((["\(path) cannot come into force:"] + lines).joined(separator: "\n"))
    }
}
