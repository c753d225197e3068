import Core
import Flows
import Plans

/// The parts of a step's request that are written anew for each call.
struct Rendering: Sendable {
    /// Nil where it is always the same.
    private let method: Template?
    private let target: Template?
    private let headers: [HeaderTemplate]
    private let body: Template?
    /// The step's own cookies, when the line of cookies is written for each call; they stand beside those of the jar.
    let cookies: [HeaderTemplate]?
    private let isSecure: Bool
    /// `https://host:port`
    private let origin: [UInt8]
    /// What stands before every path.
    private let prefix: [UInt8]
    /// Path of the request when it is always the same, for the jar.
    private let path: [UInt8]

    /// - Returns: nil for a request that is always the same.
    init?(_ step: Step, target: BaseURL, cookies: Bool) {
        func varying(_ template: Template) -> Template? { template.constant == nil ? template : nil }
        method = varying(step.method)
        self.target = varying(step.path)
        prefix = Array(target.prefix.utf8)
        headers = step.headers.filter { $0.value.constant == nil }
        body = step.body.flatMap(varying)
        let ownCookiesVary = step.cookies.contains { $0.value.constant == nil }
        self.cookies = cookies || ownCookiesVary ? step.cookies : nil
        isSecure = target.isSecure
        origin = Array(target.text.dropLast(target.prefix.count).utf8)
        path = Array(target.prefix.utf8) + (step.path.constant ?? [])
        if method == nil, self.target == nil, headers.isEmpty, body == nil, self.cookies == nil { return nil }
    }

    /// Writes the parts of one call.
    /// - Parameter wallSeconds: seconds since 1970, now: which cookies have not expired.
    /// - Returns: why the request cannot be sent; nil when it can.
    func write(
        _ variables: borrowing Variables, jar: borrowing CookieJar?, wallSeconds: Int64, into exchange: Exchange
    ) -> RenderFault? {
        if let method {
            if let fault = method.render(variables, into: &exchange.method) { return fault }
            guard !exchange.method.isEmpty else { return Self.forbidden(in: method) }
        }
        if let target, let fault = write(target: target, variables, into: exchange) { return fault }
        for header in headers {
            exchange.headers.append(contentsOf: header.name.utf8)
            let colon = exchange.headers.count
            exchange.headers.append(contentsOf: ": ".utf8)
            let start = exchange.headers.count
            if let fault = header.value.render(variables, into: &exchange.headers) { return fault }
            if exchange.headers.count == start {
                // libcurl takes `Name:` as "no such header"; with a semicolon the header has an empty value.
                exchange.headers.removeLast(start - colon)
                exchange.headers.append(UInt8(ascii: ";"))
            }
            exchange.headers.append(0)
        }
        if let cookies, let fault = write(cookies, variables, jar, wallSeconds, into: exchange) { return fault }
        if let body {
            exchange.hasBody = true
            if let fault = body.render(variables, into: &exchange.body) { return fault }
        }
        return nil
    }

    private func write(
        target: Template, _ variables: borrowing Variables, into exchange: Exchange
    ) -> RenderFault? {
        exchange.target.append(contentsOf: prefix)
        if let fault = target.render(variables, into: &exchange.target) { return fault }
        let path = exchange.target[prefix.count...]
        if path.starts(with: origin), path.dropFirst(origin.count).first == UInt8(ascii: "/") {
            // A whole link of the target, which has the prefix already.
            exchange.target.removeFirst(prefix.count + origin.count)
        } else if path.first != UInt8(ascii: "/") {
            // The value would say where to: `@host/`, `host:port`, another host's link.
            return Self.forbidden(in: target)
        }
        return nil
    }

    private static func forbidden(in template: Template) -> RenderFault {
        RenderFault(slot: template.slots.first ?? 0, reason: .forbidden)
    }

    /// Path and query of the request that was written.
    func path(of exchange: Exchange) -> [UInt8] { exchange.target.isEmpty ? path : exchange.target }

    private func write(
        _ cookies: [HeaderTemplate], _ variables: borrowing Variables, _ jar: borrowing CookieJar?,
        _ wallSeconds: Int64, into exchange: Exchange
    ) -> RenderFault? {
        let start = exchange.headers.count
        exchange.headers.append(contentsOf: "Cookie: ".utf8)
        let content = exchange.headers.count
        if let jar = copy jar {
            _ = jar.write(
                path: path(of: exchange), isSecure: isSecure, now: wallSeconds, into: &exchange.headers)
        }
        for cookie in cookies {
            if exchange.headers.count > content { exchange.headers.append(contentsOf: "; ".utf8) }
            exchange.headers.append(contentsOf: cookie.name.utf8)
            exchange.headers.append(UInt8(ascii: "="))
            if let fault = cookie.value.render(variables, into: &exchange.headers) { return fault }
        }
        if exchange.headers.count == content {
            exchange.headers.removeLast(content - start)
        } else {
            exchange.headers.append(0)
        }
        return nil
    }
}
