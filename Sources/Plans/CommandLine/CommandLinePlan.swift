import Arrivals
package import Core
import Flows

/// A plan without a file: `gale run URL --rate 500/s --for 30s`. The fields are the options' texts.
package struct CommandLinePlan: Hashable, Sendable {
    /// Scheme, host, port, path and query of the one request.
    package var url: String
    /// `--rate`: `500/s`, or `100/s to 1000/s`. Neither this nor `users`: one user.
    package var rate: String?
    /// `--for`: `30s`; default 10 s, unless `count` says when to end.
    package var duration: String?
    /// `--users`: `50`, or `10 to 200`.
    package var users: String?
    /// `--count`: a closed phase ends after that many calls.
    package var count: String?
    /// `--ramp`: a warm-up phase of that length before the measured one, from nothing (or one user) to where that begins.
    package var ramp: String?
    /// `--poisson`: arrivals at random around the rate.
    package var poisson = false
    /// `--method`; default GET, or POST with a body.
    package var method: String?
    /// `--header`, each `Name: value`.
    package var headers: [String] = []
    /// `--body`: the text itself, or `@FILE`.
    package var body: String?
    /// Where a relative `@FILE` starts; the working directory.
    package var directory = "."

    package init(url: String) {
        self.url = url
    }

    /// How long a run without `--for` and `--count` lasts.
    package static let standardLength = Span.seconds(10)

    /// The plan; its hash is that of the options.
    package func plan() throws(OptionProblem) -> Plan {
        let address = try OptionProblem.complaining("URL") { () throws(Complaint) in try URLText(url) }
        let path = (address.path.isEmpty ? "/" : address.path) + (address.query.map { "?\($0)" } ?? "")
        let load = try load()
        let step = try step(path: path)
        let name = NameText.planName(ofFile: address.authority)
        return Plan(
            name: name, target: .url(address.origin), load: load,
            scenarios: [Scenario(name: "main", steps: [step])], hash: PlanHash.of("\(self)"))
    }

    // MARK: Load

    private func load() throws(OptionProblem) -> [LoadPhase] {
        guard rate == nil || users == nil else {
            throw OptionProblem("--users", "a phase is open or closed", remedy: "give either --rate or --users")
        }
        let measured = if let rate { try open(rate) } else { try closed() }
        guard let ramp else { return [LoadPhase(measured)] }
        let length = try OptionProblem.reading("--ramp") { () throws(UnitProblem) in try Units.duration(ramp) }
        guard length > .zero, let climb = Self.climb(to: measured, in: length) else { return [LoadPhase(measured)] }
        return [LoadPhase(climb, warmUp: true), LoadPhase(measured)]
    }

    private func open(_ text: String) throws(OptionProblem) -> LoadShape {
        if count != nil {
            throw OptionProblem("--count", "it belongs to --users, and an open phase lasts", remedy: "give --for")
        }
        let ends = Units.ends(of: text)
        let (from, to) = try OptionProblem.reading("--rate") { () throws(UnitProblem) in
            (try Units.rate(ends.from), try ends.to.map { text throws(UnitProblem) in try Units.rate(text) })
        }
        guard max(from, to ?? from).perSecond > 0 else {
            throw OptionProblem("--rate", "at \(Units.text(from)) nothing is sent", remedy: "write a rate above zero")
        }
        let curve = to.map { RateCurve.ramp(from: from, to: $0) } ?? .constant(from)
        return .open(curve, arrivals: poisson ? .poisson : .regular, for: try length())
    }

    private func closed() throws(OptionProblem) -> LoadShape {
        if poisson {
            throw OptionProblem("--poisson", "it belongs to --rate", remedy: "give --rate, or leave it out")
        }
        let ends = Units.ends(of: users ?? "1")
        let (from, to) = try OptionProblem.reading("--users") { () throws(UnitProblem) in
            func number(_ text: String) throws(UnitProblem) -> Int {
                try Units.count(text, in: 1...Units.maximumUsers, noun: "a number of users")
            }
            return (try number(ends.from), try ends.to.map { text throws(UnitProblem) in try number(text) })
        }
        let curve = to.map { UserCurve.ramp(from: from, to: $0) } ?? .constant(from)
        let capacity = ClientSettings().inFlight
        guard curve.most <= capacity else {
            throw OptionProblem(
                "--users",
                "\(curve.most.grouped) users make more calls at once than one client does "
                    + "(\(capacity.grouped))", remedy: "write a plan and raise `client.in-flight`")
        }
        guard let count else { return .closed(curve, think: .zero, until: .after(try length())) }
        guard duration == nil else {
            throw OptionProblem("--count", "a phase ends by count or by time", remedy: "give either --count or --for")
        }
        guard to == nil else {
            throw OptionProblem("--count", "a ramp of users needs to know how long it lasts", remedy: "give --for")
        }
        let calls = try OptionProblem.reading("--count") { () throws(UnitProblem) in
            try Units.count(count, in: 1...1_000_000_000, noun: "a number of calls")
        }
        return .closed(curve, think: .zero, until: .count(calls))
    }

    private func length() throws(OptionProblem) -> Span {
        guard let duration else { return Self.standardLength }
        let length = try OptionProblem.reading("--for") { () throws(UnitProblem) in try Units.duration(duration) }
        guard length > .zero else {
            throw OptionProblem("--for", "a phase of no length sends nothing", remedy: "write a longer one")
        }
        return length
    }

    private static func climb(to shape: LoadShape, in length: Span) -> LoadShape? {
        switch shape {
        case .open(let curve, let arrivals, _):
            let summit = Rate(perSecond: Intensity(curve, over: length).rate(at: 0))
            // A load that itself begins with nothing has nothing to climb to.
            guard summit.perSecond > 0 else { return nil }
            return .open(.ramp(from: Rate(perSecond: 0), to: summit), arrivals: arrivals, for: length)
        case .closed(let users, let think, _):
            let summit =
                switch users {
                case .constant(let count): count
                case .ramp(let from, _): from
                }
            return .closed(.ramp(from: 1, to: summit), think: think, until: .after(length))
        case .replay:
            return nil
        }
    }

    // MARK: The request

    private func step(path: String) throws(OptionProblem) -> Step {
        let path = try OptionProblem.complaining("URL") { () throws(Complaint) in try HTTPText.path(path) }
        let content = try body.map { text throws(OptionProblem) in try bytes(of: text) }
        let method = try OptionProblem.complaining("--method") { () throws(Complaint) in
            try HTTPText.method(self.method ?? (content == nil ? "GET" : "POST"))
        }
        if method == "TRACE", content != nil {
            throw OptionProblem("--body", "a TRACE request must not have a body", remedy: "leave it out")
        }
        var headers: [Header] = []
        for text in self.headers {
            let header = try OptionProblem.complaining("--header") { () throws(Complaint) in try Self.header(text) }
            guard !headers.contains(where: { $0.name.lowercased() == header.name.lowercased() }) else {
                throw OptionProblem(
                    "--header", "`\(header.name)` is given twice", remedy: "join its values with commas")
            }
            headers.append(header)
        }
        if let content, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            headers.append(Header(name: "Content-Type", value: contentType(content)))
        }
        return Step(
            name: NameText.stepName(method: method, path: path), method: Template(literal: method),
            path: Template(literal: path),
            headers: headers.map { HeaderTemplate(name: $0.name, value: Template(literal: $0.value)) },
            body: content.map { Template(literal: $0) })
    }

    private static func header(_ text: String) throws(Complaint) -> Header {
        guard let colon = text.firstIndex(of: ":") else {
            throw Complaint(
                .header, "`\(text.printable)` is no header, which is `Name: value`", remedy: "put a `:` after the name")
        }
        return Header(
            name: try HTTPText.headerName(String(text[..<colon])),
            value: try HTTPText.headerValue(String(text[text.index(after: colon)...]).trimmed))
    }

    private func bytes(of text: String) throws(OptionProblem) -> [UInt8] {
        guard text.first == "@" else { return Array(text.utf8) }
        // Unlike a plan's, this path was typed by the person who runs it: it may lead anywhere.
        return try OptionProblem.complaining("--body") { () throws(Complaint) in
            try PlanFiles(directory: directory).bytes(String(text.dropFirst()), limit: PlanFiles.maximumBodyBytes)
        }
    }

    /// Like the keys of a step: JSON when it looks like it, else text; a file is bytes.
    private func contentType(_ content: [UInt8]) -> String {
        if body?.first == "@" { return "application/octet-stream" }
        let first = content.first { $0 != UInt8(ascii: " ") }
        let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        return isJSON ? "application/json" : "text/plain; charset=utf-8"
    }
}
