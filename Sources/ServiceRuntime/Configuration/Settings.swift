package import Configuration
import Contracts
import Foundation

/// Reads configuration keys and collects everything that is wrong with them, so that an operator sees it all at once.
///
/// A key `http.port` is the environment variable `INTAKE_HTTP_PORT`, or `http: {port: …}` in the YAML file that
/// `INTAKE_CONFIG_FILE_PATH` names; the environment wins. A secret `admin.token` may also stand in a file: the key
/// `admin.token-file`, and so `INTAKE_ADMIN_TOKEN_FILE`, names it.
package struct Settings {
    /// One wrong key. A composition root throws it for what it alone can find out.
    package struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        package var key: String
        /// What is wrong with its value; holds no secret.
        package var text: String

        package init(key: String, text: String) {
            self.key = key
            self.text = text
        }

        package var description: String { "\(Settings.variable(key)) (\(key)): \(text)" }
    }

    private let reader: ConfigReader
    /// What the keys are read for.
    package enum Purpose: Sendable {
        /// To start the program, or to say what is wrong: files are read, and nothing is made.
        case reading
        /// To see which keys are asked for: no file is read. What would be made of files is then `nil`.
        case listing
    }

    private let purpose: Purpose
    package private(set) var problems: [Problem] = []
    /// What was read and is doubtful, sentences; it keeps nothing from starting.
    package private(set) var warnings: [String] = []
    private var asked = AskedKeys()

    /// - Parameters:
    ///   - reader: the root; keys are looked up below `intake`.
    ///   - purpose: what they are read for.
    package init(_ reader: ConfigReader, for purpose: Purpose = .reading) {
        self.reader = reader.scoped(to: "intake")
        self.purpose = purpose
    }

    /// Every key that was asked for, by the variables' names.
    package var keys: [AskedKey] { asked.all }

    /// Adds what whoever checks the configuration is told.
    package mutating func warn(_ warning: String) { warnings.append(warning) }

    /// The environment variable of a key.
    package static func variable(_ key: String) -> String {
        "INTAKE_" + key.uppercased().map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined()
    }

    /// - Parameter meaning: what the key is for, for those who set it; goes into docs/configuration.md.
    /// - Returns: `nil` when the key is absent or empty.
    package mutating func optionalString(_ key: String, meaning: String = "") -> String? {
        ask(AskedKey(name: key, meaning: meaning))
    }

    private mutating func ask(_ key: AskedKey) -> String? {
        let value = value(key.name)
        asked.asked(key, isAbsent: value == nil)
        return value
    }

    private func value(_ key: String, isSecret: Bool = false) -> String? {
        let value = reader.string(forKey: ConfigKey(key), isSecret: isSecret)
        return value?.isEmpty == true ? nil : value
    }

    /// Reads a secret: the key itself, or the first line of the file that `<key>-file` names. Both at once are a
    /// mistake.
    /// - Parameter need: why it cannot be absent, as in "is required when …"; `nil` when it can.
    /// - Returns: `nil` when it is absent, or when something is wrong, which is then recorded.
    package mutating func secret(_ key: String, need: String? = nil, meaning: String = "") -> String? {
        let fileKey = "\(key)-file"
        let (value, path) = (value(key, isSecret: true), value(fileKey))
        for (name, values, meaning) in [
            (key, "text", meaning), (fileKey, "path", "A file with `\(key)` in its first line."),
        ] {
            asked.asked(
                AskedKey(name: name, values: values, meaning: meaning), isAbsent: value == nil && path == nil)
        }
        switch (value, path) {
        case (nil, nil):
            guard let need else { return nil }
            reject(key, "is required \(need); \(Self.variable(fileKey)) may name a file that holds it")
            asked.rejected(fileKey)
            return nil
        case (let value?, nil):
            return value
        case (_?, _?):
            reject(fileKey, "is given together with \(Self.variable(key)) (\(key)): only one of them may be")
            return nil
        case (nil, let path?):
            return opened(fileKey) { () throws(SecretFile.Problem) in
                try SecretFile.secret(at: path)
            } problem: {
                "\(path) \($0.text)"
            }
        }
    }

    package mutating func string(_ key: String, default fallback: String, meaning: String = "") -> String {
        ask(AskedKey(name: key, fallback: fallback, meaning: meaning)) ?? fallback
    }

    /// A whole number.
    package mutating func int(
        _ key: String, default fallback: Int, in range: ClosedRange<Int>, meaning: String = ""
    ) -> Int {
        let values = "\(range.lowerBound) to \(range.upperBound)"
        // One that is out of range stands for "none".
        let shown = range.contains(fallback) ? "\(fallback)" : nil
        guard let text = ask(AskedKey(name: key, fallback: shown, values: values, meaning: meaning)) else {
            return fallback
        }
        guard let value = Int(foreign: text, in: range) else {
            reject(key, "'\(text)' is not a whole number from \(range.lowerBound) to \(range.upperBound)")
            return fallback
        }
        return value
    }

    package mutating func bool(_ key: String, default fallback: Bool, meaning: String = "") -> Bool {
        let asked = AskedKey(name: key, fallback: "\(fallback)", values: "true, false", meaning: meaning)
        guard let text = ask(asked) else { return fallback }
        switch text.lowercased() {
        case "true", "yes", "1": return true
        case "false", "no", "0": return false
        default:
            reject(key, "'\(text)' is neither true nor false")
            return fallback
        }
    }

    /// Reads `250ms`, `15s`, `2m`, `1h`.
    package mutating func duration(
        _ key: String, default fallback: Duration, in range: ClosedRange<Duration>, meaning: String = ""
    ) -> Duration {
        let values = "\(range.lowerBound.configured) to \(range.upperBound.configured)"
        let asked = AskedKey(name: key, fallback: fallback.configured, values: values, meaning: meaning)
        guard let text = ask(asked) else { return fallback }
        guard let value = Duration(configured: text), range.contains(value) else {
            reject(
                key,
                "'\(text)' is not a duration such as 250ms, 15s, 2m, 1h, "
                    + "from \(range.lowerBound.configured) to \(range.upperBound.configured)"
            )
            return fallback
        }
        return value
    }

    /// Reads one of a few words.
    package mutating func choice<Value>(_ key: String, default fallback: Value, meaning: String = "") -> Value
    where Value: CaseIterable & RawRepresentable<String> {
        let values = Value.allCases.map(\.rawValue).joined(separator: ", ")
        let asked = AskedKey(name: key, fallback: fallback.rawValue, values: values, meaning: meaning)
        guard let text = ask(asked) else { return fallback }
        guard let value = Value(rawValue: text) else {
            reject(key, "'\(text)' is none of \(values)")
            return fallback
        }
        return value
    }

    /// Reads a file that operators edit, and that is read again when it changes.
    /// - Parameter parse: throws everything that is wrong with the content at once; recorded under the key.
    /// - Returns: `nil` when the file cannot be read or parsed.
    package mutating func file<Value: Sendable>(
        _ key: String, default fallback: String, meaning: String = "",
        parse: @escaping @Sendable ([UInt8]) throws(FileProblems) -> Value
    ) -> ReloadingFile<Value>? {
        file(key, default: fallback, meaning: meaning) { bytes, _ throws(FileProblems) in try parse(bytes) }
    }

    /// The same for a file that names others, which are read again with it.
    package mutating func file<Value: Sendable>(
        _ key: String, default fallback: String, meaning: String = "", parse: @escaping ReloadingFile<Value>.Parse
    ) -> ReloadingFile<Value>? {
        let shown = fallback.isEmpty ? nil : fallback
        let asked = AskedKey(name: key, fallback: shown, values: "path", meaning: meaning)
        let path = ask(asked) ?? fallback
        self.asked.needs(key)
        if purpose == .listing { return nil }
        do throws(FileProblems) {
            return try ReloadingFile(path: path, parse: parse)
        } catch {
            for problem in error.problems { reject(key, "\(path): \(problem)") }
            return nil
        }
    }

    /// Opens what a key stands for, which must make nothing: other keys may be wrong.
    /// - Returns: `nil` when that fails, which is recorded under the key.
    package mutating func opened<Value, Failure>(
        _ key: String, _ open: () throws(Failure) -> Value, problem: (Failure) -> String
    ) -> Value? {
        if purpose == .listing { return nil }
        do throws(Failure) {
            return try open()
        } catch {
            reject(key, problem(error))
            return nil
        }
    }

    /// Records a problem that a component has found itself.
    package mutating func reject(_ key: String, _ problem: String) {
        problems.append(Problem(key: key, text: problem))
        asked.rejected(key)
    }
}

extension Duration {
    /// `250ms`, `15s`, `2m`, `1h`; `nil` for anything else.
    package init?(configured text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(foreign: digits, in: 0...1_000_000_000) else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": self = .milliseconds(count)
        case "s": self = .seconds(count)
        case "m": self = .seconds(count * 60)
        case "h": self = .seconds(count * 3600)
        default: return nil
        }
    }

    /// As `init(configured:)` reads it, in the largest unit that leaves no rest.
    package var configured: String {
        for (unit, name) in [(3600, "h"), (60, "m"), (1, "s")] {
            let length = Duration.seconds(unit)
            let count = Int64(clamping: self / length)
            if length * Int(count) == self { return "\(count)\(name)" }
        }
        return "\(Int64(clamping: self / .milliseconds(1)))ms"
    }
}
