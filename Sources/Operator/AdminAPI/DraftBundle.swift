/// A draft of the coverage with the files that it names.
struct DraftBundle: Sendable, Equatable, Encodable {
    /// The text of the draft itself.
    var coverage: String
    /// Texts by the names that the draft gives them.
    var files: [String: String] = [:]
}

/// What became of an upload.
enum DraftUpload: Sendable, Equatable {
    case taken(Draft)
    case faulty(FaultyDraft)

    struct Draft: Sendable, Equatable, Decodable {
        var id: String
        var coverageVersion: String
        var organizations: [String]
    }
}

/// A draft that cannot come into force.
struct FaultyDraft: Sendable, Equatable, Decodable {
    var problems: [String]
    /// Files that it names and that did not come with it.
    var missingFiles: [String]?
}
