import ServiceRuntime

extension ProviderDirectory {
    /// Reads `providers.yaml`:
    ///
    /// ```yaml
    /// providers:
    ///   example-portal:              # 1 to 64 ASCII letters, digits, '-', '_'
    ///     organization: example-org  # the organisation that it works for, 1 to 128 characters
    ///     tokens:                    # any number, so that they can be rotated; none locks the provider out
    ///       - sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    ///     rate: 50/s      # optional: submissions in the long run, for each s, m or h; more are answered with 429
    ///     burst: 100      # submissions at once after a pause; a second's worth unless given
    ///     in_flight: 64   # submissions under way at once
    /// organizations:                 # optional: who may look at an organisation's requests
    ///   example-org:                 # as the providers that work for it name it
    ///     tokens:                    # any number; none locks its staff out
    ///       - {sha256: 9f86…, may: read}   # to look at requests
    ///       - {sha256: 60f5…, may: write}  # to change their status, too
    /// ```
    ///
    /// - Throws: `FileProblems`: all of them, each with its path in the file and its line.
    static func parse(_ bytes: [UInt8]) throws(FileProblems) -> ProviderDirectory {
        var reader = ProvidersReader()
        return try reader.read(bytes)
    }
}
