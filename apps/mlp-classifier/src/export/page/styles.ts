import { baseStyles } from "../../report/styles.js";

/** The style sheet of a page with a model. */
export const pageStyles = `${baseStyles}
main { max-width: 960px; }
h1 { overflow-wrap: anywhere; }
.layout { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 340px); gap: 28px; align-items: start; margin-top: 28px; }
.layout.image { grid-template-columns: minmax(0, 420px) minmax(0, 1fr); }
.fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(200px, 100%), 1fr)); gap: 18px; }
.field { min-width: 0; }
.field label { display: block; font-weight: 600; overflow-wrap: anywhere; }
.field small, .note { color: var(--soft); font-size: 13px; }
.field input, .field select { display: block; width: 100%; height: 42px; margin: 4px 0 3px; padding: 0 10px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); color: inherit; font: inherit; font-variant-numeric: tabular-nums; }
.field [aria-invalid="true"] { border-color: var(--miss); box-shadow: inset 0 0 0 1px var(--miss); }
:root { --line: #8a8f98; }
@media (prefers-color-scheme: dark) { :root { --line: #6c727c; } }
:focus-visible, .button:focus-within { outline: 3px solid var(--good); outline-offset: 2px; }
.tools { display: flex; flex-wrap: wrap; align-items: center; gap: 10px 14px; margin: 20px 0 0; }
button, .button { display: inline-flex; align-items: center; min-height: 40px; padding: 0 16px; border: 1px solid var(--line); border-radius: 8px; background: var(--panel); color: inherit; font: inherit; cursor: pointer; }
button:hover, .button:hover { border-color: var(--ink); }
.button input { position: absolute; opacity: 0; width: 1px; height: 1px; }
.check { display: inline-flex; align-items: center; gap: 8px; min-height: 40px; cursor: pointer; }
.check input { width: 18px; height: 18px; accent-color: var(--good); }
.answer { position: sticky; top: 20px; min-width: 0; padding: 18px 20px 20px; background: var(--panel); border: 1px solid var(--faint); border-radius: 12px; }
#prediction { margin: 0 0 12px; font-size: 26px; font-weight: 650; line-height: 1.25; overflow-wrap: anywhere; }
#problem { margin: 0 0 12px; color: var(--miss); overflow-wrap: anywhere; }
#prediction:empty, #problem:empty { display: none; }
#probabilities { display: grid; grid-template-columns: fit-content(45%) minmax(0, 1fr) 4.2em; gap: 8px 12px; margin: 0; padding: 0; list-style: none; }
#probabilities li { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; align-items: center; }
#probabilities .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
#probabilities .percent { text-align: right; color: var(--soft); font-variant-numeric: tabular-nums; }
#probabilities .winner .name, #probabilities .winner .percent { font-weight: 650; color: var(--ink); }
.track { height: 10px; border-radius: 5px; background: var(--faint); overflow: hidden; }
.track i { display: block; height: 100%; border-radius: 5px; width: calc(var(--fraction, 0) * 100%); background: var(--soft); transition: width 160ms ease-out; }
.winner .track i { background: var(--good); }
.answer .note { margin: 12px 0 0; }
.paper { position: relative; border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.paper canvas { display: block; width: 100%; image-rendering: pixelated; touch-action: none; cursor: crosshair; }
.paper:focus-within { outline: 3px solid var(--good); outline-offset: 2px; }
#pen { display: none; position: absolute; left: calc(100% * var(--x) / var(--columns)); top: calc(100% * var(--y) / var(--rows)); width: calc(100% / var(--columns)); height: calc(100% / var(--rows)); box-shadow: 0 0 0 2px #d55e00, 0 0 0 3px #ffffff; pointer-events: none; }
canvas:focus-visible + #pen { display: block; }
.drawing .tools { margin-top: 14px; }
@media (max-width: 720px) {
  .layout, .layout.image { grid-template-columns: minmax(0, 1fr); gap: 22px; margin-top: 20px; }
  .answer { position: static; }
  .layout.table .answer { order: -1; }
}
@media (prefers-reduced-motion: reduce) { .track i { transition: none; } }
`;
