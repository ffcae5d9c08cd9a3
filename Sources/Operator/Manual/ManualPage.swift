import ServiceRuntime

/// A command as a manual page: roff with the macros of man(7), which every `man` knows.
struct ManualPage: Sendable {
    let command: CommandTree
    /// Of the command around it; `nil` for the first.
    let parent: CommandTree?

    static let section = 1

    var fileName: String { "\(command.pageName).\(Self.section)" }

    /// Of a command and of all below it.
    static func all(_ tree: CommandTree, parent: CommandTree? = nil) -> [ManualPage] {
        [ManualPage(command: tree, parent: parent)] + tree.children.flatMap { all($0, parent: tree) }
    }

    var text: String {
        var lines = [
            ".\\\" Written by intake manual.",
            ".TH \"\(Self.escaped(command.pageName.uppercased()))\" \(Self.section) \"\" "
                + "\"Intake \(Self.escaped(ProcessIdentity.version))\" \"Intake\"",
            // Names of options and variables are not to be cut.
            ".nh", ".ad l",
            ".SH NAME", "\(Self.escaped(command.pageName)) \\- \(Self.escaped(command.abstract ?? ""))",
            ".SH SYNOPSIS", synopsis,
        ]
        if let discussion = command.discussion, !discussion.isEmpty {
            lines += [".SH DESCRIPTION"] + Self.paragraphs(discussion)
        }
        if !command.children.isEmpty {
            lines.append(".SH COMMANDS")
            for child in command.children {
                lines += [".TP", ".B \(Self.escaped(child.commandName))"] + Self.paragraphs(child.abstract ?? "")
            }
        }
        let shown = (command.arguments ?? []).filter(\.shouldDisplay)
        if !shown.isEmpty {
            lines.append(".SH OPTIONS")
            for argument in shown { lines += [".TP", Self.term(argument)] + Self.paragraphs(Self.words(argument)) }
        }
        lines += [
            ".SH EXIT STATUS",
            "0 when it has done what it was asked for and found all well, 1 when not,",
            "64 for a command line that cannot be.",
            ".SH SEE ALSO",
            related.map { ".BR \(Self.escaped($0.pageName)) (\(Self.section))" }.joined(separator: ",\n"),
        ]
        return lines.joined(separator: "\n") + "\n"
    }

    private var related: [CommandTree] {
        let siblings = (parent?.children ?? []).filter { $0.pageName != command.pageName }
        return [parent].compactMap { $0 } + siblings + command.children
    }

    private var synopsis: String {
        var parts = ["\\fB\(Self.escaped(command.words.joined(separator: " ")))\\fR"]
        if !command.children.isEmpty { parts.append("\\fIcommand\\fR") }
        for argument in (command.arguments ?? []) where argument.shouldDisplay && !Self.isOfEveryCommand(argument) {
            let dots = argument.isRepeating ? " .\\|.\\|." : ""
            let text = Self.form(argument, argument.names?.first) + dots
            parts.append(argument.isOptional || argument.kind == "flag" ? "[\(text)]" : text)
        }
        return parts.joined(separator: "\n")
    }

    private static func isOfEveryCommand(_ argument: CommandTree.Argument) -> Bool {
        argument.names?.contains { $0.name == "help" || $0.name == "version" } ?? false
    }

    private static func term(_ argument: CommandTree.Argument) -> String {
        guard argument.kind != "positional", let names = argument.names, !names.isEmpty else {
            return form(argument, nil)
        }
        return names.map { form(argument, $0) }.joined(separator: ", ")
    }

    private static func form(_ argument: CommandTree.Argument, _ name: CommandTree.Name?) -> String {
        let value = "\\fI\(escaped(argument.valueName ?? ""))\\fR"
        guard let name else { return value }
        let flag = "\\fB\(escaped(name.text))\\fR"
        return argument.kind == "option" ? "\(flag) \(value)" : flag
    }

    private static func words(_ argument: CommandTree.Argument) -> String {
        var words = [argument.abstract, argument.discussion].compactMap { $0 }
        if let values = argument.allValues, !values.isEmpty {
            words.append("One of \(values.joined(separator: ", ")).")
        }
        if let value = argument.defaultValue, argument.kind != "flag" { words.append("Unless given: \(value).") }
        return words.joined(separator: " ")
    }

    /// Paragraphs are set off by empty lines; lines that are indented stay as they are.
    private static func paragraphs(_ text: String) -> [String] {
        var lines: [String] = []
        var isList = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isIndented = line.hasPrefix("  ")
            if isIndented != isList {
                lines.append(isIndented ? ".nf" : ".fi")
                isList = isIndented
            }
            lines.append(line.isEmpty ? ".PP" : escaped(String(line)))
        }
        if isList { lines.append(".fi") }
        return lines
    }

    /// Text that roff takes for text: hyphens are those of commands, and no line begins a request.
    static func escaped(_ text: String) -> String {
        var result = text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" : ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "\n": result += " "
            case "…": result += ".\\|.\\|."
            default: result.append(character)
            }
        }
        return result
    }
}
