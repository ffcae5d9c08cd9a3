import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Terminal

/// `intake erase`
struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Erase the personal data of one request.",
        discussion: """
            Name, street, phone, e-mail and the partner's own text are erased in IngestService's store at once, and so \
            are the bodies of the request's dead letters there. That there was such a request, and what was decided, \
            stays. Until its place is found a request needs its street: then it is refused, unless forced. A dead \
            letter of the stage geocode holds the street in its queue as well: discard it with intake dead discard. As \
            long as somebody reads the store, older copies can stay in its log: the command says so, and asked again, \
            whether they are gone.
            """)

    @Option(help: "The request's id, ours or the partner's.")
    var request: String

    @Flag(help: "Also while the place is not found yet. The event that has the street goes out all the same.")
    var force = false

    @Flag(help: "Print the outcome as JSON.")
    var json = false

    @OptionGroup var admin: AdminOptions<IngestListener>

    func run() async throws {
        let api = try admin.api()
        let id = try await api.resolve(request)
        let erased = try await api.send(
            EraseRequest.call(of: id) { $0.force = force }, missing: "there is no request \(id)")
        let time = Timestamp.string(erased.erasedAt)
        let text = Self.text(erased, time)
        try Output.write(json ? .json(erased) : .text(text))
    }

    static func text(_ erased: EraseRequest.Answer, _ time: String) -> String {
        let text = erased.erased ? "erased at \(time)" : "was erased at \(time)"
        guard erased.pending == true else { return text + "\n" }
        return text + "; still in the log of the store, until those have ended who read it now: ask again to see\n"
    }
}
