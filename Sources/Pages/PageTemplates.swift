import Contracts
import Mustache

/// The pages' templates, parsed once.
///
/// Every value is escaped as HTML: no template holds an unescaped tag, and a test looks. Values of others' are made
/// printable first, see `Shown`.
package struct PageTemplates: Sendable {
    private let library: MustacheLibrary

    /// - Throws: when a template cannot be parsed: a mistake of ours that a test finds.
    package init() throws {
        var library = MustacheLibrary()
        for (name, bytes) in TemplateSources.all {
            try library.register(String(decoding: bytes, as: UTF8.self), named: name)
        }
        self.library = library
    }

    /// - Parameter view: what the template's names stand for.
    /// - Returns: a whole page; empty when there is no such template.
    package func html(_ name: String, _ view: some Sendable) -> String {
        library.render(view, withTemplate: name) ?? ""
    }
}

/// Others' text on a page: nothing in it turns the direction of writing, and nothing is invisible control.
package enum Shown {
    /// One line.
    package static func line(_ text: String) -> String { PrintableText.of(text) }

    /// The same; `nil` for nothing to see.
    package static func line(_ text: String?) -> String? {
        guard let text, !text.isBlank else { return nil }
        return PrintableText.of(text)
    }

    /// A longer text, whose ends of lines stay.
    package static func lines(_ text: String) -> String { PrintableText.lines(of: text).joined(separator: "\n") }

    /// The first so many characters, with an ellipsis where something is missing.
    package static func short(_ text: String, _ limit: Int = 80) -> String {
        // Bytes first: a character may be made of any number of marks.
        let bounded =
            text.utf8.count > 16 * limit ? String(decoding: text.utf8.prefix(16 * limit), as: UTF8.self) : text
        let line = PrintableText.of(bounded)
        return line.count > limit ? line.prefix(limit - 1) + "…" : line
    }
}
