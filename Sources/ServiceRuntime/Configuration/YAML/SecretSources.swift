import Synchronization
package import Yams

import struct Foundation.Data
import class Foundation.ProcessInfo
import struct Foundation.URL

/// Where secrets are that do not stand in a file itself.
package struct SecretSources: Sendable {
    /// The content of a file.
    /// - Throws: whatever the file system says.
    package var readFile: @Sendable (_ path: String) throws -> [UInt8]
    /// The value of an environment variable; `nil` when it is not set.
    package var environment: @Sendable (_ name: String) -> String?

    package init(
        readFile: @escaping @Sendable (_ path: String) throws -> [UInt8],
        environment: @escaping @Sendable (_ name: String) -> String?
    ) {
        self.readFile = readFile
        self.environment = environment
    }

    /// The process's own files and environment; a relative path starts at the working directory.
    package static let ofProcess = SecretSources(
        readFile: { [UInt8](try Data(contentsOf: URL(fileURLWithPath: $0))) },
        environment: { name in
            named.withLock { _ = $0.insert(name) }
            return ProcessInfo.processInfo.environment[name]
        })

    private static let named = Mutex<Set<String>>([])

    /// The variables that the process's files have named.
    static var variablesNamed: Set<String> { named.withLock { $0 } }
}

/// A reader whose file may say where a secret is, instead of the secret itself.
package protocol SecretReading: YAMLReading {
    var secrets: SecretSources { get }
}

extension SecretReading {
    /// The one key of `name`, `name_file` and `name_env` that is given; several are reported.
    package mutating func onlyOne(
        _ name: String, of fields: [String: Node], _ parent: Node, at path: String
    ) -> (String, Node)? {
        let given = [name, "\(name)_file", "\(name)_env"].filter { fields[$0] != nil }
        guard given.count <= 1 else {
            report(path, parent, "has \(given.joined(separator: " and ")): only one of them may be given")
            return nil
        }
        guard let name = given.first, let node = fields[name] else { return nil }
        return (name, node)
    }

    /// The secret that a key holds, or that is where the key says.
    package mutating func secret(_ name: String, _ node: Node, at path: String) -> String? {
        guard let text = text(node, at: path) else { return nil }
        if name.hasSuffix("_file") {
            guard let bytes = file(text, node, at: path) else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard name.hasSuffix("_env") else { return text }
        guard let found = secrets.environment(text) else {
            report(path, node, "the environment variable is not set")
            return nil
        }
        return found
    }

    /// The first line, when the key names a file; so that an editor's line break at its end is no part of the secret.
    package mutating func secretLine(_ name: String, _ node: Node, at path: String) -> String? {
        guard let value = secret(name, node, at: path) else { return nil }
        return name.hasSuffix("_file") ? String(value.prefix { !$0.isNewline }) : value
    }

    package mutating func file(_ name: String, _ node: Node, at path: String) -> [UInt8]? {
        // Why it cannot be read stands in its name, which the operator knows.
        guard let bytes = try? secrets.readFile(name) else {
            report(path, node, "the file cannot be read")
            return nil
        }
        return bytes
    }
}
