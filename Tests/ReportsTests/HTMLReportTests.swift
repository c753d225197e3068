import Analysis
import Core
import Recording
import Reports
import Testing

@Suite("The page is whole, reads well without being seen, and nothing in it can run")
struct HTMLReportTests {
    /// The page of every kind of run, or why there is none; made and read once for all tests.
    private static let pages = Dictionary(
        uniqueKeysWithValues: Kinds.names.map { kind in
            (
                kind,
                Result {
                    let bundle = try Kinds.bundle(kind)
                    let text = String(decoding: HTMLReport.bytes(bundle, RunSummary(bundle)), as: UTF8.self)
                    return (text: text, root: try MarkupReader.read(text))
                }
            )
        })

    private static func page(_ kind: String) throws -> String { try #require(pages[kind]).get().text }

    private static func root(_ kind: String) throws -> MarkupReader.Node { try #require(pages[kind]).get().root }

    @Test("The page of a kind of run", arguments: ["one-step", "empty", "killed", "hostile", "policies"])
    func golden(kind: String) throws { try Golden.check(try Self.page(kind), "\(kind).html") }

    @Test("The charts beside the Markdown of a kind of run", arguments: ["one-step", "empty", "broken"])
    func charts(kind: String) throws {
        let bundle = try Kinds.bundle(kind)
        let summary = RunSummary(bundle)
        for file in [BundleFile.latencyChart, .timelineChart] {
            let text = String(decoding: try ReportWriter.contents(of: file, bundle, summary), as: UTF8.self)
            let root = try MarkupReader.read(text)
            #expect(root.name == "svg" && root["role"] == "img" && root["xmlns"] == "http://www.w3.org/2000/svg")
            #expect(root.children.first?.name == "title" && root.children.dropFirst().first?.name == "desc")
            try Golden.check(text, "\(kind).\(file.rawValue)")
        }
    }

    // MARK: Nothing can run

    /// All elements and attributes that the page may have; none of them runs or loads anything.
    private static let elements: Set<String> = [
        "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "footer", "section", "div", "p",
        "span", "a",
        "b", "strong", "small", "code", "h1", "h2", "h3", "ul", "li", "dl", "dt", "dd", "table", "caption", "thead",
        "tbody",
        "tr", "th", "td", "figure", "figcaption", "details", "summary", "svg", "desc", "g", "path", "rect", "circle",
        "text",
    ]
    private static let attributes: Set<String> = [
        "lang", "charset", "http-equiv", "content", "name", "class", "id", "href", "role", "tabindex", "scope", "style",
        "aria-label", "aria-labelledby", "aria-hidden", "viewBox", "x", "y", "width", "height", "rx", "d", "cx", "cy",
        "r",
        "text-anchor", "transform",
    ]

    @Test("No element and no attribute could run or load anything", arguments: Kinds.names)
    func nothingRuns(kind: String) throws {
        let text = try Self.page(kind)
        let root = try Self.root(kind)
        for node in root.all {
            #expect(Self.elements.contains(node.name), "<\(node.name)>")
            for attribute in node.attributes {
                #expect(Self.attributes.contains(attribute.name), "\(attribute.name) of <\(node.name)>")
            }
            if let link = node["href"] { #expect(link.hasPrefix("#"), "\(link)") }
            if let style = node["style"] { #expect(style.wholeMatch(of: /width:[0-9.]+%/) != nil, "\(style)") }
        }
        let policies = root.all("meta").filter { $0["http-equiv"] == "Content-Security-Policy" }
        #expect(policies.map { $0["content"] } == ["default-src 'none'; style-src 'unsafe-inline'; img-src data:"])
        // A policy holds for what comes after it.
        let head = try #require(root.children.first)
        #expect(head.children.prefix(2).map(\.name) == ["meta", "meta"] && head.children[1]["http-equiv"] != nil)
        #expect(!text.lowercased().contains("<script") && !text.contains("url(") && !text.contains("@import"))
    }

    @Test("Text from outside keeps its words and loses its power")
    func hostileText() throws {
        let root = try Self.root("hostile")
        let title = try #require(root.all("h1").first)
        #expect(title.text == "<script>alert(1)</script> | =cmd|' /C calc'!A0")
        #expect(title.children.isEmpty)
        #expect(root.text.contains("<img src=x onerror=alert(1)>"))
        #expect(root.all("code").contains { $0.text.hasPrefix("<script>alert(1)</script>|") })
        for scalar in root.text.unicodeScalars {
            #expect(scalar == "\n" || scalar.value >= 0x20 && !(0x7F...0x9F).contains(scalar.value))
            #expect(!(0x202A...0x202E).contains(scalar.value) && !(0x2066...0x2069).contains(scalar.value))
        }
    }

    @Test(
        "Whatever a text is, it comes back as it was cleaned",
        arguments: [
            "</script><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x",
            "&lt;b&gt; &amp; & &#0;",
            "]]><!-- -->", "javascript:alert(1)", "\u{202E}txt\u{2066}", "\u{1B}[31mred\u{0}\u{7F}",
            "</style></title><svg>",
            "größer 日本語 🙂", "a\u{FFFE}b", "",
        ])
    func escaping(text: String) throws {
        let root = try MarkupReader.read(Element("p", ["class": text]) { text }.markup)
        let expected = PlainText.clean(text).replacing("\u{FFFE}", with: "\u{FFFD}")
        #expect(root["class"] == expected && root.text.trimmed == expected.trimmed)
        #expect(root.children.isEmpty)
    }

    @Test("No text opens an element, whatever it is made of", arguments: 0..<64 as Range<UInt64>)
    func randomText(seed: UInt64) throws {
        var random = SeededRandom(seed: seed, stream: 2)
        let pieces = [
            "<", ">", "&", "\"", "'", "/", "script", "!--", "]]>", "\u{0}", "\u{1B}", "\u{202E}", "&lt;", "x", " ", "=",
        ]
        let text = (0..<60).map { _ in pieces[Int(random.next() % UInt64(pieces.count))] }.joined()
        let root = try MarkupReader.read(Element("td", ["aria-label": text]) { text }.markup)
        #expect(
            root.children.isEmpty && root.text == PlainText.clean(text) && root["aria-label"] == PlainText.clean(text))
    }

    // MARK: For those who do not see it

    @Test("Headings, links, tables and pictures have what a screen reader needs", arguments: Kinds.names)
    func accessible(kind: String) throws {
        let root = try Self.root(kind)
        #expect(root["lang"] == "en")
        let nodes = root.all
        let ids = nodes.compactMap { $0["id"] }
        #expect(Set(ids).count == ids.count, "an id stands twice")
        for link in nodes.compactMap({ $0["href"] }) { #expect(ids.contains(String(link.dropFirst())), "\(link)") }
        for label in nodes.compactMap({ $0["aria-labelledby"] }) { #expect(ids.contains(label), "\(label)") }
        #expect(root.all("main").count == 1 && root.all("header").count == 1 && root.all("nav").count == 1)
        var level = 0
        for heading in nodes where ["h1", "h2", "h3"].contains(heading.name) {
            let next = Int(heading.name.dropFirst()) ?? 0
            #expect(
                next <= level + 1 && (level == 0) == (next == 1), "\(heading.text) after a heading of level \(level)")
            level = next
        }
        for table in root.all("table") {
            #expect(table.children.first?.name == "caption" && table.children.first?.text.isEmpty == false)
            for cell in table.all("th") { #expect(["col", "row"].contains(cell["scope"])) }
            let columns = table.all("thead").flatMap { $0.all("th") }.count
            for row in table.all("tbody").flatMap({ $0.all("tr") }) { #expect(row.children.count == columns) }
        }
        for picture in root.all("svg") {
            let isNamed = picture["role"] == "img" && picture["aria-label"]?.isEmpty == false
            #expect(isNamed || picture["aria-hidden"] == "true")
        }
        for figure in root.all("figure") { #expect(figure.children.first?.name == "figcaption") }
    }

    @Test("The verdict is a colour, a sign and a word", arguments: Kinds.names)
    func verdict(kind: String) throws {
        let summary = RunSummary(try Kinds.bundle(kind))
        let root = try Self.root(kind)
        let word = summary.verdict.verdict.rawValue
        let box = try #require(root.all("div").first { $0["class"] == "verdict \(word)" })
        #expect(box.text.contains(word.uppercased()))
        #expect(box.all("span").contains { $0["class"] == "icon" && !$0.text.isEmpty })
    }

    // MARK: What is in it

    @Test("Every cause, finding, budget, step, check and counter gets into the page", arguments: Kinds.names)
    func nothingIsLeftOut(kind: String) throws {
        let summary = RunSummary(try Kinds.bundle(kind))
        let text = try Self.root(kind).text
        let run = summary.run
        var wanted = run.steps.map(\.name) + run.transactions.map(\.name) + run.checks.map(\.name)
        wanted += run.counters.map(\.name) + run.endpoints.map(\.address)
        wanted +=
            summary.validity.reasons.map(\.text) + summary.findings.map(\.text) + summary.budgets.map(\.budget.text)
        wanted += (summary.resources ?? []).map(\.name)
        for part in wanted { #expect(text.contains(PlainText.clean(part)), "\(part)") }
    }

    @Test(
        "What a run does not have is no section",
        arguments: [
            ("empty", ["findings", "budgets", "load", "steps", "generator", "ledgers", "environment"]),
            (
                "one-step", ["budgets", "latency", "load", "failures", "steps", "generator", "ledgers", "environment"]
            ),
        ])
    func sections(kind: String, ids: [String]) throws {
        let root = try Self.root(kind)
        #expect(root.all("section").compactMap { $0["id"] } == ids)
        #expect(root.all("nav").flatMap { $0.all("a") }.compactMap { $0["href"] } == ids.map { "#\($0)" })
    }

    @Test func theCommandThatRunsItAgainIsSafeToCopy() throws {
        var run = Kinds.run("one-step")
        run.file = "plans/$(touch x) 'y'.yaml"
        run.variant = "no-retry"
        run.settings = ["rate=100/s", "name=a b"]
        run.timeScale = 60
        let text = try Kinds.with(run) { String(decoding: HTMLReport.bytes($0, RunSummary($0)), as: UTF8.self) }
        let command = try MarkupReader.read(text).all("code").first { $0["class"] == "command" }
        #expect(
            command?.text
                == "gale run 'plans/$(touch x) '\\''y'\\''.yaml' --variant no-retry --set rate=100/s --set 'name=a b' "
                + "--time-scale 60 --seed 42")
    }

    @Test("An hour of 20 steps is a page of less than 3 MB, and of charts of less than 200 kB")
    func anHour() throws {
        try HourRun.with { bundle in
            let summary = RunSummary(bundle)
            #expect(summary.run.steps.count == 20 && bundle.timeline.count == 3_600)
            let page = HTMLReport.bytes(bundle, summary)
            #expect(page.count < 3_000_000, "\(page.count)")
            let root = try MarkupReader.read(String(decoding: page, as: UTF8.self))
            #expect(root.all("section").count >= 8)
            for file in [BundleFile.latencyChart, .timelineChart] {
                #expect(try ReportWriter.contents(of: file, bundle, summary).count < 200_000)
            }
        }
    }

    @Test("A page has an end: of thousands of steps, checks and endpoints the first are shown and the rest is named")
    func thousands() throws {
        var run = SyntheticRun()
        run.rate = 1
        run.phases = [2]
        run.steps = (0..<3_000).map { ("scenario", "step \($0)") }
        run.counters = (0..<3_000).map { CounterName(name: "counter \($0)") }
        try Kinds.with(run) { bundle in
            let page = HTMLReport.bytes(bundle, RunSummary(bundle))
            #expect(page.count < 1_000_000, "\(page.count)")
            #expect(String(decoding: page, as: UTF8.self).contains("… and more, in summary.csv."))
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " || $0 == "\n" }.reversed().drop { $0 == " " || $0 == "\n" }.reversed())
    }
}
