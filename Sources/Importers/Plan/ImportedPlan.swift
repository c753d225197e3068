/// What an importer made of a file: a plan before it is text.
package struct ImportedPlan: Hashable, Sendable {
    package var name: String
    /// `https://shop.example:8443/prefix`; nil when the file names none.
    package var target: String?
    /// Each user has a jar for cookies.
    package var keepsCookies = false
    package var data: [ImportedData] = []
    package var load: [ImportedLoad] = []
    package var flows: [ImportedFlow] = []
    /// To be written beside the plan.
    package var files: [ImportedFile] = []
    /// What the plan's first lines say: what was left out, and what is to be filled in. One line each.
    package var notes: [String] = []

    package init(name: String) { self.name = name }

    /// How many requests the plan has.
    package var stepCount: Int { flows.reduce(0) { $0 + $1.items.reduce(0) { $0 + $1.stepCount } } }
}

package enum ImportedLoad: Hashable, Sendable {
    /// `{ rate: 10/s, for: 1m }`
    case rate(String, duration: String)
    /// `{ replay: access.csv }`
    case replay(String)
}

/// A source of values, with its name.
package struct ImportedData: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case list([String])
        case integer(Int, Int)
        case uuid
        /// `iso`, `seconds` or `milliseconds`.
        case timestamp(String)
        /// So many random letters and digits.
        case string(Int)
        /// A file beside the plan.
        case csv(String)
    }

    package var name: String
    package var source: Source

    package init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

package struct ImportedFile: Hashable, Sendable {
    /// Without a folder.
    package var name: String
    package var bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// A scenario.
package struct ImportedFlow: Hashable, Sendable {
    package var name: String
    package var weight = 1
    /// `on-failure: continue`
    package var continues = false
    package var items: [ImportedItem]

    package init(name: String, weight: Int = 1, continues: Bool = false, items: [ImportedItem]) {
        self.name = name
        self.weight = weight
        self.continues = continues
        self.items = items
    }
}

package indirect enum ImportedItem: Hashable, Sendable {
    case step(ImportedStep)
    case group(String, [ImportedItem])

    var stepCount: Int {
        switch self {
        case .step: 1
        case .group(_, let items): items.reduce(0) { $0 + $1.stepCount }
        }
    }
}

/// One request of the plan.
package struct ImportedStep: Hashable, Sendable {
    /// Nil: what the plan calls it by itself.
    package var name: String?
    package var method: ImportedText
    /// Begins with `/`; holds the query, too, where `query` cannot say it.
    package var path: ImportedText
    package var query: [ImportedPair] = []
    package var headers: [ImportedPair] = []
    package var cookies: [ImportedPair] = []
    package var body: ImportedBody?
    /// `2xx`, `201`.
    package var status: String?
    /// Milliseconds.
    package var think: Int?
    /// Comments before the step; one line each.
    package var notes: [String] = []

    package init(method: ImportedText, path: ImportedText) {
        self.method = method
        self.path = path
    }
}

package struct ImportedPair: Hashable, Sendable {
    package var name: String
    package var value: ImportedText

    package init(_ name: String, _ value: ImportedText) {
        self.name = name
        self.value = value
    }
}

package enum ImportedBody: Hashable, Sendable {
    case text(ImportedText)
    case json(ImportedValue)
    case form([ImportedPair])
    case multipart([ImportedPart])
    /// A file beside the plan, or below it.
    case file(String)
}

package struct ImportedPart: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case text(ImportedText)
        case file(String, type: String?)
    }

    package var name: String
    package var content: Content

    package init(_ name: String, _ content: Content) {
        self.name = name
        self.content = content
    }
}

/// A JSON value whose texts may hold places for values.
package indirect enum ImportedValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// Digit by digit as it was written.
    case number(String)
    case string(ImportedText)
    case list([ImportedValue])
    case map([Member])

    package struct Member: Hashable, Sendable {
        package var name: String
        package var value: ImportedValue

        package init(_ name: String, _ value: ImportedValue) {
            self.name = name
            self.value = value
        }
    }
}
