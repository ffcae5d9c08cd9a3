import Contracts

/// One fact about a request, as the store records it.
enum ProgressUpdate: Sendable, Equatable {
    case geocoded(Geocoding)
    case decided(Decision)
    case delivered(Receipt)
    case retrying(Stage, StageTrouble.Retry)
    case dead(Stage, StageTrouble.Death)
}
