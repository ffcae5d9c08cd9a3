/// The gazetteer's file is missing or unusable: the service cannot start.
struct GazetteerFileError: Error, Sendable, Equatable, CustomStringConvertible {
    var path: String
    /// One clause for the operator.
    var problem: String

    var description: String { "gazetteer \(path): \(problem)" }
}
