/** Colours, light or dark like the reader's system, and what all pages have. */
export const baseStyles = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2024; --soft: #60646c; --faint: #e3e5e9; --panel: #f7f8fa;
  --train: #0072b2; --validation: #d55e00; --rate: #8a63d2; --hit: #0072b2; --miss: #d55e00; --good: #0072b2; --strong: #ffffff; --shade: rgb(0 0 0 / 22%);
  --run-0: #0072b2; --run-1: #d55e00; --run-2: #009e73; --run-3: #c0508f; --run-4: #8a63d2; --run-5: #a87900; --run-6: #3a9bd8; --run-7: #6b6f76;
  --class-1: #0072b2; --class-2: #d55e00; --class-3: #009e73; --class-4: #b5539a; --class-5: #9a7000;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171b; --ink: #e8eaed; --soft: #a0a6b0; --faint: #2f333a; --panel: #1d2025;
    --train: #56b4e9; --validation: #f0963c; --rate: #b79cf0; --hit: #56b4e9; --miss: #f0963c; --good: #56b4e9; --strong: #15171b; --shade: rgb(255 255 255 / 22%);
    --run-0: #56b4e9; --run-1: #f0963c; --run-2: #2bc59a; --run-3: #e58fc0; --run-4: #b79cf0; --run-5: #e0b84c; --run-6: #a5d8f7; --run-7: #b0b4ba;
    --class-1: #56b4e9; --class-2: #f0963c; --class-3: #3fc79a; --class-4: #e28fc7; --class-5: #e6c94a;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
