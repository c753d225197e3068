import Core
import Flows
import Plans
import Policies
import Recording

/// Calls of a sharded client: to the shard of a key, to all shards, to the shards of a batch of keys.
extension Client {
    /// What came of a call: its end, and why it failed.
    struct Judged {
        var end: CallEnd
        var failure: FailureKind?
    }

    /// Sends the parts of a call, each to its shard, all at once; gathers what their answers hold.
    func callParts(
        _ parts: [ShardPart], _ step: ProgramStep, _ index: Int, _ session: Session, _ intended: Instant
    ) async -> Judged {
        guard !parts.isEmpty else { return Judged(end: CallEnd(.no_endpoint, at: loop.sample())) }
        recorder.policies(warmUp: session.warmUp) { $0.scattered += 1 }
        let call = idleCalls.popLast() ?? CallUnderWay()
        let trace = newTrace(of: index)
        call.begin(
            index, intended: intended, at: loop.sample(), deadline: intended + timeout(of: index),
            warmUp: session.warmUp, trace: trace)
        defer { idleCalls.append(call) }
        if let end = await admit(call) { return Judged(end: end) }
        let gathering = Gathering(parts)
        let warmUp = session.warmUp
        for part in parts.indices {
            Task(executorPreference: loop.taskExecutor) {
                await self.send(part, of: gathering, step: index, intended: intended, warmUp: warmUp, trace: trace)
            }
        }
        await gathering.finished()
        leaveBulkheads(call)
        noteAcceptance(gathering.ends)
        return judge(gathering, step, session, intended, waited: call.waited)
    }

    private func send(
        _ part: Int, of gathering: Gathering, step: Int, intended: Instant, warmUp: Bool, trace: TraceID
    ) async {
        let (place, exchange) = (gathering.parts[part].place, gathering.parts[part].exchange)
        gathering.end(
            part,
            await dispatch(step, exchange, intended: intended, warmUp: warmUp, to: .place(place), trace: trace))
    }

    /// The slowest part says how long the call took; the first one that failed, why it failed.
    private func judge(
        _ gathering: Gathering, _ step: ProgramStep, _ session: Session, _ intended: Instant, waited: Span
    ) -> Judged {
        let ends = gathering.ends
        let sent = ends.filter { $0.rejection == nil }
        guard var slowest = sent.max(by: { $0.over < $1.over }) else { return Judged(end: ends[0]) }
        slowest.over = ends.map(\.over).max() ?? slowest.over
        slowest.attempts = ends.reduce(0) { $0 + $1.attempts }
        // Parts know nothing of what the call waited before.
        slowest.lag = max(.zero, (sent.map(\.lag).max() ?? .zero) - waited)
        guard !sent.contains(where: \.attempt.cancelled) else {
            slowest.attempt.cancelled = true
            return Judged(end: slowest)
        }
        var failure: FailureKind? = sent.count < ends.count ? .shard_unavailable : nil
        for (part, end) in zip(gathering.parts, ends) where end.rejection == nil {
            let own = judge(step, end.attempt, part.exchange, session, response: end.over - intended)
            if failure == nil, let own {
                failure = own
                slowest.attempt.status = end.attempt.status
            }
        }
        if failure == nil { gather(step.gathers, from: gathering.parts.map(\.exchange), session) }
        return Judged(end: slowest, failure: failure)
    }

    // MARK: Who gets a part

    /// A part for every shard, with the same request.
    func partsForAll(_ exchange: Exchange) -> [ShardPart] {
        policies.members.map { place in
            let copy = idleExchanges.popLast() ?? Exchange()
            copy.takeRequest(of: exchange)
            return ShardPart(place: place, exchange: copy)
        }
    }

    /// A part for each shard to which some of the keys belong, with the request of its own keys.
    /// - Returns: nil when there is no list of keys, or a request cannot be written.
    func partsForBatch(_ slot: Int, _ step: ProgramStep, _ session: Session) -> [ShardPart]? {
        let whole = session.variables[slot]
        guard whole.kind == .json, let groups = groups(of: whole.bytes) else { return nil }
        defer { session.variables[slot] = whole }
        var parts: [ShardPart] = []
        for group in groups {
            session.variables[slot].set(.json) { Self.write(group.items, into: &$0) }
            let exchange = readyExchange(for: step)
            if step.rendering?.write(
                session.variables, jar: session.jar, wallSeconds: wallTime(loop.now) / 1_000_000_000, into: exchange)
                != nil
            {
                return nil
            }
            parts.append(ShardPart(place: group.place, exchange: exchange))
        }
        return parts
    }

    /// The items by their shards, in the order of the members.
    private func groups(of list: [UInt8]) -> [(place: Int, items: [[UInt8]])]? {
        let items = Self.elements.matches(in: list)
        guard !items.isEmpty else { return nil }
        var byPlace: [Int: [[UInt8]]] = [:]
        for item in items {
            guard let place = policies.sharder?.owner(of: item.value.bytes) else { return nil }
            byPlace[place, default: []].append(item.raw)
        }
        return policies.members.compactMap { place in byPlace[place].map { (place, $0) } }
    }

    private static let elements = try! JSONPath("$[*]")

    private static func write(_ items: [[UInt8]], into output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            output.append(contentsOf: item)
        }
        output.append(UInt8(ascii: "]"))
    }

    // MARK: Gathering

    /// Puts values together from the answers of all parts.
    func gather(_ gathers: [Gather], from exchanges: [Exchange], _ session: Session) {
        for gather in gathers {
            let found = exchanges.flatMap { gather.path.matches(in: $0.responseBody) }
            if gather.rule == .concat {
                session.variables[gather.slot].set(.json) { Self.write(found.map(\.raw), into: &$0) }
                continue
            }
            let numbers = found.compactMap(\.value.asDouble)
            let number: Double? =
                switch gather.rule {
                case .sum: numbers.reduce(0, +)
                case .min: numbers.min()
                case .max: numbers.max()
                case .concat: nil
                }
            guard let number, number.isFinite else {
                session.variables[gather.slot].clear()
                continue
            }
            session.variables[gather.slot].set(.number) { $0.append(contentsOf: number.shortest.utf8) }
        }
    }
}

/// One part of a call to several shards; it stays on its client's loop.
struct ShardPart {
    let place: Int
    let exchange: Exchange
}

/// Where the parts of a call meet again; all on their client's loop, hence `@unchecked`.
private final class Gathering: @unchecked Sendable {
    let parts: [ShardPart]
    private var found: [CallEnd?]
    private var left: Int
    private var waiter: UnsafeContinuation<Void, Never>?

    init(_ parts: [ShardPart]) {
        self.parts = parts
        found = Array(repeating: nil, count: parts.count)
        left = parts.count
    }

    /// In the order of the parts.
    var ends: [CallEnd] { found.compactMap { $0 } }

    func end(_ part: Int, _ end: CallEnd) {
        found[part] = end
        left -= 1
        if left == 0 {
            waiter?.resume()
            waiter = nil
        }
    }

    func finished() async {
        if left > 0 { await withUnsafeContinuation { waiter = $0 } }
    }
}
