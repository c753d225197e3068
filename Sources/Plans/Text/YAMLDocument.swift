/// A document in YAML that is no plan: what an importer reads. Limits are the caller's; what a plan refuses of YAML
/// (anchors, aliases, tags, complex keys, a second document) is refused here, too.
package struct YAMLDocument: Sendable {
    package enum Content: Sendable {
        /// Plain: without quotes, so that `true` and `17` may be more than text.
        case scalar(String, isPlain: Bool)
        case list([YAMLDocument])
        case map([Member])
    }

    package struct Member: Sendable {
        package let key: String
        package let value: YAMLDocument
    }

    package let content: Content
    /// From 1.
    package let line: Int

    /// - Parameters:
    ///   - maximumBytes: longest text, in bytes of UTF-8.
    ///   - maximumDepth: deepest nesting of lists and maps.
    /// - Throws: what is no YAML, or what is refused of it, with its place.
    package init(parsing text: String, maximumBytes: Int, maximumDepth: Int) throws(PlanProblem) {
        self.init(
            try PlanText.parse(
                text, lines: SourceLines(text), maximumBytes: maximumBytes, maximumDepth: maximumDepth))
    }

    private init(_ node: PlanNode) {
        line = node.place.line
        content =
            switch node.content {
            case .scalar(let text, let style): .scalar(text, isPlain: style == .plain)
            case .list(let items): .list(items.map { YAMLDocument($0) })
            case .map(let entries): .map(entries.map { Member(key: $0.key, value: YAMLDocument($0.value)) })
            }
    }
}
