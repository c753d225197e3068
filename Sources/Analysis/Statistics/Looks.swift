/// When one may look at a comparison that goes on until it is sure.
///
/// Who adds pairs until something shows, and judges at 5 % each time, finds something in 19 % of the cases in which there is
/// nothing. Four looks at 1.65 % each come to 5 % in all; Pocock's 1.82 % (1977) is for the normal distribution, and with
/// Student's it comes to 5.4 %.
package enum Looks {
    /// After so many pairs.
    package static let pairs = [5, 10, 15, 20]
    /// For the interval of each look.
    package static let alpha = 0.0165
}
