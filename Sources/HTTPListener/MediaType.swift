/// The types of bodies.
package enum MediaType {
    /// Whether a content type is `application/json` or has the suffix `+json` (RFC 6839), in UTF-8, which is all that
    /// JSON may be written in (RFC 8259, 8.1). Other parameters say nothing.
    /// - Parameter orSuffix: whether a type with the suffix will do.
    package static func isJSON(_ contentType: String?, orSuffix: Bool = true) -> Bool {
        guard let contentType, contentType.isShortASCII else { return false }
        if contentType == "application/json" { return true }
        let parts = contentType.lowercased().split(separator: ";", omittingEmptySubsequences: false)
        let type = parts[0].trimmingBlanks()
        let hasSuffix = orSuffix && type.hasPrefix("application/") && type.hasSuffix("+json")
        guard type == "application/json" || hasSuffix else { return false }
        return parts.dropFirst().allSatisfy { parameter in
            let parameter = parameter.trimmingBlanks()
            guard parameter.hasPrefix("charset=") else { return true }
            return ["utf-8", "utf8", "us-ascii"].contains(parameter.dropFirst(8).filter { $0 != "\"" })
        }
    }
}
