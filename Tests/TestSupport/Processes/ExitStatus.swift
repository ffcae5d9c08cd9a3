/// How a process ended.
package enum ExitStatus: Sendable, Equatable, CustomStringConvertible {
    /// It ended itself, with this code.
    case exited(Int32)
    /// A signal ended it.
    case killed(signal: Int32)

    /// From the status word of `waitpid` (POSIX.1-2017, sys/wait.h), whose macros Swift does not see.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited((waitStatus >> 8) & 0xff) : .killed(signal: signal)
    }

    package var description: String {
        switch self {
        case .exited(let code): "exited with \(code)"
        case .killed(let signal): "was killed by signal \(signal)"
        }
    }
}
