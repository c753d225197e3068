import Foundation
import Testing

@testable import Core

/// Secrets in every form in which a text could show them.
struct SecretsTests {
    static let secret = "p@ss w/ö\"rd\\1+2%\n🙂~"
    static let secrets = Secrets([secret])

    /// How a secret is written, by other hands than ours.
    static let forms: [(String, String)] = [
        ("as it is", secret),
        ("as JSON", #"p@ss w/ö\"rd\\1+2%\n🙂~"#),
        ("as JSON with slashes escaped", #"p@ss w\/ö\"rd\\1+2%\n🙂~"#),
        ("as JSON in ASCII", #"p@ss w/\u00f6\"rd\\1+2%\u000A\uD83D\uDE42~"#),
        ("percent-encoded", "p%40ss%20w%2F%C3%B6%22rd%5C1%2B2%25%0A%F0%9F%99%82~"),
        ("percent-encoded in lower case", "p%40ss%20w%2f%c3%b6%22rd%5c1%2b2%25%0a%f0%9f%99%82~"),
        ("as a form", "p%40ss+w%2F%C3%B6%22rd%5C1%2B2%25%0A%F0%9F%99%82%7E"),
        ("as a path", "p@ss%20w/%C3%B6%22rd%5C1+2%25%0A%F0%9F%99%82~"),
        ("with every byte encoded", secret.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()),
    ]

    @Test(arguments: forms)
    func aSecretIsFoundHoweverItIsWritten(form: String, text: String) {
        #expect(Self.secrets.mask(text) == "***", "\(form)")
        #expect(Self.secrets.mask("a: \(text), b") == "a: ***, b", "\(form)")
        #expect(Self.secrets.mask("\(text)\(text)") == "***", "\(form)")
        #expect(Self.secrets.mask([0xFF] + Array(text.utf8) + [0xC3]) == [0xFF, 0x2A, 0x2A, 0x2A, 0xC3], "\(form)")
    }

    @Test(arguments: 0..<24)
    func aSecretIsFoundInBase64WhateverStandsAroundIt(length: Int) {
        for secret in ["key~", "sécret?>", "0123456789abcdef", "\u{FFFF}\u{FFFE}?>?>"] {
            let around = Data(repeating: UInt8(ascii: "x"), count: length)
            let plain = (around + Data(secret.utf8) + around).base64EncodedString()
            let forURLs = plain.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
            for text in [plain, forURLs] {
                let masked = Secrets([secret]).mask(text)
                let marks = masked.split(separator: "***", omittingEmptySubsequences: false)
                #expect(marks.count == 2)
                // What is left at the edges shows less than one letter on either side.
                let left = masked.utf8.count - 3
                #expect(left <= text.utf8.count - secret.utf8.count * 4 / 3 + 2)
                #expect(masked.hasPrefix(String(plain.prefix(length * 4 / 3))) || length == 0)
            }
        }
    }

    @Test(arguments: [
        (["abcdef"], "ABCDEF abcde bcdef"), (["abc"], "abc"), ([""], "anything"), (["%25%25"], "%%2525"),
        (["a b c"], "a-b-c"), (["++++"], "    "), ([], "text"),
    ])
    func whatIsNoSecretStays(secrets: [String], text: String) {
        #expect(Secrets(secrets).mask(text) == text)
    }

    @Test(arguments: [
        (["abcd", "abcdefgh"], "x abcdefgh y", "x *** y"),
        (["abcdef", "defghi"], "abcdefghi", "***"),
        (["aaaa"], "aaaaaaa", "***"),
        (["abcd", "efgh"], "abcd efgh abcdefgh", "*** *** ***"),
        (["%25%"], "%25% %2525%25 %25%25 %25%", "*** *** *** ***"),
    ])
    func theLongestAndTheOverlappingAreMaskedWhole(secrets: [String], text: String, masked: String) {
        #expect(Secrets(secrets).mask(text) == masked)
        #expect(Secrets(secrets.reversed()).mask(text) == masked)
    }

    @Test func textsThatEndInTheMiddleAreAnswered() {
        for (_, text) in Self.forms {
            for length in 0..<text.utf8.count {
                let bytes = Array(text.utf8.prefix(length))
                #expect(Self.secrets.mask(bytes) == bytes)
            }
        }
    }

    @Test func secretsAreNotPrinted() {
        let secrets = Secrets(["topsecret", "topsecret", "abc"])
        #expect(secrets.count == 1)
        #expect("\(secrets)" == "1 secret")
        #expect("\([secrets])" == "[1 secret]")
        var dumped = ""
        dump(secrets, to: &dumped)
        #expect(!dumped.contains("topsecret") && !dumped.contains("116"))
    }
}
