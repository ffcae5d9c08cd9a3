import ArgumentParser
import Foundation

/// A provider on a command line, by the id that the files give it.
struct ProviderName: ExpressibleByArgument, Equatable {
    var name: String

    /// `nil` for what no file can call a provider.
    init?(argument: String) {
        guard !argument.isEmpty, argument.utf8.count <= 128, argument.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else { return nil }
        name = argument
    }

    /// As a URL says it.
    var pathSegment: String {
        name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_"))) ?? ""
    }
}
