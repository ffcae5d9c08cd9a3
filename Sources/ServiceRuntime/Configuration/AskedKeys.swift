/// A key that a program asks for.
package struct AskedKey: Sendable, Equatable {
    /// `http.port`
    package var name: String
    /// Whether the program does not start without it, as the others are set.
    package var isRequired = false
    /// As it would be written; `nil` for none.
    package var fallback: String?
    /// What may stand there: `1 to 65535`, `100ms to 10m`, `true, false`, `text`.
    package var values = "text"
    package var meaning = ""

    /// The environment variable, `required` or `optional`, the key, the default, what may stand there, and the meaning,
    /// with tabs in between.
    package var line: String {
        [Settings.variable(name), isRequired ? "required" : "optional", name, fallback ?? "", values, meaning]
            .joined(separator: "\t")
    }
}

/// The keys that a program has asked for, and which of them it cannot do without.
struct AskedKeys: Sendable {
    private var keys: [String: AskedKey] = [:]
    /// Those that have no value, in either of a secret's two ways.
    private var absent: Set<String> = []

    /// - Parameter key: what is known of it; a second time, only what was not said before counts.
    mutating func asked(_ key: AskedKey, isAbsent: Bool) {
        var known = keys[key.name] ?? key
        if known.meaning.isEmpty { known = key }
        keys[key.name] = known
        if isAbsent { absent.insert(key.name) } else { absent.remove(key.name) }
    }

    /// Something was wrong with a key: if only that it is not there, it is required.
    mutating func rejected(_ key: String) {
        if absent.contains(key) { keys[key, default: AskedKey(name: key)].isRequired = true }
    }

    /// Whatever stands at its default is nothing that the program could bring along.
    mutating func needs(_ key: String) { rejected(key) }

    /// By the variables' names.
    var all: [AskedKey] { keys.values.sorted { Settings.variable($0.name) < Settings.variable($1.name) } }
}
