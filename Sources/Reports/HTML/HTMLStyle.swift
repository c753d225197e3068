/// The style of `report.html`: one column, quiet rules, tables with figures below each other. Light, dark, on paper and on a
/// telephone. Text has at least 4.5 times the luminance of its ground, or the ground of it (WCAG 2.2, 1.4.3).
enum HTMLStyle {
    static let sheet: StaticString = """

        :root{color-scheme:light dark;--paper:#ffffff;--ground:#f6f7f9;--ink:#1c2128;--muted:#59636e;--rule:#dfe3e8;
        --link:#0b5cad;--met:#006b4f;--met-ground:#e6f5f0;--broken:#a83600;--broken-ground:#fdeee6;--undecided:#7a5200;
        --undecided-ground:#fdf4de;--invalid:#7a3a68;--invalid-ground:#f8ecf4;--fill:#0072b2;--warn:#d55e00}
        @media screen and (prefers-color-scheme:dark){:root{--paper:#12161b;--ground:#1a1f26;--ink:#e6edf3;--muted:#9aa5b1;
        --rule:#2b323b;--link:#79b8ff;--met:#4fd1a5;--met-ground:#10291f;--broken:#ff9b66;--broken-ground:#33190c;
        --undecided:#f0c05a;--undecided-ground:#2e240d;--invalid:#e6a8d0;--invalid-ground:#2d1a28;--fill:#4ea8de;
        --warn:#f2793a}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;scroll-behavior:smooth}
        @media (prefers-reduced-motion:reduce){html{scroll-behavior:auto}}
        body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,
        "Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
        .page{max-width:1040px;margin:0 auto;padding:0 24px 48px}
        a{color:var(--link);text-underline-offset:2px}
        :focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
        .skip{position:absolute;left:-999px;top:8px;background:var(--paper);padding:8px 12px;z-index:2}
        .skip:focus{left:16px}
        header{padding:36px 0 4px}
        .over{margin:0;color:var(--muted);font-size:13px;letter-spacing:.02em}
        h1{font-size:30px;line-height:1.2;margin:2px 0 14px;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
        h2{font-size:20px;line-height:1.3;margin:0 0 10px;font-weight:650;letter-spacing:-.005em}
        h3{font-size:15px;line-height:1.4;margin:22px 0 6px;font-weight:650;overflow-wrap:anywhere}
        p{margin:6px 0 10px;overflow-wrap:anywhere}
        .muted,.note{color:var(--muted)}
        .note{font-size:13px;max-width:100ch}
        code{font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
        td code{display:inline-block;max-width:40em;overflow-wrap:break-word}
        .command{display:block;background:var(--ground);border:1px solid var(--rule);border-radius:6px;padding:10px 14px;
        margin:8px 0;user-select:all}
        .verdict{display:flex;gap:14px;align-items:flex-start;border-radius:8px;padding:14px 18px;border-left:6px solid;
        margin:0 0 14px}
        .verdict p{margin:0;max-width:85ch}
        .verdict .word{font-size:17px;font-weight:700;letter-spacing:.03em}
        .icon{flex:none;display:inline-flex;align-items:center;justify-content:center;width:30px;height:30px;
        border-radius:50%;font-weight:700;font-size:17px;line-height:1;color:var(--paper)}
        .met{color:var(--met)}.broken{color:var(--broken)}.undecided{color:var(--undecided)}.invalid{color:var(--invalid)}
        .verdict.met{background:var(--met-ground)}.verdict.broken{background:var(--broken-ground)}
        .verdict.undecided{background:var(--undecided-ground)}.verdict.invalid{background:var(--invalid-ground)}
        .verdict p,.verdict li{color:var(--ink)}.verdict ul{margin:6px 0 0}.verdict .word{color:inherit}
        .met .icon{background:var(--met)}.broken .icon{background:var(--broken)}
        .undecided .icon{background:var(--undecided)}.invalid .icon{background:var(--invalid)}
        .banner{border:1px solid var(--rule);background:var(--ground);border-radius:8px;padding:10px 16px;margin:0 0 12px;
        font-size:14px}
        .banner b{letter-spacing:.04em}
        .cards{display:grid;grid-template-columns:repeat(4,1fr);gap:1px;background:var(--rule);
        border:1px solid var(--rule);border-radius:8px;overflow:hidden;margin:16px 0 6px}
        .cards div{background:var(--paper);padding:12px 16px;display:flex;flex-direction:column}
        .cards dt{color:var(--muted);font-size:12.5px}
        .cards dd{margin:0}
        .cards .figure{font-size:24px;line-height:1.3;font-weight:600;letter-spacing:-.01em;white-space:nowrap}
        .cards .figure small{font-size:14px;font-weight:500;color:var(--muted);margin-left:3px}
        .cards .under{color:var(--muted);font-size:12.5px}
        nav{border-top:1px solid var(--rule);border-bottom:1px solid var(--rule);margin:18px 0 0;padding:9px 0;font-size:13.5px}
        nav ul{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:2px 18px}
        nav a{text-decoration:none;display:inline-block;padding:3px 0}
        nav a:hover{text-decoration:underline}
        section{padding:30px 0 6px;border-bottom:1px solid var(--rule);scroll-margin-top:4px}
        section:last-of-type{border-bottom:0}
        figure{margin:14px 0 18px}
        figcaption{font-weight:600;font-size:14px;margin:0 0 6px}
        figcaption .note{font-weight:400;display:block}
        .chart{width:100%;height:auto;overflow:visible}
        .chart.narrow{display:none;max-width:520px;margin:0 auto}
        .chart.half{max-width:520px}
        .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,400px),1fr));gap:4px 36px}
        .pair figure{margin:10px 0}
        .small{display:grid;grid-template-columns:repeat(auto-fill,minmax(200px,1fr));gap:12px 24px;margin:10px 0}
        .small figure{margin:0}
        .small figcaption{font-size:12.5px;font-weight:500}
        .small .range{color:var(--muted);font-weight:400}
        .scroll{overflow-x:auto;margin:8px 0 10px}
        table{border-collapse:collapse;min-width:min(100%,460px);font-size:13.5px;line-height:1.4}
        caption{text-align:left;font-weight:600;font-size:14px;padding:0 0 6px;caption-side:top}
        th,td{text-align:left;padding:5px 22px 5px 0;border-bottom:1px solid var(--rule);vertical-align:top;
        font-weight:400;unicode-bidi:isolate;overflow-wrap:break-word;max-width:34em}
        th:last-child,td:last-child{padding-right:2px}
        .pair table{width:100%}
        thead th{color:var(--muted);font-weight:500;font-size:12.5px;vertical-align:bottom;border-bottom-color:var(--muted);
        overflow-wrap:normal}
        tbody th{font-weight:500}
        .n{text-align:right;white-space:nowrap}
        tbody tr:hover{background:var(--ground)}
        td.n .burn{display:inline-block;vertical-align:-3px;margin-left:8px}
        .chip{font-weight:650;white-space:nowrap}
        .bar{display:inline-block;vertical-align:middle;width:96px;height:9px;border-radius:2px;background:var(--rule);
        overflow:hidden;margin-left:8px}
        .bar span{display:block;height:100%;background:var(--fill)}
        .bar.warn span{background:var(--warn)}
        .cell{display:block;width:150px}
        .spread{display:block;width:180px;height:16px}
        details{margin:6px 0 10px}
        summary{cursor:pointer;color:var(--link);font-size:13.5px;padding:3px 0;width:fit-content}
        ul.plain{margin:4px 0 10px;padding-left:20px;max-width:90ch}
        ul.plain li{margin:3px 0;overflow-wrap:anywhere}
        footer{color:var(--muted);font-size:13px;padding:22px 0 0}
        @media (max-width:700px){
        .page{padding:0 16px 32px}
        header{padding-top:20px}
        h1{font-size:24px}
        .chart.wide{display:none}.chart.narrow{display:block}
        .verdict{padding:12px 14px;gap:10px}
        .cards{grid-template-columns:repeat(2,1fr)}
        .cards div{padding:9px 12px}
        .cards .figure{font-size:20px}
        nav ul{gap:0 14px}
        nav a{padding:6px 0}
        .scroll table{width:max-content;min-width:100%;max-width:none}
        .scroll td,.scroll th{max-width:19em}
        .keys table{width:100%}
        }
        @media print{
        @page{margin:14mm}
        body{font-size:11pt}
        .page{max-width:none;padding:0}
        .skip,nav,.tip{display:none}
        header{padding-top:0}
        .chart.wide{display:block}.chart.narrow{display:none}
        .verdict,.cards,figure,tr,li,.banner{break-inside:avoid}
        h2,h3,figcaption,caption{break-after:avoid}
        thead{display:table-header-group}
        .scroll{overflow:visible}
        table{font-size:8.5pt;min-width:0}
        th,td{padding-right:12px;max-width:none}
        .bar{width:44px;margin-left:5px}.spread{width:84px}.cell{width:84px}
        thead{break-after:avoid}
        .verdict,.bar,.bar span,.icon,.cards,.spread,.chart{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        details::details-content{content-visibility:visible;block-size:auto;opacity:1}
        details>summary{color:inherit;list-style:none;font-weight:600}
        a{color:inherit;text-decoration:none}
        }

        """
}
