import Core
import Engine
import Model
import Plans
import Policies
import Synchronization

/// Finds the endpoints of a run: once before its start, and again and again while it lasts.
final class EndpointFinder: Sendable {
    let feed = EndpointFeed()
    private let source: EndpointSource
    /// What the plan's lab says of its own replicas; nil when it says nothing.
    private let news: AnnouncedEpisodes?
    private let isOver = Atomic(false)

    /// - Parameters:
    ///   - lab: where the services of the plan's lab listen, by name; `shop/3` is a replica that listens by itself.
    ///   - description: the lab itself, of which some replicas may leave and come back; nil: without one.
    /// - Throws: `Failure` when there is no endpoint to begin with.
    init(_ planned: PlannedEndpoints, lab: [String: String], _ description: LabDescription?) throws(Failure) {
        switch planned {
        case .source(let source): self.source = source
        case .fixed(let endpoints): source = .fixed(try Self.resolve(endpoints, lab))
        }
        let first: [Endpoint]
        do throws(EndpointLookup.Problem) {
            first = try EndpointLookup.endpoints(of: source)
        } catch {
            throw Failure(status: ExitStatus.undecided, message: "no endpoints: \(error.text)")
        }
        news = description.flatMap { AnnouncedEpisodes($0, first) }
        // All of them first, so that each has its place; then those that are there at the beginning.
        feed.update(first)
        if let news { feed.update(news.present(at: .zero)) }
        guard !feed.endpoints.isEmpty else {
            throw Failure(status: ExitStatus.undecided, message: "no endpoints: \(Self.name(of: self.source)) has none")
        }
    }

    private static func name(of source: EndpointSource) -> String {
        switch source {
        case .fixed: "the plan"
        case .dns(let host, _, _, _): "the name \(host)"
        case .service(let name, _, _): "the name \(name)"
        case .file(let path, _): "the file \(path)"
        }
    }

    private static func resolve(_ planned: [PlannedEndpoint], _ lab: [String: String]) throws(Failure) -> [Endpoint] {
        var endpoints: [Endpoint] = []
        for endpoint in planned {
            var found = Endpoint(host: "", port: 0, weight: endpoint.weight, zone: endpoint.zone)
            switch endpoint.place {
            case .address(let host, let port):
                (found.host, found.port) = (host, port)
                do throws(EndpointLookup.Problem) {
                    found = try EndpointLookup.resolved(found)
                } catch {
                    throw Failure(status: ExitStatus.undecided, message: "endpoint `\(host):\(port)`: \(error.text)")
                }
                endpoints.append(found)
            case .lab(let service):
                // A service of which each replica listens was written out when the plan was read.
                guard let (host, port) = lab[service].flatMap({ ResolvedName.authority(of: $0) }) else {
                    throw Failure(status: ExitStatus.usage, message: "the plan's lab has no service `\(service)`")
                }
                (found.host, found.port) = (host, UInt16(clamping: port))
                found.name = "lab/\(service)"
                endpoints.append(found)
            }
        }
        return endpoints
    }

    /// Looks again each time that the source is to be asked, until the run is over.
    func watch() {
        let refresh: Span
        switch source {
        case .fixed: return
        case .dns(_, _, _, let span), .service(_, _, let span), .file(_, let span): refresh = span
        }
        DetachedThread.start { [self] in
            while sleep(refresh) {
                do throws(EndpointLookup.Problem) {
                    feed.update(try EndpointLookup.endpoints(of: source))
                } catch {
                    feed.failed(error.text)
                }
            }
        }
    }

    /// The load begins: follows what the lab says of its replicas, in the time of a loop, until the group is woken.
    func follow(from origin: Instant, on loop: any Loop, in group: SleepGroup) {
        guard let news else { return }
        Task(executorPreference: loop.taskExecutor) { [feed] in
            await news.tell(feed, from: origin, on: loop, in: group)
        }
    }

    func stop() { isOver.store(true, ordering: .relaxed) }

    /// - Returns: false when the run is over.
    private func sleep(_ span: Span) -> Bool {
        var left = span.nanoseconds
        while left > 0, !isOver.load(ordering: .relaxed) {
            let slice = min(left, 50_000_000)
            Machine.sleep(nanoseconds: slice)
            left -= slice
        }
        return !isOver.load(ordering: .relaxed)
    }
}
