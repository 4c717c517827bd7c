import { css } from "lit";

/** The style of all figures. */
export const figureStyle = css`
  :host { display: block; margin: 24px 0; color: var(--nn-ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Apple SD Gothic Neo", "Malgun Gothic", "Noto Sans KR", sans-serif; }
  .figure { border: 1px solid var(--nn-faint); border-radius: 12px; background: var(--nn-panel); padding: 16px; }
  .plots { display: flex; flex-wrap: wrap; gap: 16px; justify-content: center; }
  .plot { flex: 1 1 260px; max-width: 380px; min-width: 0; margin: 0; }
  .plot.wide { max-width: 640px; flex-basis: 420px; }
  .plot figcaption { font-size: 13px; color: var(--nn-soft); text-align: center; margin-top: 4px; }
  /* Plots of one size, in rows of two: one that is alone in its row is no larger than the others. */
  .plots.pairs .plot { flex: 0 1 calc(50% - 8px); }
  @media (max-width: 640px) { .plots.pairs .plot { flex-basis: 100%; } }
  .frame { position: relative; aspect-ratio: 1; border-radius: 8px; overflow: hidden; background: var(--nn-paper); box-shadow: inset 0 0 0 1px var(--nn-faint); }
  .frame > canvas, .frame > svg { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
  .scroll > svg { display: block; max-width: 100%; height: auto; }
  .plot svg text { font-size: 13px; fill: var(--nn-ink); stroke: var(--nn-paper); stroke-width: 3px; stroke-opacity: 0.75; paint-order: stroke; font-variant-numeric: tabular-nums; }
  .plot.wide .frame { container-type: inline-size; }
  /* A picture is scaled to its frame, and its text with it: on narrow screens the text of wide ones is larger, so that it stays at least 11 pixels high. */
  @container (max-width: 600px) { .plot.wide svg text { font-size: 17px; } }
  @container (max-width: 440px) { .plot.wide svg text { font-size: 23px; } }
  .controls { display: flex; flex-wrap: wrap; gap: 10px 18px; align-items: center; margin-bottom: 14px; }
  .choice { display: inline-flex; flex-wrap: wrap; border: 0; padding: 0; margin: 0; gap: 4px; }
  .choice legend { float: left; padding: 0 8px 0 0; font-size: 14px; color: var(--nn-soft); line-height: 32px; }
  button { font: inherit; font-size: 14px; line-height: 20px; padding: 5px 12px; color: inherit; border: 1px solid var(--nn-line); border-radius: 8px; background: var(--nn-paper); cursor: pointer; }
  button:hover:not(:disabled, [aria-disabled="true"]) { border-color: var(--nn-ink); }
  button:is(:disabled, [aria-disabled="true"]) { opacity: 0.5; cursor: default; }
  button[aria-pressed="true"] { background: var(--nn-ink); color: var(--nn-paper); border-color: var(--nn-ink); }
  button.main { background: var(--nn-accent); border-color: var(--nn-accent); color: var(--nn-paper); font-weight: 600; min-width: 92px; }
  :focus-visible { outline: 2px solid var(--nn-accent); outline-offset: 2px; }
  label { display: inline-flex; align-items: center; gap: 8px; font-size: 14px; color: var(--nn-soft); }
  input[type="range"] { width: 150px; height: 24px; margin: 0; accent-color: var(--nn-accent); }
  input[type="checkbox"] { width: 16px; height: 16px; margin: 4px 0; accent-color: var(--nn-accent); }
  input[type="number"] { font: inherit; width: 76px; padding: 3px 6px; color: var(--nn-ink); background: var(--nn-paper); border: 1px solid var(--nn-line); border-radius: 6px; }
  output { color: var(--nn-ink); font-variant-numeric: tabular-nums; min-width: 3.2em; }
  .status { margin: 12px 0 0; font-size: 15px; font-variant-numeric: tabular-nums; min-height: 1.5em; }
  /* What only says that something has failed takes no room before it has. */
  .status.rare:empty { margin: 0; min-height: 0; }
  .status strong { font-weight: 600; }
  .status code { white-space: nowrap; }
  .problem { color: var(--nn-backward); }
  .numbers { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 12px 0 0; padding: 0; font-variant-numeric: tabular-nums; }
  .numbers :is(dt, dd) { display: inline; } .numbers dt { color: var(--nn-soft); margin-right: 6px; } .numbers dd { display: inline-block; margin: 0; font-weight: 600; min-width: 4em; }
  .handle { cursor: grab; fill: var(--nn-paper); stroke: var(--nn-ink); stroke-width: 2; touch-action: none; }
  .handle:active { cursor: grabbing; }
  .point.one { fill: var(--nn-one); } .point.zero { fill: var(--nn-zero); }
  .point { stroke: var(--nn-paper); stroke-width: 2; }
  .wrong { fill: none; stroke: var(--nn-ink); stroke-width: 2; stroke-dasharray: 4 3; }
  .side-one { fill: var(--nn-one-soft); } .side-zero { fill: var(--nn-zero-soft); }
  .border { stroke: var(--nn-ink); stroke-width: 2; }
  .scroll { overflow-x: auto; }
`;
