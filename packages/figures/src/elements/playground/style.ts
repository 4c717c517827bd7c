import { css } from "lit";

/** The style of the playground, besides that of all figures. */
export const playgroundStyle = css`
  :host { margin: 0; }
  h2 { font-size: 13px; letter-spacing: 0.06em; text-transform: uppercase; color: var(--nn-soft); font-weight: 650; margin: 0 0 10px; }
  h3 { font-size: 13px; font-weight: 600; color: var(--nn-soft); margin: 0 0 8px; }
  .toolbar, .settings { display: flex; flex-wrap: wrap; gap: 12px 20px; align-items: end; }
  .toolbar { align-items: center; padding: 12px 16px; border: 1px solid var(--nn-faint); border-radius: 14px 14px 0 0; background: var(--nn-panel); }
  .playground > .settings { padding: 10px 16px 12px; border: 1px solid var(--nn-faint); border-top: 0; border-radius: 0 0 14px 14px; }
  .buttons { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; }
  button.round { display: grid; place-items: center; width: 42px; height: 42px; padding: 0; border-radius: 50%; }
  button.round.main { width: 54px; height: 54px; min-width: 0; }
  .clock { display: flex; gap: 18px; margin: 0; }
  .clock dt { font-size: 12px; color: var(--nn-soft); } .clock dd { margin: 0; font-size: 19px; font-weight: 600; font-variant-numeric: tabular-nums; min-width: 2.6em; line-height: 1.2; }
  .field { flex-direction: column; align-items: stretch; gap: 3px; font-size: 12px; }
  .field > span { display: flex; justify-content: space-between; gap: 8px; }
  .field b { font-weight: 600; color: var(--nn-ink); font-variant-numeric: tabular-nums; }
  .field input[type="range"] { width: 100%; }
  .settings :is(select, input[type="range"]) { height: 32px; }
  .history { flex: 1 1 160px; }
  select { font: inherit; font-size: 14px; color: var(--nn-ink); background: var(--nn-paper); border: 1px solid var(--nn-line); border-radius: 8px; padding: 5px 8px; max-width: 100%; }
  .check { font-size: 14px; color: var(--nn-ink); padding: 4px 0; }
  .messages { min-height: 22px; margin: 8px 2px; font-size: 14px; }
  .body { display: grid; gap: 20px; grid-template-columns: 176px minmax(0, 1fr) 340px; align-items: start; }
  .panel { min-width: 0; }
  .data { display: grid; gap: 12px; } .data h2 { margin: 0; }
  .sets { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; }
  .set { display: grid; justify-items: center; gap: 4px; padding: 8px 4px; font-size: 12px; line-height: 1.2; }
  .set[aria-pressed="true"], .own button[aria-pressed="true"] { background: var(--nn-panel); color: inherit; border-color: var(--nn-accent); box-shadow: inset 0 0 0 1px var(--nn-accent); font-weight: 600; }
  .own { display: grid; gap: 8px; }
  .note { font-size: 13px; color: var(--nn-soft); margin: 0; overflow-wrap: anywhere; } .note strong { color: var(--nn-ink); font-variant-numeric: tabular-nums; }
  .middle { min-width: 0; }
  .depth { display: flex; gap: 10px; justify-content: center; align-items: center; margin-bottom: 8px; }
  .depth strong { min-width: 8.5em; text-align: center; font-weight: 600; }
  button.small { width: 28px; height: 28px; padding: 0; line-height: 1; border-radius: 50%; font-size: 16px; }
  .network .scroll { overflow-x: auto; }
  .drawing { position: relative; margin: 0 auto; }
  .drawing > svg { position: absolute; inset: 0; pointer-events: none; }
  .edge { pointer-events: auto; cursor: pointer; } .edge path { fill: none; }
  .edge .hit { stroke: transparent; stroke-width: 11; pointer-events: stroke; }
  .edge .line { pointer-events: none; stroke-opacity: 0.72; } .edge:hover .line { stroke-opacity: 1; stroke: var(--nn-ink); }
  .line.negative { stroke: var(--nn-zero); } .line.positive { stroke: var(--nn-one); }
  .card { position: absolute; z-index: 2; transform: translate(-50%, calc(-100% - 8px)); pointer-events: none; font-size: 13px; line-height: 1; padding: 6px 9px; border-radius: 8px; background: var(--nn-ink); color: var(--nn-paper); white-space: nowrap; font-variant-numeric: tabular-nums; }
  .column { position: absolute; top: 0; width: 80px; display: grid; justify-items: center; gap: 4px; text-align: center; font-size: 12px; color: var(--nn-soft); }
  .unit { position: absolute; width: 42px; height: 42px; box-sizing: border-box; padding: 0; border: 2px solid var(--nn-ink); border-radius: 7px; overflow: hidden; background: var(--nn-paper); }
  .unit canvas { width: 100%; height: 100%; display: block; }
  .unit.feature[aria-pressed="false"] { opacity: 0.42; border-color: var(--nn-line); } .unit.feature[aria-pressed="false"]:hover, .unit.feature[aria-pressed="false"]:focus-visible { opacity: 0.85; }
  .unit.dead { border-style: dashed; border-color: var(--nn-backward); } .unit.chosen { outline: 3px solid var(--nn-accent); outline-offset: 2px; }
  .feature-label { position: absolute; left: 0; height: 42px; line-height: 42px; font-size: 14px; text-align: right; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .editor { border: 1px solid var(--nn-faint); border-radius: 12px; background: var(--nn-panel); padding: 12px; margin: 12px 0; }
  .editor header, dialog header { display: flex; justify-content: space-between; align-items: center; gap: 12px; } .editor h3 { margin: 0; color: var(--nn-ink); font-size: 14px; } dialog h2 { margin: 0; }
  .weights { display: grid; grid-template-columns: repeat(auto-fill, minmax(104px, 1fr)); gap: 10px; margin-top: 10px; }
  .weight { flex-direction: column; align-items: stretch; gap: 2px; font-size: 12px; } .weight input[type="number"] { width: 100%; box-sizing: border-box; border-left: 4px solid var(--nn-one); } .weight.negative input[type="number"] { border-left-color: var(--nn-zero); }
  .edit-hint { margin: 12px 0; text-align: center; }
  .inside { margin-top: 16px; }
  .gradient { display: grid; grid-template-columns: 70px minmax(60px, 1fr) 72px minmax(0, 110px); gap: 10px; align-items: center; font-size: 13px; height: 22px; }
  .gradient .bar { background: var(--nn-faint); border-radius: 4px; height: 10px; overflow: hidden; } .gradient .bar span { display: block; height: 100%; background: var(--nn-one); border-radius: 4px; }
  .gradient .value { font-variant-numeric: tabular-nums; white-space: nowrap; } .inside .note { margin-top: 8px; }
  .scores { margin: 0 0 6px; display: grid; gap: 2px; } .scores div { display: flex; justify-content: space-between; gap: 8px; align-items: baseline; }
  .scores dt { font-size: 14px; } .scores dd { margin: 0; font-weight: 600; font-variant-numeric: tabular-nums; } .scores small { font-weight: 400; color: var(--nn-soft); font-size: 13px; }
  .curve { display: block; width: 100%; margin-bottom: 10px; }
  .output figure { margin: 0; } .output figcaption { font-size: 13px; color: var(--nn-soft); text-align: center; margin: 4px 0; min-height: 1.4em; }
  .frame > canvas { image-rendering: auto; } .frame > svg text { font-size: 12px; fill: var(--nn-ink); stroke: var(--nn-paper); stroke-width: 3px; stroke-opacity: 0.8; paint-order: stroke; font-variant-numeric: tabular-nums; } .frame .name { font-weight: 600; }
  .paper { touch-action: none; cursor: crosshair; } .cross { display: none; } .paper:focus-visible .cross { display: block; } .cross path { stroke: var(--nn-ink); stroke-width: 2; }
  .frame:has(.paper:focus-visible) { outline: 2px solid var(--nn-accent); outline-offset: 2px; }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 12px; justify-content: center; align-items: center; font-size: 13px; margin: 4px 0 10px; }
  .legend .scale { width: 110px; height: 10px; border-radius: 5px; background: linear-gradient(90deg, var(--nn-zero), var(--nn-paper), var(--nn-one)); box-shadow: inset 0 0 0 1px var(--nn-faint); }
  .class > span { font-size: 15px; }
  .class-0 > span, .brush.class-0 { color: var(--nn-zero); } .class-1 > span, .brush.class-1 { color: var(--nn-one); } .class-2 > span, .brush.class-2 { color: var(--nn-third); } .class-3 > span, .brush.class-3 { color: var(--nn-fourth); } .class-4 > span, .brush.class-4 { color: var(--nn-fifth); }
  .brush { min-width: 38px; padding: 5px 8px; font-size: 16px; }
  .pen { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin-bottom: 10px; }
  .checks { display: grid; }
  canvas.crisp { image-rendering: pixelated; } canvas.large { width: 160px; height: 160px; border: 1px solid var(--nn-faint); border-radius: 8px; }
  .sheet { box-sizing: border-box; border: 1px solid var(--nn-line); } .weight:has(.large) { grid-column: span 2; }
  .cell { fill: none; stroke: var(--nn-ink); stroke-width: 0.15; }
  .verdict { margin: 4px 0 8px; text-align: center; font-size: 15px; min-height: 1.5em; }
  .answers { display: grid; gap: 4px; margin-bottom: 14px; } .answer { display: grid; grid-template-columns: minmax(24px, auto) 1fr 52px; gap: 10px; align-items: center; font-size: 14px; }
  .answer .bar { background: var(--nn-faint); border-radius: 4px; height: 12px; overflow: hidden; } .answer .bar span { display: block; height: 100%; background: var(--nn-line); } .answer .bar .likeliest { background: var(--nn-one); }
  .answer .value { font-variant-numeric: tabular-nums; text-align: right; }
  .collection { display: grid; gap: 8px; margin-bottom: 8px; } .collection h3 { margin: 0; } .examples { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; }
  .examples .class { min-width: 34px; font-size: 14px; }
  .thumbnail { width: 38px; height: 38px; padding: 0; overflow: hidden; border-radius: 6px; } .thumbnail canvas { display: block; width: 100%; height: 100%; }
  dialog { border: 1px solid var(--nn-line); border-radius: 14px; background: var(--nn-paper); color: var(--nn-ink); width: min(760px, calc(100vw - 32px)); box-sizing: border-box; padding: 18px; max-height: calc(100vh - 48px); }
  dialog::backdrop { background: rgb(0 0 0 / 45%); }
  dialog pre { overflow: auto; max-height: 50vh; background: var(--nn-panel); border: 1px solid var(--nn-faint); border-radius: 10px; padding: 12px; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
  dialog textarea { width: 100%; box-sizing: border-box; font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; color: inherit; background: var(--nn-panel); border: 1px solid var(--nn-line); border-radius: 10px; padding: 10px; margin-bottom: 10px; }
  .button { display: inline-block; font-size: 14px; line-height: 20px; padding: 5px 12px; color: inherit; border: 1px solid var(--nn-line); border-radius: 8px; background: var(--nn-paper); cursor: pointer; text-decoration: none; position: relative; }
  .button input[type="file"] { position: absolute; inset: 0; opacity: 0; width: 100%; cursor: pointer; } .button:focus-within { outline: 2px solid var(--nn-accent); outline-offset: 2px; }
  dialog .settings { margin: 10px 0; }
  @media (max-width: 1120px) {
    .body { grid-template-columns: minmax(0, 1fr) 340px; grid-template-areas: "data output" "middle middle"; }
    .data { grid-area: data; } .output { grid-area: output; } .middle { grid-area: middle; }
    .sets, .own { display: flex; flex-wrap: wrap; } .set { flex: 1 1 60px; } .own button { flex: 1 1 auto; }
    .playground > .settings { display: grid; grid-template-columns: repeat(auto-fill, minmax(125px, 1fr)); } .settings > .check { grid-column: span 2; }
  }
  @media (max-width: 760px) {
    .body { grid-template-columns: minmax(0, 1fr); grid-template-areas: "output" "data" "middle"; }
    .toolbar { gap: 10px 14px; padding: 10px 12px; } .playground > .settings { grid-template-columns: 1fr 1fr; gap: 10px 12px; padding: 10px 12px; }
    .history { flex-basis: 100%; } .output .frame { max-width: 420px; margin: 0 auto; }
    .gradient { grid-template-columns: 56px minmax(40px, 1fr) 64px auto; }
  }
`;
