import { html, type TemplateResult } from "lit";
import { colourClass } from "../colours.js";
import { flattened } from "../flattened.js";
import { colourOf, type ViewContext } from "../state.js";
import { inputOf } from "./curves.js";

/** The settings of the runs that are shown, side by side. */
export function settingsView(context: ViewContext): TemplateResult {
  const { runs, choices, choose } = context;
  const columns = runs.map((run) => flattened(run.settings?.settings ?? {}));
  const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  if (names.length === 0) return html`<p class="empty">No settings. <code>recording(folder, { settings: { … } })</code> records them.</p>`;
  const differ = (name: string): boolean => new Set(columns.map((column) => column.get(name) ?? "")).size > 1;
  const several = runs.length > 1;
  const shown = several && choices.onlyDifferences ? names.filter(differ) : names;
  return html`
    ${several ? html`<div class="toolbar"><label><input type="checkbox" .checked=${choices.onlyDifferences} @change=${(event: Event) => choose({ onlyDifferences: inputOf(event).checked })}> Only differences</label></div>` : ""}
    ${shown.length === 0 ? html`<p class="verdict">These runs have the same settings.</p>` : html`
      <div class="scroll" tabindex="0" role="region" aria-label="Settings">
        <table class="settings">
          <thead><tr><th scope="col">setting</th>${runs.map((run) => html`<th scope="col" class=${colourClass(colourOf(context, run))}><span class="swatch"></span>${run.id}</th>`)}</tr></thead>
          <tbody>${shown.map((name) => html`
            <tr class=${several && differ(name) ? "differs" : ""}><th scope="row">${name}</th>${columns.map((column) => html`<td>${column.get(name) ?? html`<span class="none">not set</span>`}</td>`)}</tr>`)}</tbody>
        </table>
      </div>`}`;
}
