import Core
import Engine
import Model
import Policies

/// What whoever finds endpoints is told while a lab changes: replicas that leave with notice, and come back.
struct AnnouncedEpisodes: Sendable {
    /// All endpoints there ever are.
    private let endpoints: [Endpoint]
    /// When each is away; nil for one that always stays.
    private let absences: [ReplicaTimeline?]

    /// - Parameter endpoints: services of the lab are named as in a plan: `lab/shop`, `lab/shop/3`.
    /// - Returns: nil when nothing is announced.
    init?(_ lab: LabDescription, _ endpoints: [Endpoint]) {
        let timelines = Dictionary(
            lab.listeners.map { listener in
                ("lab/\(listener.name)", listener.episodes.filter(\.isAnnounced))
            }, uniquingKeysWith: +
        ).filter { !$0.value.isEmpty }
        self.endpoints = endpoints
        absences = endpoints.map { endpoint in
            endpoint.name.flatMap { timelines[$0] }.map { ReplicaTimeline($0, replica: 0, of: 1) }
        }
        if absences.allSatisfy({ $0 == nil }) { return nil }
    }

    /// Who is there, so long after the start of the load.
    func present(at time: Span) -> [Endpoint] {
        zip(endpoints, absences).filter { $0.1?.isOut(at: time) != true }.map(\.0)
    }

    func nextChange(after time: Span) -> Span? { absences.compactMap { $0?.nextChange(after: time) }.min() }

    /// Tells a feed of every change as it happens, in the time of a loop, until the group is woken.
    func tell(_ feed: EndpointFeed, from origin: Instant, on loop: any Loop, in group: SleepGroup) async {
        var time = Span.zero
        while let next = nextChange(after: time) {
            guard await loop.sleep(until: origin + next, in: group) else { return }
            time = next
            feed.update(present(at: next))
        }
    }
}
