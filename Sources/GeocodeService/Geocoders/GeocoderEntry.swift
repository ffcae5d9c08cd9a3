import ServiceRuntime

/// One geocoder of `geocoders.yaml`, as it is to be asked.
struct GeocoderEntry: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        case census, nominatim, pelias, google
        /// A table of one's own, see `intake gazetteer import`.
        case addresses
    }

    /// Unique in the file.
    var name: String
    var kind: Kind
    /// Where the service answers, without the path of a single question; of `addresses`, the file.
    var location: String
    /// At most this many questions a second; `nil` for no limit.
    var rate: Double?
    /// Whether `rate` is for all replicas of this service together.
    var isRateShared = false
    /// At most this many questions under way.
    var concurrency = 4
    /// How long an answer may take, from the connection's begin to the last byte.
    var timeout = Duration.seconds(5)
    /// How long an answer is kept; zero for not at all.
    var keepsAnswers = Duration.seconds(90 * 86_400)
    /// How long it is kept that there is no such address; zero for not at all.
    var keepsNonAnswers = Duration.seconds(7 * 86_400)
    /// The credit that is shown with each answer, in place of the one that the answer brings.
    var attribution: String?
    /// Who asks, for the service's operator: a web address or a mailbox, in the User-Agent.
    var contact: String?
    /// `nil` where none is asked for.
    var key: Secret?
    /// Of `census`: which edition of the address ranges is searched.
    var benchmark = "Public_AR_Current"
    /// Of `census`: which edition of the boundaries the county is from; `nil` to ask for no county.
    var vintage: String? = "Current_Current"
}
