import Contracts
package import Logging

/// A log of which each event is one line, whatever it quotes: what others wrote (a partner's answer, a code in a
/// message, a path) can neither begin a line of its own nor steer the terminal that shows it.
package struct PrintableLog: LogHandler {
    private var base: any LogHandler

    package init(_ base: some LogHandler) { self.base = base }

    package var logLevel: Logger.Level {
        get { base.logLevel }
        set { base.logLevel = newValue }
    }

    package var metadata: Logger.Metadata {
        get { base.metadata }
        set { base.metadata = Self.printable(newValue) }
    }

    package var metadataProvider: Logger.MetadataProvider? {
        get { base.metadataProvider }
        set { base.metadataProvider = newValue.map { provider in .init { Self.printable(provider.get()) } } }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { base[metadataKey: key] }
        set { base[metadataKey: key] = newValue.map(Self.printable) }
    }

    package func log(event: LogEvent) {
        var event = event
        event.metadata = event.metadata.map(Self.printable)
        // Libraries put what they quote into the message.
        event.message = "\(PrintableText.of("\(event.message)"))"
        if let error = event.error {
            // As the handler below would show it, had it not been quoted whole.
            event.metadata = (event.metadata ?? [:]).merging(["error": "\(PrintableText.of("\(error)"))"]) { own, _ in
                own
            }
            event.error = nil
        }
        base.log(event: event)
    }

    private static func printable(_ metadata: Logger.Metadata) -> Logger.Metadata {
        Logger.Metadata(uniqueKeysWithValues: metadata.map { ($0.key, printable($0.value)) })
    }

    private static func printable(_ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        switch value {
        case .string(let text): .string(PrintableText.of(text))
        case .stringConvertible(let value as Duration): .string(value.written)
        case .stringConvertible(let value): .string(PrintableText.of("\(value)"))
        case .dictionary(let metadata): .dictionary(printable(metadata))
        case .array(let values): .array(values.map(printable))
        }
    }
}
