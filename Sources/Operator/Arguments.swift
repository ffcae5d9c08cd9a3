import AdminAPI
import ArgumentParser
import Contracts
import Foundation
import Glibc
import ServiceRuntime

/// How long ago something was, as people write it on a command line: `30s`, `5m`, `2h`, `7d`.
struct Age: ExpressibleByArgument, CustomStringConvertible {
    var duration: Duration

    init(_ duration: Duration) { self.duration = duration }

    /// `nil` for what is no length of time, or shorter than a second.
    init?(argument: String) {
        var duration = Duration(configured: argument)
        if argument.last == "d", let days = Int(foreign: argument.dropLast(), in: 1...36500) {
            duration = .seconds(days * 86400)
        }
        guard let duration, duration >= .seconds(1) else { return nil }
        self.duration = duration
    }

    var description: String { duration.configured }
}

/// A day, `2026-01-31`, a time as in RFC 3339, or how long ago something was, `30d`.
enum DayOrAge: ExpressibleByArgument, Equatable {
    case time(Date)
    case age(Duration)

    /// `nil` for what is neither.
    init?(argument: String) {
        if let date = Timestamp.date(argument) ?? Timestamp.date(argument + "T00:00:00Z") {
            self = .time(date)
        } else if let age = Age(argument: argument) {
            self = .age(age.duration)
        } else {
            return nil
        }
    }

    func date(before now: Date) -> Date {
        switch self {
        case .time(let date): date
        case .age(let age): now.shifted(by: .zero - age)
        }
    }
}

/// A provider on a command line, by the id that the files give it.
struct ProviderName: ExpressibleByArgument, Equatable {
    var name: String

    /// `nil` for what no file can call a provider.
    init?(argument: String) {
        guard !argument.isEmpty, argument.utf8.count <= 128, argument.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        name = argument
    }
}

extension Stage: ExpressibleByArgument {}
extension AdminService: ExpressibleByArgument {}
extension StaffRole: ExpressibleByArgument {}

/// Who types here, for the record.
enum OperatorName {
    /// As the shell says; where it says nothing, as a cron job's or a container's, by the account.
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> String {
        let said = ["SUDO_USER", "USER", "LOGNAME"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
        return "\(said ?? account(getuid()))@\(ProcessInfo.processInfo.hostName)"
    }

    /// The account's name; its number when the system has no name for it.
    static func account(_ id: uid_t) -> String {
        var entry = passwd()
        var found: UnsafeMutablePointer<passwd>?
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 16384) { buffer in
            guard let base = buffer.baseAddress, getpwuid_r(id, &entry, base, buffer.count, &found) == 0,
                let name = found?.pointee.pw_name
            else { return "uid-\(id)" }
            return String(cString: name)
        }
    }
}
