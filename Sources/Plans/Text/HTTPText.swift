/// The rules of HTTP for what a plan puts into a request (RFC 9110 and 9112). They are checked on every text, because
/// libcurl writes what it is given: a line break in a header would be a second header.
enum HTTPText {
    /// A method: a token, `GET` or any other; not CONNECT, which asks for a tunnel and not for a resource.
    @discardableResult
    static func method(_ text: String) throws(Complaint) -> String {
        guard isToken(text) else {
            throw Complaint(
                .method, "`\(text.printable)` is no method, which is made of letters, digits and !#$%&'*+-.^_`|~",
                remedy: "write a method such as `POST`")
        }
        guard text.uppercased() != "CONNECT" else {
            throw Complaint(.method, "`CONNECT` makes a tunnel and no request", remedy: "choose another method")
        }
        // Methods are case-sensitive: `get` would be a method that no server knows.
        guard text != text.lowercased() || !standard.contains(text.uppercased()) else {
            throw Complaint(
                .method, "`\(text)` is not `\(text.uppercased())`, because methods are case-sensitive",
                remedy: "write `\(text.uppercased())`")
        }
        return text
    }

    /// The path and query of a request: begins with `/`, visible ASCII, no fragment.
    @discardableResult
    static func path(_ text: String) throws(Complaint) -> String {
        guard text.hasPrefix("/") else {
            let isURL = text.contains("://")
            throw Complaint(
                .path, "`\(text.printable)` does not begin with `/`, and the path of a request does",
                remedy: isURL ? "move scheme and host to `target:`" : "write `/\(text.printable)`")
        }
        if let bad = text.unicodeScalars.first(where: { !(0x21...0x7E).contains($0.value) }) {
            let what = bad == " " ? "a blank" : "`\(String(bad).printable)` (U+\(hex(bad.value)))"
            throw Complaint(
                .path, "`\(text.printable)` contains \(what), and a path is visible ASCII",
                remedy: "write \(percentEncoded(bad)) for it")
        }
        guard !text.contains("#") else {
            throw Complaint(
                .path, "`\(text.printable)` has a fragment, which is never sent to a server",
                remedy: "remove what follows `#`, or write `%23`")
        }
        return text
    }

    /// The name of a response's header.
    @discardableResult
    static func anyHeaderName(_ text: String) throws(Complaint) -> String {
        guard isToken(text) else {
            throw Complaint(
                .header, "`\(text.printable)` is no header name, which is made of letters, digits and !#$%&'*+-.^_`|~",
                remedy: "write a name such as `Accept`")
        }
        return text
    }

    /// The name of a request's header; those that the transport writes itself are refused.
    static func headerName(_ text: String) throws(Complaint) -> String {
        try anyHeaderName(text)
        switch text.lowercased() {
        case "content-length", "transfer-encoding":
            throw Complaint(
                .header, "`\(text)` follows from the body and is written by Gale", remedy: "remove it")
        case "connection", "keep-alive", "upgrade", "proxy-connection":
            throw Complaint(
                .header, "`\(text)` belongs to the connection and is written by Gale", remedy: "remove it")
        default: return text
        }
    }

    /// The value of a header: no line break, no NUL, no other control character but the tab.
    @discardableResult
    static func headerValue(_ text: String) throws(Complaint) -> String {
        if let bad = text.unicodeScalars.first(where: { ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7F }) {
            throw Complaint(
                .header,
                "`\(text.printable)` contains U+\(hex(bad.value)), and no control character may stand in a header",
                remedy: "remove it")
        }
        return text
    }

    static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static let standard = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

    private static func hex(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    private static func percentEncoded(_ scalar: Unicode.Scalar) -> String {
        let bytes = String(scalar).utf8.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }
        return "`" + bytes.joined() + "`"
    }
}
