import Core

/// Redirects are followed hop by hop, each request built anew, so that no header meant for one host reaches another.
///
/// libcurl's own following strips Authorization and Cookie across hosts, but leaves every other header, such as an
/// API key, in place.
extension PreparedRequest {
    /// The request that a redirect asks for, or why it is not made.
    /// - Parameters:
    ///   - location: absolute.
    ///   - limit: how many redirects an attempt may follow.
    func hop(to location: String, status: Int32, limit: Int) -> Result<Request, RedirectRefusal> {
        request.hop(to: location, status: status, after: hops, limit: limit)
    }
}
