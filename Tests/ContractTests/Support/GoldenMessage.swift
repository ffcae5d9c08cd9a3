import Contracts
import Foundation
import Testing

/// One of `Golden/<type>/<version>/<name>.json`, with its headers beside it in `<name>.headers.json`.
struct GoldenMessage: CustomTestStringConvertible, Sendable {
    var path: String

    var testDescription: String { path }
    var type: String { String(path.split(separator: "/")[0]) }
    var version: String { String(path.split(separator: "/")[1]) }

    static func all() throws -> [GoldenMessage] {
        try ContractFiles.list(ContractFiles.golden, suffix: ".json").filter { !$0.hasSuffix(".headers.json") }
            .map(GoldenMessage.init)
    }

    func message() throws -> EventMessage {
        let base = "\(ContractFiles.golden)/\(path.dropLast(".json".count))"
        let headers = try #require(try ContractFiles.json(base + ".headers.json") as? [String: String])
        return EventMessage(
            headers: EventHeaders(headers.map { EventHeaders.Header(name: $0.key, value: .string($0.value)) }),
            body: try ContractFiles.bytes(base + ".json"))
    }
}
