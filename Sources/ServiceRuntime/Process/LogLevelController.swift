import AdminAPI
import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// The log's level while the process runs, on every service's admin listener.
struct LogLevelController: Sendable {
    let levels: LogLevels

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.serve(ShowLogLevel.self) { _ in LogLevelState(levels) }
        group.serve(ChangeLogLevel.self, change)
        group.serve(ResetLogLevel.self) { asked in
            levels.reset()
            asked.logger.notice("The log level is as configured.", metadata: ["level": "\(levels.configured)"])
            return LogLevelState(levels)
        }
    }

    @Sendable private func change(_ asked: AdminQuestion<ChangeLogLevel>) async throws -> LogLevelState {
        var bytes: [UInt8] = []
        do { bytes = Array(buffer: try await asked.request.body.collect(upTo: 8192)) } catch is NIOTooManyBytesError {
            throw Problem(status: .contentTooLarge, code: "too-large", detail: "The body has more than 8192 bytes.")
        }
        let wish = try Wish.parse(bytes)
        guard levels.change(wish.part, to: wish.level, for: wish.time) else {
            throw Problem(
                status: .conflict, code: "too-many-parts",
                detail: "\(LogLevels.mostParts) parts have levels of their own already; DELETE ends them all.")
        }
        asked.logger.notice(
            "The log level is changed.",
            metadata: [
                "level": "\(wish.level)", "part": "\(wish.part ?? "all")",
                "for": "\(wish.time?.configured ?? "the process")",
            ])
        return LogLevelState(levels)
    }

    /// What is asked for.
    struct Wish: Sendable, Equatable {
        var level: Logger.Level
        var part: String?
        var time: Duration?

        /// - Throws: `Problem` with status 400 when the bytes are no JSON, with 422 and each mistake when they cannot
        ///   be.
        static func parse(_ bytes: [UInt8]) throws(Problem) -> Wish {
            let json: JSONValue
            do { json = try JSONValue(parsing: bytes) } catch {
                throw Problem(
                    status: .badRequest, code: "malformed", detail: "The body is not well-formed JSON in UTF-8.")
            }
            guard case .object(let object) = json else {
                throw invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
            }
            var errors: [FieldError] = []
            func text(_ key: ChangeLogLevel.Body.CodingKeys) -> String? {
                switch object[key.rawValue] {
                case nil, .null: return nil
                case .string(let text): return text
                default:
                    errors.append(FieldError(pointer: "/\(key.rawValue)", detail: "must be a text", code: .type))
                    return nil
                }
            }
            for member in object.members where ChangeLogLevel.Body.CodingKeys(rawValue: member.name) == nil {
                let name = member.name.utf8.count <= 64 ? PrintableText.of(member.name) : "…"
                errors.append(
                    FieldError(pointer: "/\(name)", detail: "is none of level, part and for", code: .notAllowed))
            }
            let (level, part, time) = (text(.level), text(.part), text(.time))
            let known = level.flatMap { Logger.Level(rawValue: $0) }
            if known == nil, !errors.contains(where: { $0.pointer == "/level" }) {
                errors.append(
                    FieldError(
                        pointer: "/level",
                        detail: "must be one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))",
                        code: level == nil ? .required : .notAllowed))
            }
            if let part, !isPart(part) {
                errors.append(
                    FieldError(
                        pointer: "/part", detail: "must be a logger or a source, as a line of the log names it",
                        code: .format))
            }
            let duration = time.flatMap { Duration(configured: $0) }
            if time != nil, duration.map({ $0 < .seconds(1) || $0 > LogLevels.longestTime }) ?? true {
                errors.append(
                    FieldError(pointer: "/for", detail: "must be 1s to 24h, such as 10m", code: .format))
            }
            guard errors.isEmpty, let known else { throw invalid(errors) }
            return Wish(level: known, part: part, time: duration)
        }

        private static func isPart(_ text: String) -> Bool {
            (1...128).contains(text.utf8.count) && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        }

        private static func invalid(_ errors: [FieldError]) -> Problem {
            Problem(
                status: .unprocessableContent, code: "invalid", detail: "The body has members that cannot be.",
                extensions: FieldErrors(errors))
        }
    }
}

extension LogLevelState {
    fileprivate init(_ levels: LogLevels) {
        let changes = levels.changes
        self.init(
            level: (changes.whole?.level ?? levels.configured).rawValue, until: changes.whole?.until,
            configured: levels.configured.rawValue,
            parts: changes.parts.sorted { $0.key < $1.key }.map {
                Part(part: $0.key, level: $0.value.level.rawValue, until: $0.value.until)
            })
    }
}
