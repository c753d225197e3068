/// Values that must not be copied into a plan, and the variables of the environment that stand for them.
struct SecretTable {
    private var names: [String: String] = [:]
    private var taken: Set<String> = []

    /// `${env:AUTHORIZATION}` for a value of that name; another value of the same name gets another variable.
    mutating func place(for value: String, of name: String) -> ImportedText {
        let key = name.lowercased() + "\u{0}" + value
        if let known = names[key] { return ImportedText(environment: known) }
        let base = Self.variable(name)
        var variable = base
        var number = 2
        while !taken.insert(variable).inserted {
            variable = "\(base)_\(number)"
            number += 1
        }
        names[key] = variable
        return ImportedText(environment: variable)
    }

    /// The variables that the plan needs, sorted.
    var variables: [String] { taken.sorted() }

    /// A variable that the file itself names.
    mutating func declare(_ name: String) -> ImportedText {
        let variable = Self.variable(name)
        taken.insert(variable)
        return ImportedText(environment: variable)
    }

    /// A variable of the environment under the very name that the file has for it.
    mutating func declare(exactly variable: String) { taken.insert(variable) }

    /// `X-Api-Key` as the name of a variable: `X_API_KEY`; `baseUrl` is `BASE_URL`.
    static func variable(_ name: String) -> String {
        var variable = ""
        var afterSmall = false
        for scalar in name.unicodeScalars.prefix(60) {
            let isSmall = ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar)
            if ("A"..."Z").contains(scalar), afterSmall { variable += "_" }
            if isSmall || ("A"..."Z").contains(scalar) {
                variable += String(scalar).uppercased()
            } else if variable.last != "_" {
                variable += "_"
            }
            afterSmall = isSmall
        }
        while variable.hasSuffix("_") { variable.removeLast() }
        while variable.hasPrefix("_") { variable.removeFirst() }
        guard let first = variable.utf8.first else { return "VALUE" }
        return first.isDigit ? "VALUE_" + variable : variable
    }

    // MARK: What a secret is called

    static func isSecretHeader(_ name: String) -> Bool {
        let plain = plain(name)
        return ["authorization", "proxyauthorization", "cookie"].contains(plain) || isSecretName(plain)
    }

    /// A field of a query, a form or a JSON object.
    static func isSecretField(_ name: String, value: String) -> Bool {
        guard !value.isEmpty else { return false }
        let plain = plain(name)
        return isSecretName(plain) || (["key", "code"].contains(plain) && value.utf8.count >= 16)
    }

    private static func isSecretName(_ plain: String) -> Bool {
        exact.contains(plain) || endings.contains { plain.hasSuffix($0) }
    }

    private static let exact: Set<String> = [
        "session", "xsession", "xsessionid", "pwd", "passwd", "pass", "passphrase", "auth", "authorization", "bearer",
        "jwt", "sid", "sessionid",
        "signature",
        "sig", "xamzsignature", "credential", "credentials", "phpsessid", "jsessionid", "otp", "pin", "cvv", "cvc",
    ]
    private static let endings = ["token", "apikey", "password", "secret", "accesskey", "privatekey", "secretkey"]

    private static func plain(_ name: String) -> String {
        String(decoding: name.utf8.filter { $0.isLetter || $0.isDigit }, as: UTF8.self).lowercased()
    }
}
