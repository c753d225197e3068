package import Core
package import Loops
package import Model

/// The lab in virtual time: all listeners of a description, and all requests under way, of all clients of one loop.
///
/// Everything that is to happen stands in one heap of small values, deadlines in one of their own; requests, connections
/// and ways are places in tables that are used again. Nothing is shared with another thread, and a request that finds
/// an idle connection allocates nothing of its own.
package final class SimulatedLab: VirtualSource, @unchecked Sendable {
    /// What listens, in the order of the description, and where: an address made up for it, always the same.
    package let listeners: [(service: String, address: String)]
    /// Requests that arrived at any of them.
    package internal(set) var received = 0
    /// Requests that went out and that nobody read: their connection was struck by a fault, or its service was out when they
    /// arrived.
    var unread = 0

    let loop: VirtualLoop
    var services = Table<SimulatedService>()
    var clients = Table<SimulatedClient>()
    var ways = Table<SimulatedWay>()
    var connections = Table<SimulatedConnection>()
    var freeConnections: [Int32] = []
    var flights = Table<Flight>()
    var freeFlights: [Int32] = []
    var events = EventHeap()
    var deadlines = EventHeap()
    /// What is behind the services; nil when there is nothing.
    let backstage: Backstage?
    /// By listener: which of the described services it belongs to.
    let described: [Int]
    /// Work that has just come to its end; memory of one turn.
    private var worked: [(ticket: Int, result: WorkResult)] = []
    /// Events there have been.
    private var number: UInt64 = 0
    /// When the first model changes by itself.
    private(set) var nextChange = Instant.never
    private let places: [String: Int]

    /// - Parameters:
    ///   - seed: of service times, faults and the network.
    ///   - loop: the one that all clients live on; the lab stays attached to it.
    /// - Precondition: the description has no flaw.
    package init(_ description: LabDescription, seed: UInt64, loop: VirtualLoop) {
        let listening = description.listeners
        self.loop = loop
        for service in listening { services.append(SimulatedService(service, seed: seed)) }
        described = description.services.enumerated().flatMap { Array(repeating: $0, count: $1.listeners.count) }
        let backstage = Backstage(description, seed: seed)
        self.backstage = backstage.isEmpty ? nil : backstage
        listeners = listening.enumerated().map { ($1.name, Self.address(of: $0, $1)) }
        places = Dictionary(uniqueKeysWithValues: listeners.enumerated().map { ($1.address, $0) })
        loop.attach(self)
    }

    /// The load begins: what happens to services over time counts from here.
    package func begin(at origin: Instant) {
        for place in services.indices { services[place].model.begin(at: origin) }
        backstage?.begin(at: origin)
        noteChanges()
    }

    /// What the listener at that place of `listeners` has counted.
    package func counts(of listener: Int) -> ServiceCounts { services[listener].counts }

    /// Requests that clients have sent: those that arrived, those that nobody read, and those that are on their way.
    package var sent: Int { received + unread + flights.indices.count { flights[$0].stage == .travelling } }

    /// What was behind the services until now.
    package var resources: ResourceReport { backstage?.report(at: loop.now) ?? ResourceReport() }

    /// Whether nothing is under way: no request, and no worker that is busy.
    package var isAtRest: Bool { freeFlights.count == flights.count }

    /// Events and deadlines that are kept, those that were called off among them.
    package var pendingEvents: Int { events.count + deadlines.count }

    /// The first numbers of 10.0.0.0/8, one for each listener; with the port of the service, or that of its scheme.
    private static func address(of place: Int, _ service: ServiceDescription) -> String {
        let number = place + 1
        let port = service.port ?? (service.tls == nil ? 80 : 443)
        return "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255):\(port)"
    }

    /// The listener at `host:port`; negative when nobody is there.
    func listener(at address: String) -> Int { places[address] ?? -1 }

    // MARK: Events

    package var next: Instant {
        // A deadline that was called off is no reason to look at the clock.
        while let first = deadlines.first, !isDue(first) {
            _ = deadlines.removeFirst()
            deadlines.droppedStale()
        }
        let next = min(events.next, deadlines.next, nextChange)
        return backstage.map { min(next, $0.next) } ?? next
    }

    package func run(at now: Instant) {
        if nextChange <= now { change(at: now) }
        while events.next <= now {
            let event = events.removeFirst()
            let index = Int(event.index)
            if event.what == .ages {
                if connections[index].serial == event.serial { ageComes(index, at: now) } else { events.droppedStale() }
            } else if flights[index].serial == event.serial {
                flights[index].pending -= 1
                happens(event.what, to: index, at: now)
            } else {
                events.droppedStale()
            }
        }
        if let backstage, backstage.next <= now { goOn(backstage, at: now) }
        while deadlines.next <= now {
            let event = deadlines.removeFirst()
            guard isDue(event) else {
                deadlines.droppedStale()
                continue
            }
            flights[Int(event.index)].hasDeadline = false
            expire(Int(event.index), at: now)
        }
    }

    /// Lets happen what is due behind the services. What it sets going there again happens in the next turn.
    private func goOn(_ backstage: Backstage, at now: Instant) {
        backstage.run(at: now) { ticket, result, _ in worked.append((ticket, result)) }
        let over = worked
        worked.removeAll(keepingCapacity: true)
        for work in over { workOver(work.ticket, work.result, at: now) }
    }

    private func happens(_ what: Event.What, to flight: Int, at now: Instant) {
        switch what {
        case .knocks: knocks(flight, at: now)
        case .arrives: arrives(flight, at: now)
        case .served: serviceOver(flight, at: now)
        case .trickled: trickled(flight, at: now)
        case .leaves: leaves(flight, at: now)
        case .refused: refused(flight, at: now)
        case .connected: connected(flight, at: now)
        case .secured: goesOut(flight, at: now)
        case .begins: begins(flight, at: now)
        case .delivers: delivered(flight, at: now)
        case .goesOn: start(flight, at: now)
        case .deadline, .ages: break
        }
    }

    /// Has something happen to a flight.
    func schedule(_ what: Event.What, of flight: Int, at instant: Instant) {
        flights[flight].pending += 1
        insert(what, at: instant, flight, flights[flight].serial)
    }

    /// Has somebody look at the age of a connection.
    func scheduleAge(of connection: Int, at instant: Instant) {
        insert(.ages, at: instant, connection, connections[connection].serial)
    }

    private func insert(_ what: Event.What, at instant: Instant, _ index: Int, _ serial: UInt32) {
        number += 1
        events.insert(Event(what, at: instant, number: number, index: index, serial: serial))
    }

    /// Nothing that was to happen to the flight happens any more, but for its deadline.
    func callOffEvents(of flight: Int) {
        flights[flight].serial &+= 1
        guard flights[flight].pending > 0 else { return }
        events.callOff(Int(flights[flight].pending))
        flights[flight].pending = 0
        purgeEvents()
    }

    func callOffAge(of connection: Int) {
        events.callOff(1)
        purgeEvents()
    }

    private func purgeEvents() {
        guard events.isMostlyStale else { return }
        events.purge { event in
            event.what == .ages
                ? connections[Int(event.index)].serial == event.serial
                : flights[Int(event.index)].serial == event.serial
        }
    }

    // MARK: Deadlines

    func setDeadline(of flight: Int, _ instant: Instant) {
        clearDeadline(of: flight)
        guard instant != .never else { return }
        number += 1
        flights[flight].hasDeadline = true
        deadlines.insert(
            Event(.deadline, at: instant, number: number, index: flight, serial: flights[flight].term))
    }

    func clearDeadline(of flight: Int) {
        guard flights[flight].hasDeadline else { return }
        flights[flight].hasDeadline = false
        flights[flight].term &+= 1
        deadlines.callOff(1)
        if deadlines.isMostlyStale { deadlines.purge { isDue($0) } }
    }

    private func isDue(_ deadline: Event) -> Bool {
        let flight = Int(deadline.index)
        return flights[flight].hasDeadline && flights[flight].term == deadline.serial
    }

    /// Reads from the models when they change next.
    func noteChanges() {
        nextChange = services.indices.reduce(.never) { min($0, services[$1].model.nextChange) }
    }
}
