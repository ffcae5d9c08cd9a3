/// One thing that is wrong, with everybody who says so: a lost broker stops every service at several of its checks, and
/// is one line all the same.
struct StatusCause: Sendable, Equatable {
    var text: String
    var services: [String]
    /// The lines of the readiness reports that say it; empty where none does.
    var checks: [String]

    /// What services say, in their order.
    static func all(of services: [ServiceStatus]) -> [StatusCause] {
        var causes: [StatusCause] = []
        for service in services {
            for problem in service.problems {
                let (check, text) = split(problem)
                let index =
                    causes.firstIndex { core($0.text) == core(text) && $0.checks.isEmpty == (check == nil) }
                    ?? causes.endIndex
                if index == causes.endIndex { causes.append(StatusCause(text: text, services: [], checks: [])) }
                if !causes[index].services.contains(service.service) { causes[index].services.append(service.service) }
                if let check, !causes[index].checks.contains(check) { causes[index].checks.append(check) }
            }
        }
        return causes
    }

    var line: String {
        ([services.joined(separator: ", ")] + (checks.isEmpty ? [] : [checks.joined(separator: ", ")]) + [text])
            .joined(separator: ": ")
    }

    /// Whether another sentence has the same cause in it.
    func isSaid(by sentence: String) -> Bool {
        let core = Self.core(text)
        return checks.contains { $0.hasPrefix("broker") } && !core.isEmpty && sentence.contains(core)
    }

    /// `store: cannot write: …` is what the check `store` says.
    private static func split(_ problem: String) -> (check: String?, text: String) {
        guard let colon = problem.firstRange(of: ": ") else { return (nil, problem) }
        let check = problem[..<colon.lowerBound]
        guard !check.isEmpty, check.allSatisfy({ $0.isLowercase || $0 == "-" }) else { return (nil, problem) }
        return (String(check), String(problem[colon.upperBound...]))
    }

    /// Without what was being done when it was noticed.
    private static func core(_ text: String) -> String {
        for doing in ["cannot write: ", "cannot read: "] where text.hasPrefix(doing) {
            return String(text.dropFirst(doing.count))
        }
        return text
    }
}
