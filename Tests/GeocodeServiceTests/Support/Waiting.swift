/// Waits until something is so that another task brings about. The suite's time limit ends what never comes.
func until(_ condition: () async -> Bool) async {
    while await !condition() { await Task.yield() }
}
