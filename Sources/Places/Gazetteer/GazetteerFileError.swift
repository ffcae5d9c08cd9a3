/// The gazetteer's file is missing or unusable: the service cannot start.
package struct GazetteerFileError: Error, Sendable, Equatable, CustomStringConvertible {
    package var path: String
    /// One clause for the operator.
    package var problem: String

    package init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    package var description: String { "gazetteer \(path): \(problem)" }
}
