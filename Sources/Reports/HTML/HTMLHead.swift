import Analysis
import Core
import Recording

/// The top of the page: the verdict in a sentence, and the figures that everybody asks for.
enum HTMLHead {
    static func element(_ summary: RunSummary) -> Element {
        Element("header") {
            Element("p", ["class": "over"]) { over(summary) }
            Element("h1") { summary.name }
            banners(summary)
            verdict(summary)
            cards(summary)
        }
    }

    private static func over(_ summary: RunSummary) -> String {
        let kind = summary.model == nil ? "Load test" : "Simulated load test"
        let variant = summary.plan.variant.map { ", variant \($0)" } ?? ""
        let started = summary.environment == nil ? "" : " · \(summary.started)"
        return "\(kind) of \(summary.target)\(variant)\(started)"
    }

    private static func banners(_ summary: RunSummary) -> [Element] {
        var texts: [String] = []
        if summary.model != nil { texts.append(MarkdownReport.banner) }
        if let scale = summary.plan.timeScale { texts.append(MarkdownReport.words(ofTimeScale: scale)) }
        return texts.map { text in
            let parts = text.split(separator: ":", maxSplits: 1)
            return Element("p", ["class": "banner"]) {
                Element("b") { String(parts[0]) }
                ":\(parts.count > 1 ? parts[1] : "")"
            }
        }
    }

    private static func verdict(_ summary: RunSummary) -> Element {
        let verdict = summary.verdict.verdict
        let word = verdict.rawValue.uppercased()
        let sentence = summary.verdict.sentence
        let rest = sentence.hasPrefix("\(word): ") ? String(sentence.dropFirst(word.count + 2)) : sentence
        return Element("div", ["class": "verdict \(verdict.rawValue)", "role": "status"]) {
            Element("span", ["class": "icon", "aria-hidden": "true"]) { HTML.sign(verdict) }
            Element("div") {
                Element("span", ["class": "word"]) { word }
                Element("p") { "\(rest.prefix(1).uppercased())\(rest.dropFirst())" }
                HTML.list(summary.validity.reasons.map(\.text))
            }
        }
    }

    private struct Card {
        var name: String
        var figure: String
        var unit = ""
        var under = ""
    }

    /// Attempts per call where they can differ, else the longest call: eight figures fill two rows.
    private static func fourth(_ run: Measurement, _ figures: CallFigures) -> Card {
        if let amplification = figures.amplification, run.policies != nil || run.ledger.retries + run.ledger.hedges > 0
        {
            return Card(
                name: "attempts per call", figure: Figures.amount(amplification),
                under: "\(Figures.count(run.ledger.attempts)) attempts")
        }
        let (response, service) = (run.response, run.service)
        return Card(
            name: "response max", figure: response.isEmpty ? "–" : Figures.milliseconds(response.maximum),
            unit: response.isEmpty ? "" : "ms",
            under: service.isEmpty ? "no call ended" : "service \(Figures.milliseconds(service.maximum)) ms")
    }

    private static func cards(_ summary: RunSummary) -> Element {
        let run = summary.run
        let figures = summary.figures
        var cards = [50.0, 95, 99].map { percent in
            let service = MarkdownTables.percentile(percent, of: run.service)
            return Card(
                name: "response \(LatencySummary.name(ofPercent: percent))",
                figure: MarkdownTables.percentile(percent, of: run.response), unit: run.response.isEmpty ? "" : "ms",
                under: run.service.isEmpty ? "no call ended" : "service \(service) ms")
        }
        cards.append(fourth(run, figures))
        var errors = "\(Figures.count(run.ledger.failed)) failed"
        if run.ledger.rejected > 0 { errors += ", \(Figures.count(run.ledger.rejected)) rejected" }
        errors += " of \(Figures.count(run.ended))"
        if run.ledger.fallbacks > 0 { errors += "; \(Figures.count(run.ledger.fallbacks)) had a fallback" }
        var offered = "\(Figures.rate(run.rates.offered)) offered"
        if run.ledger.dropped > 0 { offered += ", \(Figures.count(run.ledger.dropped)) dropped" }
        cards += [
            Card(
                name: "errors", figure: run.ended > 0 ? Figures.share(figures.errorShare) : "–",
                under: errors),
            Card(name: "completed", figure: Figures.rate(run.rates.achieved), under: offered),
            Card(
                name: "goodput", figure: Figures.rate(figures.goodput),
                under: "\(Figures.count(run.ledger.succeeded)) succeeded"),
            Card(
                name: "measured", figure: Figures.seconds(run.measuredSeconds),
                under: Figures.count(run.ended, "call")),
        ]
        return Element("dl", ["class": "cards"]) {
            cards.map { card in
                Element("div") {
                    Element("dt") { card.name }
                    Element("dd", ["class": "figure"]) {
                        card.figure
                        card.unit.isEmpty ? nil : Element("small") { card.unit }
                    }
                    Element("dd", ["class": "under"]) { card.under }
                }
            }
        }
    }
}

/// What a reader should know before the figures.
enum HTMLFindings {
    static func contents(_ summary: RunSummary) -> [Element?] { [HTML.list(summary.findings.map(\.text))] }
}
