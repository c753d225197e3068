import Analysis
import Core

/// What happened once: as a picture, and grouped in figures.
enum HTMLEvents {
    static func contents(_ run: Measurement, _ charts: RunCharts) -> [Element?] {
        let events = run.events
        guard events.total > 0 || run.eventsLost > 0 else { return [] }
        var notes: [String] = []
        if events.total > events.lines.count {
            notes.append(
                "The picture has the first \(Figures.count(events.lines.count)) of \(Figures.count(events.total, "event"))."
            )
        }
        if run.eventsLost > 0 {
            notes.append("\(Figures.count(run.eventsLost, "more event")) were not written down.")
        }
        return [
            HTML.figure(
                "What happened when",
                note:
                    "A bar is a state (an open breaker, an ejection, an alert; paler on the way back), a dot an event.",
                charts.events?.drawing),
            notes.isEmpty ? nil : HTML.note(notes.joined(separator: " ")),
            HTMLTable(
                "Events", ["Event", "Subject", ">times", ">first at", ">last at"],
                texts: events.groups.map { group in
                    [
                        "\(group.kind) \(group.what)", PlainText.cut(PlainText.clean(group.subject), to: 100),
                        Figures.count(group.count), "\(group.first.fixed(1)) s", "\(group.last.fixed(1)) s",
                    ]
                }, rest: "events.csv"
            ).element(),
            HTML.details("Event by event", single(events)),
        ]
    }

    private static func single(_ events: EventSummary) -> Element? {
        let sorted = events.lines.enumerated()
            .sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
        return HTMLTable(
            "Events in the order of their times", [">At", ">Client", "Event", "Subject", "Detail"],
            texts: sorted.map { event in
                [
                    "\(event.time.fixed(1)) s", event.client.map { Figures.count($0) } ?? "–",
                    "\(event.kind) \(event.what)", PlainText.cut(PlainText.clean(event.subject), to: 100),
                    PlainText.cut(PlainText.clean(event.detail), to: 100),
                ]
            }, rest: "events.csv"
        ).element()
    }
}
