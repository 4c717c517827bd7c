/** The style sheet of the report, light or dark like the reader's system. */
export const styles = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --soft: #60646c; --faint: #e3e5e9; --panel: #f7f8fa; --good: #0072b2; --bad: #c3c8d0; --mark: #d55e00; --shade: rgb(0 0 0 / 22%);
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #15171b; --ink: #e8eaed; --soft: #a0a6b0; --faint: #2f333a; --panel: #1d2025; --good: #56b4e9; --bad: #4a505a; --mark: #f0963c; --shade: rgb(255 255 255 / 22%); }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; overflow-wrap: anywhere; }
header p { margin: 4px 0 0; color: var(--soft); }
h2 { font-size: 20px; margin: 44px 0 12px; }
.note { margin: -6px 0 12px; color: var(--soft); font-size: 14px; max-width: 46em; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 28px 0 0; }
.figures div { background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 12px 16px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 2px 0 0; font-size: 24px; font-weight: 600; font-variant-numeric: tabular-nums; }
.chart { margin: 0; background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 14px 16px 8px; min-width: 0; }
.chart figcaption { font-weight: 600; font-size: 14px; margin-bottom: 6px; overflow-wrap: anywhere; }
.chart svg { display: block; width: 100%; height: auto; }
.slices { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(330px, 100%), 1fr)); gap: 16px; }
svg text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
svg text.name { fill: var(--ink); font-weight: 600; }
.parallel text { paint-order: stroke; stroke: var(--panel); stroke-width: 4px; stroke-linejoin: round; }
.axes line { stroke: var(--faint); }
.best { fill: none; stroke: var(--mark); stroke-width: 2; stroke-linejoin: round; }
.line { fill: none; stroke-width: 1.3; stroke: color-mix(in oklab, var(--good) calc(var(--quality) * 100%), var(--bad)); stroke-opacity: calc(0.3 + 0.6 * var(--quality)); }
.line.first { stroke: var(--mark); stroke-width: 2.6; stroke-opacity: 1; }
.line:hover { stroke: var(--ink); stroke-width: 3; stroke-opacity: 1; }
.dot { fill: color-mix(in oklab, var(--good) calc(var(--quality) * 100%), var(--bad)); stroke: var(--panel); stroke-width: 0.8; }
.dot.first { fill: var(--mark); }
.pruned { fill: none; stroke: var(--soft); }
.failed { stroke: var(--soft); stroke-width: 1.5; }
.key { display: inline-block; margin-right: 18px; white-space: nowrap; }
.key i { display: inline-block; width: 10px; height: 10px; border-radius: 5px; margin-right: 6px; background: var(--colour); }
.key i.ring { background: none; border: 1.5px solid var(--soft); } .key i.bar { height: 3px; width: 16px; vertical-align: middle; }
.scroll {
  overflow-x: auto;
  /* A shade at the side where more can be scrolled to; covers of the page's colour go with the content and hide it at the ends. */
  background: linear-gradient(to right, var(--panel) 40%, transparent) left / 48px 100%, linear-gradient(to left, var(--panel) 40%, transparent) right / 48px 100%,
    linear-gradient(to right, var(--shade), transparent) left / 14px 100%, linear-gradient(to left, var(--shade), transparent) right / 14px 100%;
  background-repeat: no-repeat; background-attachment: local, local, scroll, scroll;
}
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
.list { background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 6px 16px; }
th, td { padding: 6px 14px 6px 0; border-bottom: 1px solid var(--faint); text-align: left; font-size: 14px; white-space: nowrap; }
tr:last-child > * { border-bottom: none; }
thead th { color: var(--soft); font-weight: 500; font-size: 13px; }
tbody th { font-weight: 600; } td.wrap { white-space: normal; overflow-wrap: anywhere; min-width: 14em; }
.bars { display: grid; grid-template-columns: minmax(6em, max-content) 1fr 3.4em; gap: 8px 14px; align-items: center; font-size: 14px; }
.bars span { overflow-wrap: anywhere; } .bars b { font-weight: 500; text-align: right; font-variant-numeric: tabular-nums; }
.bars i { height: 10px; border-radius: 5px; background: linear-gradient(to right, var(--good) calc(var(--fraction) * 100%), var(--faint) 0); }
footer { margin-top: 48px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) { main { padding: 24px 14px 48px; } h1 { font-size: 24px; } svg text { font-size: 15px; } .parallel text { font-size: 13px; } }
`;
