import Foundation
import Glibc

/// What the system says of this process, under the names that Prometheus' client libraries share
/// (https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics). Read from /proc (proc(5)) when
/// asked; what cannot be read is left out.
enum ProcessMetrics {
    /// Name, kind, value.
    static func samples() -> [(name: String, kind: String, value: Double)] {
        var samples: [(name: String, kind: String, value: Double)] = []
        if let fields = stat(), fields.count > 21 {
            let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
            let pages = Double(sysconf(Int32(_SC_PAGESIZE)))
            // Counted from the field behind the name, which is the third.
            samples.append(("process_cpu_seconds_total", "counter", (fields[11] + fields[12]) / ticks))
            if let boot = bootTime() {
                samples.append(("process_start_time_seconds", "gauge", boot + fields[19] / ticks))
            }
            samples.append(("process_virtual_memory_bytes", "gauge", fields[20]))
            samples.append(("process_resident_memory_bytes", "gauge", fields[21] * pages))
        }
        // The listing has a descriptor of its own.
        if let open = try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
            samples.append(("process_open_fds", "gauge", Double(open.count - 1)))
        }
        var limit = rlimit()
        if getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 {
            samples.append(("process_max_fds", "gauge", Double(limit.rlim_cur)))
        }
        return samples
    }

    /// The fields of /proc/self/stat behind the name, which may hold blanks and parentheses; letters become NaN.
    private static func stat() -> [Double]? {
        guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        return text[text.index(after: end)...].split(separator: " ").map { Double($0) ?? .nan }
    }

    /// When the system was started, as Unix time.
    private static func bootTime() -> Double? {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8) else { return nil }
        return text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("btime ") }.flatMap {
            Double($0.dropFirst(6))
        }
    }
}
