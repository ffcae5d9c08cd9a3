import ServiceRuntime

/// What becomes of a callback whose provider the callbacks file does not name.
enum UnknownProvider {
    /// The file may be about to be mended: with the standard schedule it is looked at again for two and a half minutes.
    static let attempts = 3

    /// - Parameter attempt: from 1.
    static func failure(attempt: Int) -> StageFailure {
        let message = "The callbacks file does not name this provider."
        return attempt <= attempts
            ? .transient("provider-not-configured", message) : .permanent("provider-not-configured", message)
    }
}
