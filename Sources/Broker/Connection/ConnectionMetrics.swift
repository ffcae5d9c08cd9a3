import Metrics

/// What a connection counts.
struct ConnectionMetrics: Sendable {
    let connected: Counter
    let lost: Counter
    let confirmed: Counter
    let refused: Counter
    let unroutable: Counter
    let republished: Counter
    let delivered: Counter

    init(connection: String) {
        let dimensions = [("connection", connection)]
        connected = Counter(label: "amqp_connections_opened_total", dimensions: dimensions)
        lost = Counter(label: "amqp_connections_lost_total", dimensions: dimensions)
        confirmed = Counter(label: "amqp_publishes_confirmed_total", dimensions: dimensions)
        refused = Counter(label: "amqp_publishes_refused_total", dimensions: dimensions)
        unroutable = Counter(label: "amqp_publishes_unroutable_total", dimensions: dimensions)
        republished = Counter(label: "amqp_publishes_repeated_total", dimensions: dimensions)
        delivered = Counter(label: "amqp_deliveries_total", dimensions: dimensions)
    }
}
