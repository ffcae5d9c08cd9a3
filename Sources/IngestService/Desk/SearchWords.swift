import AdminAPI
import Contracts
import Crypto
import Foundation

/// The words by which a request is found, and what somebody types into the search field.
///
/// What is stored of a word is a keyed hash of its beginning, three and five characters long: enough to come near, in
/// an index of equal numbers that any database has. Whether a request has the words that are asked for is then seen
/// from the request itself. So nothing readable is left in the index when a request's personal data is erased.
enum SearchWords {
    /// Of one request: what the index holds.
    static func keys(_ request: Submission) -> Set<String> {
        var keys = Set(words(request).flatMap(beginnings))
        keys.insert("id:\(folded(request.providerRequestID))")
        if !request.email.isEmpty { keys.insert("mail:\(folded(request.email))") }
        if let phone = phone(request.phone) { keys.insert("phone:\(phone)") }
        if let place = place(request) { keys.insert("place:\(place)") }
        return keys
    }

    /// All words of a request, folded.
    static func words(_ request: Submission) -> Set<String> {
        let digits = request.phone.utf8.filter { (0x30...0x39).contains($0) }
        let local = request.email.split(separator: "@").first.map(String.init) ?? ""
        let texts = [
            request.name, request.address.street, request.address.city, request.address.state, request.address.zip,
            local,
        ]
        var words = Set(texts.flatMap(split))
        if digits.count >= 4 { words.insert(String(decoding: digits.suffix(4), as: UTF8.self)) }
        return words
    }

    /// The last ten digits, where there are seven at least.
    static func phone(_ text: String) -> String? {
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }
        return digits.count >= 7 ? String(decoding: digits.suffix(10), as: UTF8.self) : nil
    }

    /// Street and ZIP, alike however they are spelt; `nil` when the street was erased.
    static func place(_ request: Submission) -> String? {
        let street = split(request.address.street).joined(separator: " ")
        return street.isEmpty ? nil : "\(street) \(request.address.zip.prefix(5))"
    }

    static func beginnings(_ word: String) -> [String] {
        let count = word.count
        guard count >= 3 else { return ["word:\(word)"] }
        return count >= 5 ? ["word:\(word.prefix(3))", "word:\(word.prefix(5))"] : ["word:\(word.prefix(3))"]
    }

    static func split(_ text: String) -> [String] {
        folded(text).split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }

    /// Without case, accents and width.
    static func folded(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { $0 < 0x80 }
        return isPlain
            ? text.lowercased()
            : text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
    }

    /// What stands for a word of an organisation's in the index.
    static func number(_ key: String, of organization: String, _ secret: SymmetricKey) -> Int64 {
        var mac = HMAC<SHA256>(key: secret)
        mac.update(data: Array(organization.utf8))
        mac.update(data: [0])
        mac.update(data: Array(key.utf8))
        return mac.finalize().prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }
}

/// What somebody looks for.
struct SearchText: Sendable, Equatable {
    /// Bytes.
    static let longest = FindRequests.Query.longest
    private static let mostWords = 8

    /// Each has to be the beginning of a word of the request.
    private(set) var words: [String] = []
    /// The last digits of a telephone number, seven to ten.
    private(set) var phone: String?
    /// An e-mail address.
    private(set) var mail: String?
    /// The partner's id, perhaps: tried first.
    private(set) var partnerID: String?
    /// Ours, or its beginning: eight hexadecimal digits at least.
    private(set) var id: String?

    /// `nil` when there is nothing to look for.
    init?(_ raw: String) {
        let text = String(decoding: raw.utf8.prefix(Self.longest), as: UTF8.self).trimmingCharacters(
            in: .whitespacesAndNewlines)
        guard !text.isEmpty else { return nil }
        let folded = SearchWords.folded(text)
        partnerID = folded
        if Self.isID(folded) { id = folded }
        let digits = text.utf8.filter { (0x30...0x39).contains($0) }
        let isNumber = text.utf8.allSatisfy { (0x30...0x39).contains($0) || "+-.() /".utf8.contains($0) }
        if isNumber, digits.count >= 7, text.utf8.first != UInt8(ascii: "-") {
            phone = String(decoding: digits.suffix(10), as: UTF8.self)
        } else if folded.contains("@"), folded.utf8.last != UInt8(ascii: "@"), !folded.contains(" ") {
            mail = folded
        } else {
            words = Array(SearchWords.split(text).prefix(Self.mostWords))
        }
    }

    private static func isID(_ text: String) -> Bool {
        let shape = Array("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx".utf8)
        let bytes = Array(text.utf8)
        return (8...36).contains(bytes.count)
            && zip(bytes, shape).allSatisfy { $1 == UInt8(ascii: "-") ? $0 == $1 : HexDigit.value($0) != nil }
    }

    /// Whether a request has all that is asked for.
    func matches(_ submission: Submission, _ requestID: RequestID) -> Bool {
        if let id, requestID.description.hasPrefix(id) { return true }
        if SearchWords.folded(submission.providerRequestID) == partnerID { return true }
        if let phone { return SearchWords.phone(submission.phone)?.hasSuffix(phone) == true }
        if let mail { return SearchWords.folded(submission.email) == mail }
        let own = SearchWords.words(submission)
        return !words.isEmpty && words.allSatisfy { word in own.contains { $0.hasPrefix(word) } }
    }

    /// The keys of the index by which it is looked for: a request has all of them.
    var keys: [String] {
        if let phone {
            // A number without its area code is found among the words by its last four digits.
            return phone.utf8.count == 10
                ? ["phone:\(phone)"] : Array(SearchWords.beginnings(String(phone.suffix(4))).suffix(1))
        }
        if let mail { return ["mail:\(mail)"] }
        return words.reduce(into: []) { keys, word in
            let key = SearchWords.beginnings(word).last ?? "word:\(word)"
            if !keys.contains(key) { keys.append(key) }
        }
    }
}
