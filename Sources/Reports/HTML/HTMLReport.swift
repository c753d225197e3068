package import Analysis
import Core
import Recording

/// `report.html`: the run for people, in one file that needs nothing else: no script, no picture, no font, no network.
///
/// A policy in its head forbids all of these, so that even a fault in this code could not let anything from a plan or an answer
/// run or load something.
package enum HTMLReport {
    /// The policy (W3C, Content Security Policy Level 3): nothing but the style within the page, and pictures within it.
    package static let policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"

    /// The page in UTF-8.
    /// - Parameter summary: of that bundle.
    package static func bytes(_ bundle: Bundle, _ summary: RunSummary) -> [UInt8] {
        let sections = sections(bundle, summary, RunCharts(bundle, summary))
        let title = "\(summary.name): \(summary.verdict.verdict.rawValue)"
        let page = Element("html", ["lang": "en"]) {
            Element("head") {
                Element("meta", ["charset": "utf-8"])
                Element("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
                Element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                Element("meta", ["name": "color-scheme", "content": "light dark"])
                Element("meta", ["name": "referrer", "content": "no-referrer"])
                Element("title") { PlainText.cut(PlainText.clean(title), to: 120) }
                Element("style") { [Element.Content.style(ChartStyle.sheet), .style(HTMLStyle.sheet)] }
            }
            Element("body") {
                Element("a", ["class": "skip", "href": "#main"]) { "Skip to the report" }
                Element("div", ["class": "page"]) {
                    HTMLHead.element(summary)
                    contents(sections)
                    Element("main", ["id": "main"]) { sections.map(\.element) }
                    footer(summary)
                }
            }
        }
        return [UInt8]("<!DOCTYPE html>\n".utf8) + [UInt8](page.markup.utf8)
    }

    /// What a reader wants to know, in the order in which he asks. A section without contents is left out.
    private static func sections(_ bundle: Bundle, _ summary: RunSummary, _ charts: RunCharts) -> [HTMLSection] {
        let run = summary.run
        return [
            HTMLSection("findings", "Findings", HTMLFindings.contents(summary)),
            HTMLSection("budgets", "Budgets", HTMLBudgets.contents(summary, bundle.budgetSeconds)),
            HTMLSection("latency", "Latency", HTMLLatency.contents(run, charts)),
            HTMLSection("load", "Load", HTMLLoad.contents(run, charts)),
            HTMLSection("failures", "Statuses and failures", HTMLFailures.contents(run, charts)),
            HTMLSection("patterns", "Error patterns", HTMLCalls.patterns(run)),
            HTMLSection("steps", "Steps", HTMLSteps.contents(run)),
            HTMLSection("slowest", "Slowest calls", HTMLCalls.slowest(run)),
            HTMLSection("checks", "Checks and counters", HTMLOutcomes.contents(run)),
            HTMLSection("policies", "Calls and attempts", HTMLPolicies.contents(run, charts)),
            HTMLSection("endpoints", "Endpoints", HTMLEndpoints.contents(run, charts)),
            HTMLSection("events", "Events", HTMLEvents.contents(run, charts)),
            HTMLSection("services", "Behind the services", HTMLResources.contents(summary, bundle.resources)),
            HTMLSection("generator", "Generator", HTMLGenerator.contents(summary, charts)),
            HTMLSection("ledgers", "Ledgers", HTMLLedgers.contents(summary)),
            HTMLSection("environment", "Environment", HTMLEnvironment.contents(summary)),
        ].compactMap { $0 }
    }

    private static func contents(_ sections: [HTMLSection]) -> Element {
        Element("nav", ["aria-label": "Contents"]) {
            Element("ul") {
                sections.map { section in
                    Element("li") { Element("a", ["href": "#\(section.id)"]) { section.title } }
                }
            }
        }
    }

    private static func footer(_ summary: RunSummary) -> Element {
        Element("footer") {
            Element("p") {
                "Written by Gale \(summary.gale) from the bundle it lies in: run.json, intervals.hlog and timeline.csv have what is "
                    + "shown here, summary.json has its figures for machines."
            }
        }
    }
}

/// One part of the page, with a place in its contents.
struct HTMLSection {
    let id: StaticString
    let title: String
    private let contents: [Element]

    /// Nil without contents.
    init?(_ id: StaticString, _ title: String, _ contents: [Element?]) {
        let contents = contents.compactMap { $0 }
        guard !contents.isEmpty else { return nil }
        self.id = id
        self.title = title
        self.contents = contents
    }

    var element: Element {
        Element("section", ["id": "\(id)", "aria-labelledby": "\(id)-title"]) {
            Element("h2", ["id": "\(id)-title"]) { title }
            contents
        }
    }
}

/// The forms that several sections share.
enum HTML {
    static func note(_ text: String) -> Element { Element("p", ["class": "note"]) { text } }

    static func list(_ texts: [String]) -> Element? {
        guard !texts.isEmpty else { return nil }
        return Element("ul", ["class": "plain"]) { texts.map { text in Element("li") { text } } }
    }

    /// Something that is looked up rather than read, closed at first.
    static func details(_ summary: String, _ contents: Element?) -> Element? {
        guard let contents else { return nil }
        return Element("details") {
            Element("summary") { summary }
            contents
        }
    }

    /// A chart over the whole width, laid out for a page and for a telephone.
    static func figure(_ title: String, note: String? = nil, _ drawing: ((ChartSize) -> SVG)?) -> Element? {
        guard let drawing else { return nil }
        return Element("figure") {
            caption(title, note)
            drawing(.wide).element("wide")
            drawing(.narrow).element("narrow")
        }
    }

    /// Charts of half the width, two beside each other where there is room.
    static func pair(_ charts: [LineChart?]) -> Element? {
        let charts = charts.compactMap { $0 }
        guard !charts.isEmpty else { return nil }
        return Element("div", ["class": "pair"]) {
            charts.map { chart in
                Element("figure") {
                    caption(chart.title, nil)
                    chart.drawing(.half).element("half")
                }
            }
        }
    }

    private static func caption(_ title: String, _ note: String?) -> Element {
        Element("figcaption") {
            title
            note.map { note in Element("span", ["class": "note"]) { note } }
        }
    }

    /// A verdict: colour, sign and word, so that none of them has to be seen.
    static func chip(_ verdict: Verdict) -> Element {
        Element("span", ["class": "chip \(verdict.rawValue)"]) { "\(sign(verdict)) \(verdict.rawValue)" }
    }

    static func sign(_ verdict: Verdict) -> String {
        switch verdict {
        case .met: "✓"
        case .broken: "✕"
        case .undecided: "?"
        case .invalid: "!"
        }
    }
}
