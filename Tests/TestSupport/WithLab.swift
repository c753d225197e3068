package import Core
package import Lab
package import Model

/// Starts a lab, runs `body`, and stops the lab again, whatever came of it.
///
/// - Parameter grace: how long requests under way may take to end when `body` is through.
/// - Throws: what `body` throws, a `LabProblem`, or `UnbalancedLedger` when the lab lost a request.
package func withLab<Value>(
    _ services: [ServiceDescription], seed: UInt64 = 1, threads: Int = 1, grace: Span = .milliseconds(200),
    _ body: (LabServer) async throws -> Value
) async throws -> Value {
    let lab = try await LabServer.start(LabDescription(services: services), seed: seed, threads: threads)
    let value: Value
    do {
        value = try await body(lab)
    } catch {
        await lab.stop(grace: .zero)
        throw error
    }
    await lab.stop(grace: grace)
    for service in services {
        guard let counts = await lab.counts(of: service.name), counts.pending == 0, counts.open == 0 else {
            throw UnbalancedLedger(service: service.name)
        }
    }
    return value
}

/// The same with one service, named `lab`, and its port.
package func withService<Value>(
    seed: UInt64 = 1, grace: Span = .milliseconds(200), _ change: (inout ServiceDescription) -> Void = { _ in },
    _ body: (LabServer, UInt16) async throws -> Value
) async throws -> Value {
    var service = ServiceDescription(name: "lab")
    change(&service)
    return try await withLab([service], seed: seed, grace: grace) { lab in
        try await body(lab, lab.addresses[0].port)
    }
}

/// Requests that a stopped lab has received and accounted for in no way.
package struct UnbalancedLedger: Error {
    package var service: String
}

/// Asks again and again until `condition` holds: for what another thread is about to do.
/// - Parameter pause: between two questions; longer where a question costs something.
/// - Returns: false when it has not come true for ten seconds, which no machine is too slow for.
package func eventually(
    every pause: Duration = .milliseconds(1), _ condition: () async -> Bool
) async -> Bool {
    let clock = SuspendingClock()
    let deadline = clock.now.advanced(by: .seconds(10))
    while clock.now < deadline {
        if await condition() { return true }
        try? await clock.sleep(for: pause)
    }
    return await condition()
}
