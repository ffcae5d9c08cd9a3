import Contracts

/// Guesses which field a name was meant for that is none: `zip_code`, `Telephone`, `adress`.
enum FieldNameGuess {
    /// Longer names, and more of them, are not looked at: comparing costs time.
    private static let nameLimit = 40
    private static let countLimit = 64

    /// The name among those sent that comes closest to a field; `nil` when none comes close.
    static func name(for field: SubmissionBody.Field, among names: [String]) -> String? {
        let candidates = names.prefix(countLimit).compactMap { name in
            normal(name).map { (name: name, normal: $0) }
        }
        let wanted = field.rawValue.lowercased()
        return candidates.first { $0.normal == wanted }?.name
            ?? candidates.first { synonyms[field, default: []].contains($0.normal) }?.name
            ?? candidates.first { isClose($0.normal, to: wanted) }?.name
    }

    /// Lower case without what separates words; `nil` for what is no name of ASCII letters and digits.
    private static func normal(_ name: String) -> String? {
        guard name.utf8.count <= nameLimit,
            name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        return name.lowercased().filter { !"_-. ".contains($0) }
    }

    /// One letter wrong in a short name, two in a long one.
    private static func isClose(_ name: String, to wanted: String) -> Bool {
        let limit = wanted.utf8.count < 6 ? 1 : 2
        guard abs(name.utf8.count - wanted.utf8.count) <= limit else { return false }
        return EditDistance.between(Array(name.utf8), Array(wanted.utf8)) <= limit
    }

    private static let synonyms: [SubmissionBody.Field: Set<String>] = [
        .providerRequestID: [
            "id", "requestid", "request", "serial", "serialnumber", "serialno", "externalid", "reference",
            "referenceid",
            "providerid",
        ],
        .name: ["fullname", "contact", "contactname", "residentname", "customername", "person"],
        .address: ["street", "streetaddress", "address1", "addressline1", "line1", "addr", "location"],
        .city: ["town", "municipality", "locality", "cityname"],
        .state: ["province", "statecode", "statename", "region"],
        .zip: ["postalcode", "zipcode", "postcode", "zip5", "zippostal"],
        .phone: ["telephone", "tel", "phonenumber", "telephonenumber", "mobile", "cell", "cellphone", "phoneno"],
        .email: ["mail", "emailaddress", "mailaddress", "emailaddr"],
        .status: ["requeststatus", "jobstatus"],
    ]
}
