import { html, type TemplateResult } from "lit";
import { formatCount } from "../format.js";
import type { ViewContext } from "../state.js";

/** Images and texts that the run made, the newest first. */
export function samplesView({ run }: ViewContext): TemplateResult {
  if (run.images.size + run.texts.size === 0) return html`<p class="empty">No images and texts yet. <code>recorder.images</code> and <code>recorder.text</code> record them.</p>`;
  return html`
    ${[...run.images].map(([name, records]) => html`
      <section><h2>${name}</h2>
        ${records.toReversed().slice(0, 6).map(({ step, images }) => html`
          <h3>step ${formatCount(step)}</h3>
          <ul class="gallery">${images.map(({ png, width, height, caption }) => html`
            <li><img src="data:image/png;base64,${png}" width=${width} height=${height} alt=${caption ?? `${name} at step ${step}`}>${caption === undefined ? "" : html`<span class="caption">${caption}</span>`}</li>`)}</ul>`)}
      </section>`)}
    ${[...run.texts].map(([name, records]) => html`
      <section><h2>${name}</h2>
        ${records.toReversed().slice(0, 10).map(({ step, text }) => html`<h3>step ${formatCount(step)}</h3><pre class="text" tabindex="0">${text}</pre>`)}
      </section>`)}`;
}
