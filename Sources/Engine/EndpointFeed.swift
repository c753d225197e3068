package import Policies
import Synchronization

/// Where the clients of a run get their endpoints from: somebody outside finds them (the plan, DNS, a file), the feed
/// gives each address its place and tells every client.
package final class EndpointFeed: Sendable {
    /// A set of endpoints, and what is new about it.
    package struct Update: Sendable {
        /// In the order of their source.
        package var members: [(place: Int, endpoint: Endpoint)]
        /// Labels of those that came, went, or changed their weight or zone; none in the first set.
        package var added: [String] = []
        package var removed: [String] = []
        package var changed: [String] = []
        /// A source that failed, or an empty set, in words; the members are those there were.
        package var problem: String?
        package var isFirst = false
        /// A later one has a greater number, from 1.
        package var number: UInt64 = 0
    }

    private struct State {
        var directory = EndpointDirectory()
        var latest: Update?
        var problem: String?
        var count: UInt64 = 0
        var handler: (@Sendable (Update) -> Void)?

        mutating func nextNumber() -> UInt64 {
            count += 1
            return count
        }
    }

    private let state = Mutex(State())

    package init() {}

    /// A set that never changes.
    package convenience init(_ endpoints: [Endpoint]) {
        self.init()
        update(endpoints)
    }

    /// By place: what is there, or was.
    package var endpoints: [Endpoint] {
        state.withLock { state in (0..<state.directory.placeCount).compactMap { state.directory.endpoint(at: $0) } }
    }

    /// Takes a new set. An empty one is not taken: the last good set stays.
    package func update(_ endpoints: [Endpoint]) {
        let news: News? = state.withLock { state in
            let before = state.directory
            guard let change = state.directory.update(endpoints) else {
                return Self.problem("an empty set of endpoints was not taken", &state)
            }
            state.problem = nil
            var update = Update(members: change.members.map { ($0.place, $0.endpoint) })
            update.isFirst = state.latest == nil
            update.number = state.nextNumber()
            if !update.isFirst {
                update.added = change.added.map(\.endpoint.label)
                update.removed = change.removed.compactMap { before.endpoint(at: $0)?.label }
                update.changed = change.changed.map(\.endpoint.label)
            }
            if change.leftOut > 0 { update.problem = "\(change.leftOut) endpoints beyond the most that a run takes" }
            state.latest = update
            let isNews = update.isFirst || !change.isEmpty || change.isReordered
            return isNews ? News(update: update, handler: state.handler) : nil
        }
        news?.tell()
    }

    /// The source has failed: the last good set stays.
    /// - Parameter reason: in words.
    package func failed(_ reason: String) { state.withLock { Self.problem(reason, &$0) }?.tell() }

    private struct News {
        let update: Update
        let handler: (@Sendable (Update) -> Void)?

        func tell() { handler?(update) }
    }

    /// Says a problem once, not each time that it is found again.
    private static func problem(_ text: String, _ state: inout State) -> News? {
        guard state.problem != text else { return nil }
        state.problem = text
        guard var update = state.latest else { return nil }
        (update.added, update.removed, update.changed, update.isFirst) = ([], [], [], false)
        update.problem = text
        update.number = state.nextNumber()
        return News(update: update, handler: state.handler)
    }

    /// Says what is to be done with updates from now on.
    /// - Returns: the set there is, as the first; nil when there is none yet.
    func whenUpdated(_ action: @escaping @Sendable (Update) -> Void) -> Update? {
        state.withLock { state in
            state.handler = action
            guard var first = state.latest else { return nil }
            (first.added, first.removed, first.changed, first.isFirst) = ([], [], [], true)
            return first
        }
    }

    /// Nobody wants to know any more.
    func unfollow() { state.withLock { $0.handler = nil } }
}
