import Core

/// The routes of all services, with names made places: looked up for every request, walked by every errand.
struct RouteTable {
    /// What is done in a row; those of a `parallel` have numbers of their own.
    private(set) var blocks: [[Step]] = []
    /// The steps that call a service.
    private(set) var calls: [(service: Int, settings: ServiceCall)] = []
    /// Names of the steps that draw times of their own: each has its stream.
    private(set) var streams: [String] = []
    /// By service, in the order of the description.
    private var routes: [[Route]] = []

    /// A step with places for names. A time of its own comes with its stream.
    enum Step {
        case query(database: Int, isWrite: Bool, time: OwnTime?)
        case look(cache: Int, time: OwnTime?)
        case keep(cache: Int, time: OwnTime?)
        case invalidate(cache: Int, Invalidation)
        case send(queue: Int, messages: Int)
        case upload(store: Int, Upload)
        case call(site: Int)
        case parallel(blocks: [Int])
        case work(OwnTime)
    }

    struct OwnTime {
        var distribution: TimeDistribution
        var stream: Int
    }

    struct Route {
        private let method: String?
        /// The path, or what stands before its key.
        private let path: [UInt8]
        private let hasKey: Bool
        let block: Int

        init(_ route: RouteDescription, block: Int) {
            method = route.method
            self.block = block
            let path = Array(route.path.utf8)
            let slash = path.lastIndex(of: UInt8(ascii: "/")) ?? -1
            hasKey = path.count > slash + 2 && path[slash + 1] == UInt8(ascii: "{") && path.last == UInt8(ascii: "}")
            self.path = hasKey ? Array(path[...slash]) : path
        }

        /// The text in place of `{…}` of a request that fits, empty without a place; nil for one that does not.
        /// - Parameter method: nil fits any.
        func key(of method: String?, _ target: String) -> String? {
            if let wanted = self.method, let method, wanted != method { return nil }
            let bytes = target.utf8
            let end = bytes.firstIndex { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") } ?? bytes.endIndex
            let plain = target[..<end]
            guard plain.utf8.starts(with: path) else { return nil }
            let rest = plain.utf8.dropFirst(path.count)
            guard hasKey else { return rest.isEmpty ? "" : nil }
            guard !rest.isEmpty, !rest.contains(UInt8(ascii: "/")) else { return nil }
            return String(Substring(rest))
        }
    }

    /// - Precondition: every step names a resource that exists and can do it.
    init(_ services: [ServiceDescription], places: [String: ResourcePlace]) {
        for service in services {
            var own: [Route] = []
            for route in service.routes {
                let name = "lab/\(service.name)/\(route.method ?? "any") \(route.path)"
                var count = 0
                let block = compile(route.steps, places: places, name: name, count: &count)
                own.append(Route(route, block: block))
            }
            routes.append(own)
        }
    }

    /// No service has a route.
    var isEmpty: Bool { blocks.isEmpty }

    /// The first route of a service that fits; the key is the text in place of `{…}`, which is never empty.
    func task(of service: Int, method: String, path: String) -> WorkTask? {
        guard routes.indices.contains(service) else { return nil }
        for route in routes[service] {
            if let key = route.key(of: method, path) { return WorkTask(route: route.block, key: key) }
        }
        return nil
    }

    private mutating func compile(
        _ steps: [WorkStep], places: [String: ResourcePlace], name: String, count: inout Int
    ) -> Int {
        var block: [Step] = []
        for step in steps { block.append(compile(step, places: places, name: name, count: &count)) }
        blocks.append(block)
        return blocks.count - 1
    }

    private mutating func compile(
        _ step: WorkStep, places: [String: ResourcePlace], name: String, count: inout Int
    ) -> Step {
        // The number of the step in its route, those of its branches before it counted, names its stream.
        count += 1
        let stream = "\(name)/\(count)"
        switch step {
        case .read(let resource, let time):
            switch places[resource] {
            case .database(let place)?: return .query(database: place, isWrite: false, time: own(time, stream))
            case .cache(let place)?: return .look(cache: place, time: own(time, stream))
            default: return flawed(resource)
            }
        case .write(let resource, let time):
            switch places[resource] {
            case .database(let place)?: return .query(database: place, isWrite: true, time: own(time, stream))
            case .cache(let place)?: return .keep(cache: place, time: own(time, stream))
            default: return flawed(resource)
            }
        case .invalidate(let resource, let what):
            guard case .cache(let place)? = places[resource] else { return flawed(resource) }
            return .invalidate(cache: place, what)
        case .send(let resource, let messages):
            guard case .queue(let place)? = places[resource] else { return flawed(resource) }
            return .send(queue: place, messages: messages)
        case .upload(let resource, let upload):
            guard case .store(let place)? = places[resource] else { return flawed(resource) }
            return .upload(store: place, upload)
        case .call(let resource, let settings):
            guard case .service(let place)? = places[resource] else { return flawed(resource) }
            calls.append((place, settings))
            return .call(site: calls.count - 1)
        case .parallel(let branches):
            return .parallel(blocks: branches.map { compile($0, places: places, name: name, count: &count) })
        case .work(let time):
            streams.append(stream)
            return .work(OwnTime(distribution: time, stream: streams.count - 1))
        }
    }

    private mutating func own(_ time: TimeDistribution?, _ stream: String) -> OwnTime? {
        guard let time else { return nil }
        streams.append(stream)
        return OwnTime(distribution: time, stream: streams.count - 1)
    }

    private func flawed(_ name: String) -> Step {
        preconditionFailure("a step uses \"\(name)\", which is no resource that can do it")
    }
}

extension RouteDescription {
    /// Whether a request of that method and path fits; nil: of some method.
    package func fits(method: String?, path: String) -> Bool {
        RouteTable.Route(self, block: 0).key(of: method, path) != nil
    }
}
