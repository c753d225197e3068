/// The style of charts, in a page and in files: light, and dark where the reader has chosen so.
///
/// The colours of series are those of Okabe and Ito ("Color Universal Design", 2008), which people with any kind of colour
/// vision can tell apart; the yellow is left out, which is too pale for a line on white. In the dark the same hues are lighter.
/// Text never takes a colour of a series. Shades of the heat map are one hue from pale to deep, or from deep to bright.
enum ChartStyle {
    static let sheet: StaticString = """

        .chart{display:block;font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;
        font-size:12px;font-variant-numeric:tabular-nums;color:#1c2128}
        .chart text{fill:#1c2128;stroke:none}
        .chart .muted{fill:#59636e}
        .paper{fill:#ffffff}
        .grid{stroke:#e4e7eb;stroke-width:1;fill:none}
        .grid.faint{stroke:#f0f2f4}
        .base{stroke:#8b949e;stroke-width:1;fill:none}
        .line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
        .line.thin{stroke-width:1.2}
        .line.dashed{stroke-dasharray:6 4}
        .band{fill:currentColor;fill-opacity:.17;stroke:none}
        .band.strong{fill-opacity:.32}
        .solid{fill:currentColor;stroke:none}
        .soft{fill:currentColor;fill-opacity:.45;stroke:none}
        .dot{fill:currentColor;stroke:#ffffff;stroke-width:1.5}
        .limit{fill:none;stroke:#b03a00;stroke-width:1.3;stroke-dasharray:2 3}
        .mark{fill:none;stroke:#8b949e;stroke-width:1;stroke-dasharray:1 3}
        .aside{fill:#8b949e;fill-opacity:.13}
        .tip{fill:#1c2128;fill-opacity:0}
        .tip:hover{fill-opacity:.07}
        .halo{stroke:#ffffff!important;stroke-width:3;paint-order:stroke;stroke-linejoin:round}
        .c1{color:#0072b2}.c2{color:#e69f00}.c3{color:#009e73}.c4{color:#d55e00}.c5{color:#cc79a7}.c6{color:#56b4e9}
        .c7{color:#7d8590}
        .h1{fill:#dcebf7}.h2{fill:#b9d7ee}.h3{fill:#8fbfe3}.h4{fill:#5fa2d3}.h5{fill:#3684c0}.h6{fill:#1766a6}
        .h7{fill:#0b4a84}.h8{fill:#08305c}
        @media screen and (prefers-color-scheme:dark){
        .chart{color:#e6edf3}
        .chart text{fill:#e6edf3}
        .chart .muted{fill:#9aa5b1}
        .paper{fill:#12161b}
        .grid{stroke:#272d35}
        .grid.faint{stroke:#1d2229}
        .base{stroke:#6e7681}
        .dot{stroke:#12161b}
        .limit{stroke:#ff9b66}
        .mark{stroke:#8b949e}
        .tip{fill:#ffffff}
        .tip:hover{fill-opacity:.1}
        .halo{stroke:#12161b!important}
        .c1{color:#4ea8de}.c2{color:#f0b429}.c3{color:#2fc79a}.c4{color:#f2793a}.c5{color:#dd9bc0}.c6{color:#9fd8f8}
        .c7{color:#9aa5b1}
        .h1{fill:#10263a}.h2{fill:#123a5a}.h3{fill:#15507e}.h4{fill:#1b6aa5}.h5{fill:#2f88c8}.h6{fill:#58a8e0}
        .h7{fill:#8fcaf2}.h8{fill:#d3ecfd}
        }

        """
}
