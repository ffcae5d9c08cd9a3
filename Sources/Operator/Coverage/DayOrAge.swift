import ArgumentParser
import Contracts
import Foundation

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
