import Glibc
import Logging

/// How many files the process may have open: a connection is one.
enum OpenFilesLimit {
    /// What is open beside the connections: the store, the broker, the admin listener.
    private static let others = 256

    /// Raises the limit as far as the system lets it, and says so when that is too little.
    static func makeRoom(for connections: Int, logger: Logger) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = rlim_t(connections + others)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        let isRaised = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        if !isRaised || limit.rlim_cur < wanted {
            logger.warning(
                "The limit of open files is below the limit of connections.",
                metadata: ["open_files": "\(limit.rlim_cur)", "connections": "\(connections)"])
        }
    }
}
