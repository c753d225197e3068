import Core
import Recording

/// What events may follow each other: an endpoint that is ejected is not ejected again before it returns.
enum EventOrder {
    private struct Subject: Hashable {
        var client: Int?
        var kind: RunEvent.Kind
        var subject: String
    }

    static func flaws(of page: RunBook.Page) -> [String] {
        guard page.eventsLost == 0 else { return [] }
        var last: [Subject: String] = [:]
        var flaws: [String] = []
        var time = Span.zero
        for event in page.events {
            if event.time < time { flaws.append("events run backwards") }
            time = event.time
            let subject = Subject(client: event.client, kind: event.kind, subject: event.subject)
            let before = last[subject] ?? ""
            if !mayFollow(event.kind, before, event.what) {
                flaws.append(
                    "\(event.kind.rawValue) \(event.subject): `\(event.what)` after `\(before)` at \(event.time)")
            }
            last[subject] = event.what
            // One who goes is forgotten, with its ejection.
            if event.kind == .endpoints, event.what == "removed" {
                for other in last.keys where other.kind == .ejection && other.subject == event.subject {
                    last[other] = nil
                }
            }
        }
        return Array(flaws.prefix(5))
    }

    private static func mayFollow(_ kind: RunEvent.Kind, _ before: String, _ after: String) -> Bool {
        switch kind {
        case .breaker:
            switch after {
            case "open": before != "open"
            case "half-open": before == "open"
            default: before == "half-open"
            }
        case .ejection: before == "ejected" ? after == "returned" : after == "ejected"
        case .health: before == "unhealthy" ? after == "healthy" : after == "unhealthy"
        case .panic, .alert: before == "begin" ? after == "end" : after == "begin"
        case .endpoints:
            switch after {
            case "added": before != "added"
            case "removed": before != "removed"
            default: true
            }
        }
    }
}
