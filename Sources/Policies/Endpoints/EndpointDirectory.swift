/// Which address has which place: gives a place to each address that a client ever hears of.
///
/// A place is never given to another address within a run, and an address that comes back has its old one; so what is
/// counted by place stays true.
package struct EndpointDirectory: Sendable {
    /// A run has at most so many addresses.
    package static let capacity = 4_096

    package struct Placed: Hashable, Sendable {
        /// From 0 to 4,095.
        package var place: Int
        package var endpoint: Endpoint
    }

    /// What a new set of endpoints means.
    package struct Change: Hashable, Sendable {
        /// Those that were no members before, in the order of the set.
        package var added: [Placed] = []
        /// Places of those that are no members any longer, ascending.
        package var removed: [Int] = []
        /// Those that stay and have another weight or zone.
        package var changed: [Placed] = []
        /// Whether those that stay stand in another order, which matters to shards by range only.
        package var isReordered = false
        /// All members, in the order of the set.
        package var members: [Placed] = []
        /// Addresses that found no place any more.
        package var leftOut = 0

        /// Whether the members and what is known of them are the same as before, in whatever order.
        package var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }
    }

    /// The members now, in the order of the last set.
    package private(set) var members: [Placed] = []
    private var places: [String: Int] = [:]
    /// By place; what the last set said that had it.
    private var endpoints: [Endpoint] = []

    /// No member, no address.
    package init() {}

    /// How many addresses have a place, members or not.
    package var placeCount: Int { endpoints.count }

    /// The endpoint of a place, also when it is no member any longer; nil when nobody has it.
    package func endpoint(at place: Int) -> Endpoint? { endpoints.indices.contains(place) ? endpoints[place] : nil }

    /// The place of an address (`Endpoint.address`), nil when it never had one.
    package func place(of address: String) -> Int? { places[address] }

    /// Takes a new set of endpoints. Of an address that is in it twice the first counts.
    /// - Returns: nil when the set has no endpoint that can be taken: the members then stay as they are, since a source
    ///   that suddenly knows nobody is more often broken than right.
    package mutating func update(_ set: [Endpoint]) -> Change? {
        var change = Change()
        let before = Set(members.map(\.place))
        var after: Set<Int> = []
        var leftOut: Set<String> = []
        for endpoint in set {
            let address = endpoint.address
            let place: Int
            if let known = places[address] {
                place = known
            } else if endpoints.count < Self.capacity {
                place = endpoints.count
                places[address] = place
                endpoints.append(endpoint)
            } else {
                leftOut.insert(address)
                continue
            }
            guard after.insert(place).inserted else { continue }
            let placed = Placed(place: place, endpoint: endpoint)
            if !before.contains(place) {
                change.added.append(placed)
            } else if endpoints[place] != endpoint {
                change.changed.append(placed)
            }
            endpoints[place] = endpoint
            change.members.append(placed)
        }
        guard !change.members.isEmpty else { return nil }
        change.leftOut = leftOut.count
        change.removed = before.subtracting(after).sorted()
        let stayedBefore = members.lazy.map(\.place).filter { after.contains($0) }
        let stayedAfter = change.members.lazy.map(\.place).filter { before.contains($0) }
        change.isReordered = !stayedBefore.elementsEqual(stayedAfter)
        members = change.members
        return change
    }
}
