import Foundation

// What libFuzzer calls (https://llvm.org/docs/LibFuzzer.html). One program holds all harnesses; the variable says which
// runs.

private let chosen: Harness = {
    let name = ProcessInfo.processInfo.environment["INTAKE_FUZZ_HARNESS"] ?? ""
    guard let harness = Harness.all.first(where: { $0.name == name }) else {
        FileHandle.standardError.write(Data("INTAKE_FUZZ_HARNESS names no harness: see deploy/fuzz --list\n".utf8))
        exit(64)
    }
    return harness
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = Input(Array(UnsafeBufferPointer(start: bytes, count: count)))
    chosen.feed(&input)
    return 0
}
