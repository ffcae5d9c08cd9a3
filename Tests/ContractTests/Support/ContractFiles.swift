import Foundation
import TestSupport
import Testing

/// The contracts' files in the checkout.
enum ContractFiles {
    static let schemas = Repository.path("Sources/Contracts/Schemas")
    static let released = Repository.path("Sources/Contracts/Released")
    static let asyncAPI = Repository.path("Sources/Contracts/asyncapi.yaml")
    static let pacts = Repository.path("Tests/ContractTests/Pacts")
    static let golden = Repository.path("Tests/ContractTests/Golden")

    /// The files under a directory whose names end so, by path from there, in their order.
    static func list(_ directory: String, suffix: String) throws -> [String] {
        let all = try #require(FileManager.default.enumerator(atPath: directory))
        return all.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted()
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
    }

    static func json(_ path: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes(path))) as? [String: Any])
    }
}
