import Broker

/// A place where a test can let the process die; see `FailurePoint`. For the services, which do not know the broker
/// client.
@inline(__always)
package func failurePoint(_ name: StaticString) { FailurePoint.pass(name) }
