import Analysis
import Core
import Recording

/// What happened once in a run, in `report.md`: line by line as long as that is readable, and grouped beyond.
enum MarkdownEvents {
    /// Most rows of the table.
    static let mostLines = 40
    /// Most characters of a cell.
    private static let longestText = 100

    static func lines(_ run: Measurement) -> [String] {
        let events = run.events
        guard events.total > 0 || run.eventsLost > 0 else { return [] }
        var lines = events.total <= mostLines ? single(events) : grouped(events)
        if run.eventsLost > 0 {
            lines += ["", "\(Figures.count(run.eventsLost, "more event")) were not written down."]
        }
        if lines.first == "" { lines.removeFirst() }
        return lines
    }

    private static func single(_ events: EventSummary) -> [String] {
        let sorted = events.lines.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        return Markdown.table(
            [">At", ">Client", "Event", "Subject", "Detail"],
            sorted.map { event in
                [
                    time(event.time), event.client.map { Figures.count($0) } ?? "–",
                    Markdown.text("\(event.kind) \(event.what)"), text(event.subject), text(event.detail),
                ]
            })
    }

    private static func grouped(_ events: EventSummary) -> [String] {
        let shown = events.groups.prefix(mostLines)
        var lines = Markdown.table(
            ["Event", "Subject", ">times", ">first at", ">last at"],
            shown.map { group in
                [
                    Markdown.text("\(group.kind) \(group.what)"), text(group.subject),
                    Figures.count(group.count), time(group.first), time(group.last),
                ]
            })
        if shown.count < events.groups.count {
            let rest = events.total - shown.reduce(0) { $0 + $1.count }
            lines += [
                "",
                "… and \(Figures.count(rest, "more event")) of \(Figures.count(events.groups.count - shown.count, "kind")), "
                    + "in events.csv.",
            ]
        } else {
            lines += ["", "All \(Figures.count(events.total, "event")) are in events.csv, one to a line."]
        }
        return lines
    }

    /// As much as a table can bear; all of it is in events.csv.
    private static func text(_ text: String) -> String {
        Markdown.text(PlainText.cut(PlainText.clean(text), to: longestText))
    }

    /// An instant of the run, in seconds with one decimal: events are compared with each other and with the timeline.
    private static func time(_ seconds: Double) -> String { "\(seconds.fixed(1)) s" }
}
