import ServiceRuntime
import Yams

/// What the page of the API shows: all of the OpenAPI document, in the words that stand there.
///
/// A template's name that a part lacks would be looked for in what is around it, so every part has all of its names:
/// what may be missing is a list, perhaps an empty one.
struct OpenAPIPage: Sendable {
    /// The operations under one tag.
    struct Group: Sendable {
        var anchor: String
        var heading: String
        var text: DescriptionText
        var operations: [Operation]
    }

    struct Operation: Sendable {
        var anchor: String
        var method: String
        var path: String
        var heading: String
        var text: DescriptionText
        /// Whose token it takes.
        var hasTokens: Bool
        var tokens: [Link]
        var isOpen: Bool
        var lists: [FieldList]
        var hasBody: Bool
        var bodies: [Body]
        /// A call of it, or the message that comes.
        var calls: [Call]
        var answers: [Answer]
    }

    struct Link: Sendable {
        var label: String
        var href: String
    }

    struct Call: Sendable {
        var title: String
        var code: String
    }

    /// Parameters in one place, under a heading; or the members of a schema.
    struct FieldList: Sendable {
        var title: String
        var fields: [Field]
    }

    /// A parameter, a header, a member or a schema.
    struct Field: Sendable {
        /// Of a schema with a name; else empty.
        var anchor: String
        var name: String
        var isRequired: Bool
        var types: [TypePart]
        var text: DescriptionText
        /// What values must be like, in words.
        var notes: [String]
        var hasValues: Bool
        var values: [String]
        var patterns: [String]
        var hasExamples: Bool
        var examples: [String]
        var hasFields: Bool
        var fields: [Field]
    }

    /// A part of a type's name; `hrefs` has where it is described, or nothing.
    struct TypePart: Sendable {
        var label: String
        var hrefs: [String]
    }

    /// A body in one or several media types.
    struct Body: Sendable {
        var media: [String]
        var isRequired: Bool
        var text: DescriptionText
        var types: [TypePart]
        var hasFields: Bool
        var fields: [Field]
        var examples: [Example]
    }

    struct Example: Sendable {
        var text: DescriptionText
        var parts: [JSONListing.Part]
    }

    struct Answer: Sendable {
        var anchor: String
        var status: String
        var tone: String
        var text: DescriptionText
        /// Where it is described whole, when that is elsewhere.
        var elsewhere: [String]
        var hasMore: Bool
        var isShown: Bool
        /// One list, or none.
        var headers: [FieldList]
        var bodies: [Body]
        var next: [Next]
    }

    /// What can be done with an answer.
    struct Next: Sendable {
        var label: String
        var href: String
        var text: DescriptionText
    }

    struct Token: Sendable {
        var anchor: String
        var name: String
        var text: DescriptionText
    }

    var heading: String
    var summary: String
    var version: String
    var text: DescriptionText
    var tokens: [Token]
    var groups: [Group]
    /// Answers that several operations give.
    var answers: [Answer]
    /// Headers of every answer.
    var headers: [FieldList]
    var schemas: [Field]
}

extension OpenAPIPage {
    /// - Parameter bytes: an OpenAPI 3.1 document.
    init?(_ bytes: [UInt8]) {
        guard let root = (try? YAMLTree.root(of: bytes)).flatMap({ $0 }) else { return nil }
        self = OpenAPIPageWriter(OpenAPIReading(root: root)).page()
    }
}
