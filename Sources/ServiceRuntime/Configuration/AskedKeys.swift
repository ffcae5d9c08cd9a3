/// The keys that a program has asked for, and which of them it cannot do without.
struct AskedKeys: Sendable {
    /// By key: whether it must be set.
    private var requirements: [String: Bool] = [:]
    /// Those that have no value, in either of a secret's two ways.
    private var absent: Set<String> = []

    mutating func asked(_ key: String, isAbsent: Bool) {
        requirements[key] = requirements[key] ?? false
        if isAbsent { absent.insert(key) } else { absent.remove(key) }
    }

    /// Something was wrong with a key: if only that it is not there, it is required.
    mutating func rejected(_ key: String) {
        if absent.contains(key) { requirements[key] = true }
    }

    /// Whatever stands at its default is nothing that the program could bring along.
    mutating func needs(_ key: String) { rejected(key) }

    /// `INTAKE_HTTP_PORT`, a tab, `required` or `optional`; by name.
    var lines: [String] {
        requirements.map { "\(Settings.variable($0.key))\t\($0.value ? "required" : "optional")" }.sorted()
    }
}
