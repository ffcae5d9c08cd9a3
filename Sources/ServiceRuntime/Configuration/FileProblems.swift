/// Everything that is wrong with a file, each in one line that says where.
package struct FileProblems: Error, Sendable, Equatable, CustomStringConvertible {
    package var problems: [String]

    package init(_ problems: [String]) { self.problems = problems }

    package var description: String { problems.joined(separator: "; ") }
}
