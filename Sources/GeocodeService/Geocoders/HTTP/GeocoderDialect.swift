import Contracts

/// How one kind of service is asked, and how its answers read. It does no I/O.
protocol GeocoderDialect: Sendable {
    func question(_ address: PostalAddress) -> GeocoderQuestion

    /// What an answer means. One that is coarser than a street is none: the gazetteer has ZIPs and cities, and says how
    /// far they reach.
    func finding(in answer: GeocoderAnswer, for address: PostalAddress) throws(GeocoderFailure) -> StreetFinding
}

extension PostalAddress {
    /// The five digits: no service knows the four behind them better.
    var shortZIP: String { String(zip.prefix(5)) }
}
