import Testing

/// The whole pipeline as people run it: the built executables, a real broker, a partner on a socket.
///
/// One test at a time: each keeps both cores of a small machine busy, and several at once would only time out.
///
/// Pipeline.
@Suite(.serialized)
struct PipelineTests {}
