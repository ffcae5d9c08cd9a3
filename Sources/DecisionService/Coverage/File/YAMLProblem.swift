import Yams

/// What is wrong with a text that is no YAML, in one line.
enum YAMLProblem {
    static func describe(_ error: any Error) -> String {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "\(problem) (line \(mark.line))"
        case .reader(let problem, _, _, _): problem
        case .duplicatedKeysInMapping(let duplicates, let context):
            "the key \(duplicates.map(CoverageProblems.shown).joined(separator: ", ")) stands twice"
                + " (line \(context.mark.line))"
        default: "it cannot be read"
        }
    }
}
