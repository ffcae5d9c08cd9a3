import Foundation

/// Who types here, for the record.
enum OperatorName {
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let user = environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? "unknown"
        return "\(user)@\(ProcessInfo.processInfo.hostName)"
    }
}
