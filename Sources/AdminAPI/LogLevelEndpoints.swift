package import struct Foundation.Date

/// From which level up a service logs.
package enum ShowLogLevel: AdminEndpoint {
    package static let route = AdminRoute(.get, "log-level", of: .ingest, .geocode, .decision, .callback)
    package typealias Answer = LogLevelState
}

/// Another level from now on, for so long.
package enum ChangeLogLevel: AdminEndpoint {
    package static let route = AdminRoute(.put, ShowLogLevel.route)
    package typealias Answer = LogLevelState

    package struct Body: Sendable, Equatable, Codable {
        package enum CodingKeys: String, CodingKey, CaseIterable {
            case level, part
            case time = "for"
        }

        package var level: String
        /// A logger or a source, as a line of the log names it; everything by default.
        package var part: String?
        /// `10m`; by default until the next start.
        package var time: String?

        package init(level: String, part: String?, time: String?) {
            (self.level, self.part, self.time) = (level, part, time)
        }
    }
}

/// As it is configured.
package enum ResetLogLevel: AdminEndpoint {
    package static let route = AdminRoute(.delete, ShowLogLevel.route)
    package typealias Answer = LogLevelState
}

/// From which level up a service logs.
package struct LogLevelState: Sendable, Equatable, Codable {
    package struct Part: Sendable, Equatable, Codable {
        package var part: String
        package var level: String
        package var until: Date?

        package init(part: String, level: String, until: Date?) {
            (self.part, self.level, self.until) = (part, level, until)
        }
    }

    /// Of what no part says otherwise.
    package var level: String
    /// When it is as configured again; absent for with the next start.
    package var until: Date?
    package var configured: String
    /// Those with levels of their own.
    package var parts: [Part]

    package init(level: String, until: Date?, configured: String, parts: [Part]) {
        (self.level, self.until, self.configured, self.parts) = (level, until, configured, parts)
    }
}
