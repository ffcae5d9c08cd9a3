import Configuration
import ServiceRuntime

/// A secret of the environment, read as the services read theirs: the variable itself, or the file that another one
/// names.
package enum EnvironmentSecret {
    /// - Parameter key: `admin.token` for `INTAKE_ADMIN_TOKEN` and `INTAKE_ADMIN_TOKEN_FILE`.
    /// - Returns: `nil` when there is none.
    /// - Throws: `CommandError`, which names the variable, when both are set or the file cannot be used.
    package static func read(_ key: String, from environment: [String: String]) throws(CommandError) -> String? {
        var settings = Settings(
            ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: environment)))
        let secret = settings.secret(key)
        guard let problem = settings.problems.first else { return secret }
        throw CommandError(problem.description)
    }
}