header p { margin: 4px 0 0; color: var(--soft); }
h1 { font-size: 30px; line-height: 1.2; margin: 0; letter-spacing: -0.01em; }
h2 { font-size: 20px; margin: 52px 0 14px; }
h2 small { font-weight: 400; font-size: 15px; color: var(--soft); margin-left: 8px; }
footer { margin-top: 56px; color: var(--soft); font-size: 13px; }
@media (max-width: 640px) {
  main { padding: 24px 14px 48px; }
  h1 { font-size: 24px; }
}
`;

/** The style sheet of the report. */
export const reportStyles = `${baseStyles}
.figures { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 12px; margin: 28px 0 0; padding: 0; }
.figures div { background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 12px 14px; min-width: 0; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 2px 0 0; font-size: clamp(20px, 2.2vw, 24px); font-weight: 600; font-variant-numeric: tabular-nums; }
.figures dd small { display: block; min-height: 1.5em; font-size: 13px; line-height: 1.35; font-weight: 400; color: var(--soft); overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 20px; }
.chart { margin: 0; background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 14px 16px 8px; min-width: 0; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: 2px 18px; align-items: baseline; margin-bottom: 8px; }
.chart-title { font-weight: 600; }
.key { font-size: 13px; color: var(--soft); }
.key::before { content: ""; display: inline-block; width: 14px; height: 3px; border-radius: 2px; background: var(--colour); vertical-align: middle; margin-right: 6px; }
.chart svg { display: block; width: 100%; height: auto; }
.chart text { font-size: 12px; fill: var(--soft); font-variant-numeric: tabular-nums; }
.axes line { stroke: var(--faint); }
.series-train { --colour: var(--train); } .series-validation { --colour: var(--validation); } .series-rate { --colour: var(--rate); }
.series-class-1 { --colour: var(--class-1); } .series-class-2 { --colour: var(--class-2); } .series-class-3 { --colour: var(--class-3); } .series-class-4 { --colour: var(--class-4); } .series-class-5 { --colour: var(--class-5); }
.series-run-0 { --colour: var(--run-0); } .series-run-1 { --colour: var(--run-1); } .series-run-2 { --colour: var(--run-2); } .series-run-3 { --colour: var(--run-3); }
.series-run-4 { --colour: var(--run-4); } .series-run-5 { --colour: var(--run-5); } .series-run-6 { --colour: var(--run-6); } .series-run-7 { --colour: var(--run-7); }
.chart path { fill: none; stroke: var(--colour); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.chart circle { fill: var(--colour); }
.chart .target { stroke: transparent; stroke-width: 12; }
.mark line { stroke: var(--soft); stroke-dasharray: 3 4; }
.hover rect { fill: transparent; }
.hover .tip { display: none; pointer-events: none; }
.hover > g:hover .tip { display: inline; }
.tip line { stroke: var(--soft); }
.tip text { fill: var(--ink); paint-order: stroke; stroke: var(--panel); stroke-width: 5px; stroke-linejoin: round; }
.tip .tip-title { font-weight: 600; }
.scroll {
  overflow-x: auto;
  /* A shade at the side where more can be scrolled to; covers of the page's colour go with the content and hide it at the ends. */
  background: linear-gradient(to right, var(--paper) 40%, transparent) left / 48px 100%, linear-gradient(to left, var(--paper) 40%, transparent) right / 48px 100%,
    linear-gradient(to right, var(--shade), transparent) left / 16px 100%, linear-gradient(to left, var(--shade), transparent) right / 16px 100%;
  background-repeat: no-repeat; background-attachment: local, local, scroll, scroll;
}
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
.note { margin: -6px 0 12px; color: var(--soft); font-size: 14px; max-width: 46em; }
.heat { border-collapse: separate; border-spacing: 2px; }
.heat th { font-weight: 500; font-size: 13px; color: var(--soft); padding: 2px 6px; white-space: nowrap; }
.heat thead th { text-align: center; }
.heat tbody th { text-align: right; }
.heat td { min-width: 44px; height: 34px; text-align: center; font-size: 14px; border-radius: 5px; background: color-mix(in srgb, var(--cell) calc(var(--fraction) * 100%), var(--panel)); }
.heat .hit { --cell: var(--hit); } .heat .miss { --cell: var(--miss); }
.heat .strong { color: var(--strong); font-weight: 600; }
.heat .none { color: transparent; }
.matrix { display: block; }
.matrix text { font-size: 10px; fill: var(--soft); }
.matrix .ground { fill: var(--panel); stroke: var(--faint); }
.matrix .hit { fill: var(--hit); } .matrix .miss { fill: var(--miss); }
.key-cell { font-weight: 600; } .key-cell.hit { color: var(--hit); } .key-cell.miss { color: var(--miss); }
.bins .bin { fill: var(--train); fill-opacity: 0.55; }
.warnings { margin: 0 0 16px; padding: 10px 16px 10px 34px; background: var(--panel); border: 1px solid var(--faint); border-left: 4px solid var(--validation); border-radius: 6px; font-size: 15px; }
.list .text { text-align: left; color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
.list .kind { text-align: left; }
.faded th, .faded td { color: var(--soft); font-weight: 400; }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(440px, 100%), 1fr)); gap: 20px 48px; align-items: start; }
.columns.narrow { grid-template-columns: repeat(auto-fit, minmax(min(320px, 100%), 1fr)); }
.columns > * { min-width: 0; }
.list th, .list td { padding: 5px 14px 5px 0; border-bottom: 1px solid var(--faint); text-align: right; font-size: 15px; }
.list th:first-child, .list td:first-child { text-align: left; white-space: nowrap; }
.list thead th, .list thead .text { color: var(--soft); font-weight: 500; font-size: 13px; }
.list tfoot td { color: var(--soft); border-bottom: none; }
.list .bar { display: block; width: 90px; height: 6px; border-radius: 3px; background: linear-gradient(to right, var(--good) calc(var(--fraction) * 100%), var(--faint) 0); }
.settings td { text-align: left; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 13px; overflow-wrap: anywhere; }
.settings th { text-align: left; font-weight: 500; color: var(--soft); white-space: nowrap; font-size: 13px; }
.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 14px; padding: 0; margin: 0; list-style: none; }
.mistakes li { background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 10px; font-size: 13px; }
.mistakes img { display: block; width: 100%; height: auto; image-rendering: pixelated; border-radius: 5px; background: #000; }
.verdict { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 2px 10px; margin: 8px 0 4px; overflow-wrap: anywhere; }
.verdict b { font-weight: 600; }
.verdict .wrong { color: var(--miss); }
.verdict .correct { color: var(--good); }
.guess { display: grid; grid-template-columns: minmax(1.2em, auto) 1fr 3em; gap: 6px; align-items: center; color: var(--soft); font-variant-numeric: tabular-nums; }
.guess span:first-child { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 4.5em; }
.guess span:last-child { text-align: right; }
.guess i { height: 5px; border-radius: 3px; background: linear-gradient(to right, var(--colour, var(--soft)) calc(var(--fraction) * 100%), var(--faint) 0); }
.guess .correct { --colour: var(--good); } .guess .wrong { --colour: var(--miss); }
@media (max-width: 640px) {
  .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .list .wide { display: none; }
  .list th, .list td { padding-right: 9px; font-size: 14px; }
  .list:not(.settings) th:first-child, .list:not(.settings) td:first-child { white-space: normal; overflow-wrap: break-word; min-width: 4.5em; max-width: 10em; }
  .chart text { font-size: 16px; }
  .chart .vertical { display: none; }
  .heat td { min-width: 32px; height: 30px; font-size: 13px; }
}
.runs { margin: 10px 0 0; padding: 0; list-style: none; overflow-wrap: anywhere; }
.runs .key, thead .key { font-weight: 600; color: var(--ink); }
.plane { max-width: 620px; }
pre { background: var(--panel); border: 1px solid var(--faint); border-radius: 10px; padding: 12px 16px; overflow-x: auto; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
`;
