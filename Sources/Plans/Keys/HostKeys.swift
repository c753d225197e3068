import Core

/// `allow-hosts:` hosts beyond this machine and its network.
enum HostKeys {
    static let form: Form<HostGuard> = Forms.list(rule, of: "hosts").map { HostGuard(allowed: $0) }

    private static let rule = Form<HostRule>(
        .text("host"),
        text: { text throws(Complaint) in
            do throws(HostRuleProblem) {
                return try HostRule(text)
            } catch {
                throw complaint(error, of: text)
            }
        })

    private static func complaint(_ problem: HostRuleProblem, of text: String) -> Complaint {
        guard !text.contains("://") else {
            return Complaint(
                .host, "`\(text.printable)` is a URL, and a host belongs here",
                remedy: "write the host alone, without scheme, port and path")
        }
        switch problem {
        case .name:
            return Complaint(
                .host, "`\(text.printable)` is neither a host name nor an address",
                remedy: "write one such as `shop.example`, `*.shop.example` or `203.0.113.0/24`")
        case .number:
            return Complaint(
                .host, "`\(text.printable)` is made of numbers, and no address in the usual form",
                remedy: "write four numbers from 0 to 255, such as `203.0.113.7`")
        case .network:
            return Complaint(
                .host, "`\(text.printable)` has a `/` and is no network of addresses",
                remedy: "write one such as `203.0.113.0/24`, or the host alone")
        case .length(let most):
            return Complaint(
                .host, "`\(text.printable)` has no length of a prefix after `/`, which is a number from 0 to \(most)",
                remedy: "write one such as `/\(most == 32 ? 24 : 64)`")
        case .bits(let network):
            return Complaint(
                .host, "`\(text.printable)` has bits beyond its prefix, and a network has none",
                remedy: "write `\(network)`, or the address alone")
        }
    }
}
