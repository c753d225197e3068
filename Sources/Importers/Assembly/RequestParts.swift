/// A request as an importer read it, before it is made fit for a plan.
struct RequestParts {
    enum Body {
        /// Text with the type that its header, or its recording, names.
        case text(ImportedText, type: String?)
        case json(ImportedValue)
        case form([ImportedPair])
        case multipart([ImportedPart])
        case file(String)
        /// Bytes that are no text.
        case bytes([UInt8])
    }

    var name: String?
    var method: String
    /// Begins with `/`; visible ASCII.
    var path: ImportedText
    /// As it stands in the URL; nil without `?`.
    var query: String?
    var headers: [ImportedPair] = []
    var cookies: [ImportedPair] = []
    var body: Body?
    var status: String?
    var think: Int?
    var notes: [String] = []

    /// How a literal text of the file becomes a text of the plan; a format with variables of its own reads them here.
    var translate: (String) -> ImportedText = { ImportedText($0) }

    init(method: String, path: ImportedText, query: String? = nil) {
        self.method = method
        self.path = path
        self.query = query
    }

    init(method: String, address: WebAddress) {
        self.init(method: method, path: ImportedText(address.path), query: address.query)
    }
}
