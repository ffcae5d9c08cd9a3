import Glibc
package import Logging

/// How many files the process may have open: a connection is one.
package enum OpenFilesLimit {
    /// Kept for what is open beside the connections of clients, so that no crowd of them keeps the process from its
    /// broker, its store or its files: 256, or half of what there is where that is less.
    private static func reserve(of limit: Int) -> Int { min(256, limit / 2) }

    /// Raises the limit as far as the system lets it, and cuts the number of connections to what it leaves beside the
    /// reserve.
    /// - Parameters:
    ///   - wanted: connections of a listener.
    ///   - others: connections that other listeners of the process may have.
    /// - Returns: how many there may be, at least 16.
    package static func connections(_ wanted: Int, beside others: Int = 0, logger: Logger) -> Int {
        var limit = rlimit()
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(resource, &limit) == 0 else { return wanted }
        let needed = rlim_t(wanted + others + 256)
        if limit.rlim_cur < needed {
            var raised = limit
            raised.rlim_cur = min(needed, limit.rlim_max)
            if setrlimit(resource, &raised) == 0 { limit = raised }
        }
        let files = Int(clamping: limit.rlim_cur)
        let connections = max(16, min(wanted, files - reserve(of: files) - others))
        if connections < wanted {
            logger.warning(
                "The limit of open files leaves fewer connections than are configured.",
                metadata: ["open_files": "\(files)", "connections": "\(connections)", "configured": "\(wanted)"])
        }
        return connections
    }
}
