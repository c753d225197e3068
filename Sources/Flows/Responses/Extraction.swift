package import Core

/// What a step takes out of a response and keeps in a variable: one entry of `extract:`.
package struct Extraction: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        case json(JSONPath, Pick)
        /// Of the body; group 0 is the whole match.
        case regex(Pattern, group: Int)
        /// The first header of that name, in letters of either case.
        case header(String)
        /// What `Set-Cookie` gives the cookie of that name; the last one, as in a browser.
        case cookie(String)
        /// As a number.
        case status
    }

    package let slot: Int
    /// What the variable becomes when nothing is found; with places in it, it is rendered then.
    package let standard: Template?
    /// The kind of a default that is not one place and nothing else.
    package let standardKind: Value.Kind
    package let source: Source
    /// The name of the header or cookie.
    private let name: [UInt8]
    /// The default speaks of the variable's own former value.
    private let keepsFormer: Bool

    package init(slot: Int, source: Source, standard: Template? = nil, standardKind: Value.Kind = .text) {
        self.slot = slot
        self.source = source
        self.standard = standard
        self.standardKind = standardKind
        keepsFormer = standard?.slots.contains(slot) ?? false
        switch source {
        case .header(let name), .cookie(let name): self.name = Array(name.utf8)
        case .json, .regex, .status: name = []
        }
    }

    package var needsBody: Bool {
        switch source {
        case .json, .regex: true
        case .header, .cookie, .status: false
        }
    }

    package var needsHeaders: Bool {
        switch source {
        case .header, .cookie: true
        case .json, .regex, .status: false
        }
    }

    /// Sets the variable.
    /// - Parameters:
    ///   - status: of the response; 0 when there is none, and then there is nothing to find.
    ///   - random: draws one number for `pick: random`, none otherwise.
    /// - Returns: false when nothing is found, and there is no default or it has no value either; the variable is missing
    ///   then.
    package func read(
        status: Int32, _ exchange: Exchange, using random: inout SeededRandom, into variables: inout Variables
    ) -> Bool {
        let former = keepsFormer ? variables[slot] : .missing
        // Out of the table while it is filled, so that its memory is used again.
        var value = Value.missing
        swap(&value, &variables[slot])
        read(status: status, exchange, using: &random, into: &value)
        swap(&value, &variables[slot])
        if !variables[slot].isMissing { return true }
        guard let standard else { return false }
        if keepsFormer { variables[slot] = former }
        return assign(standard, to: &variables)
    }

    private func read(
        status: Int32, _ exchange: Exchange, using random: inout SeededRandom, into value: inout Value
    ) {
        switch source {
        case .json(let path, let pick): path.read(exchange.responseBody, pick: pick, using: &random, into: &value)
        case .regex(let pattern, let group): pattern.firstMatch(in: exchange.responseBody, group: group, into: &value)
        case .status:
            if status > 0 { value.setNumber(Int(status)) } else { value.clear() }
        case .header:
            value.clear()
            exchange.responseHeaders.withUnsafeBufferPointer { bytes in
                guard let found = HeaderLines(bytes: bytes).first(name) else { return }
                value.set(.text) { $0.append(contentsOf: found) }
            }
        case .cookie:
            value.clear()
            exchange.responseHeaders.withUnsafeBufferPointer { bytes in
                HeaderLines(bytes: bytes).forEach(Self.setCookie) { line in
                    if let cookie = SetCookie(line), UnsafeBufferPointer(rebasing: line[cookie.name]).equals(name) {
                        value.set(.text) { $0.append(contentsOf: line[cookie.value]) }
                    }
                    return true
                }
            }
        }
    }

    static let setCookie = Array("set-cookie".utf8)

    private func assign(_ standard: Template, to variables: inout Variables) -> Bool {
        if let other = standard.soleSlot {
            if other != slot { variables[slot] = variables[other] }
            return !variables[slot].isMissing
        }
        if let constant = standard.constant {
            variables[slot].set(standardKind) { $0.append(contentsOf: constant) }
            return true
        }
        var rendered: [UInt8] = []
        let fault = standard.render(variables, into: &rendered)
        variables[slot] = fault == nil ? Value(kind: standardKind, bytes: rendered) : .missing
        return fault == nil
    }
}
