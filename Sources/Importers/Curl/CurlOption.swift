/// The options of curl that say what is sent, and those that can be passed over.
enum CurlOption {
    case request, header, data, dataRaw, dataBinary, dataURLEncode, json, form, formString, user, cookie, agent, referer
    case get, head, url, compressed, upload, next, bearer
    /// Means nothing to a plan's request.
    case ignored
    /// The same with a value.
    case ignoredValue
    /// Belongs into `client:` or `tls:`, which a person decides.
    case setting(String)
    case settingValue(String)

    var takesValue: Bool {
        switch self {
        case .get, .head, .compressed, .next, .ignored, .setting: false
        default: true
        }
    }

    init?(short: Unicode.Scalar) {
        guard let option = Self.short[short] else { return nil }
        self = option
    }

    init?(long: String) {
        guard let option = Self.long[long] else { return nil }
        self = option
    }

    private static let redirects = "Redirects are followed only with `client: { redirects: 5 }`"
    private static let certificates = "Certificates are checked unless `tls:` says otherwise"
    private static let timeouts = "Time limits stand in `client: { timeout: ... }`"
    private static let network = "Proxies and addresses of the command line were left out"

    private static let short: [Unicode.Scalar: CurlOption] = [
        "X": .request, "H": .header, "d": .data, "F": .form, "u": .user, "b": .cookie, "A": .agent, "e": .referer,
        "G": .get, "I": .head, "T": .upload, ":": .next, "k": .setting(certificates), "L": .setting(redirects),
        "m": .settingValue(timeouts), "x": .settingValue(network), "E": .settingValue(certificates), "s": .ignored,
        "S": .ignored, "v": .ignored, "i": .ignored, "f": .ignored, "g": .ignored, "n": .ignored, "N": .ignored,
        "#": .ignored, "0": .ignored, "1": .ignored, "2": .ignored, "4": .ignored, "6": .ignored, "O": .ignored,
        "J": .ignored, "Z": .ignored, "q": .ignored, "R": .ignored, "o": .ignoredValue, "w": .ignoredValue,
        "c": .ignoredValue, "D": .ignoredValue, "K": .ignoredValue, "C": .ignoredValue, "y": .ignoredValue,
        "Y": .ignoredValue, "z": .ignoredValue, "U": .settingValue(network),
    ]

    private static let long: [String: CurlOption] = [
        "request": .request, "header": .header, "data": .data, "data-ascii": .data, "data-raw": .dataRaw,
        "data-binary": .dataBinary, "data-urlencode": .dataURLEncode, "json": .json, "form": .form,
        "form-string": .formString, "user": .user, "cookie": .cookie, "user-agent": .agent, "referer": .referer,
        "get": .get, "head": .head, "url": .url, "compressed": .compressed, "upload-file": .upload, "next": .next,
        "oauth2-bearer": .bearer, "insecure": .setting(certificates), "location": .setting(redirects),
        "location-trusted": .setting(redirects), "max-redirs": .settingValue(redirects),
        "max-time": .settingValue(timeouts), "connect-timeout": .settingValue(timeouts),
        "proxy": .settingValue(network), "proxy-user": .settingValue(network), "resolve": .settingValue(network),
        "connect-to": .settingValue(network), "interface": .settingValue(network),
        "cacert": .settingValue(certificates),
        "cert": .settingValue(certificates), "key": .settingValue(certificates), "capath": .settingValue(certificates),
        "silent": .ignored, "show-error": .ignored, "verbose": .ignored, "include": .ignored, "fail": .ignored,
        "fail-with-body": .ignored, "globoff": .ignored, "no-buffer": .ignored, "progress-bar": .ignored,
        "http1.0": .ignored, "http1.1": .ignored, "http2": .ignored, "http2-prior-knowledge": .ignored,
        "ipv4": .ignored, "ipv6": .ignored, "remote-name": .ignored, "basic": .ignored, "tlsv1.2": .ignored,
        "tlsv1.3": .ignored, "no-progress-meter": .ignored, "path-as-is": .ignored, "output": .ignoredValue,
        "write-out": .ignoredValue, "cookie-jar": .ignoredValue, "dump-header": .ignoredValue,
        "retry": .ignoredValue, "retry-delay": .ignoredValue, "limit-rate": .ignoredValue,
    ]
}
