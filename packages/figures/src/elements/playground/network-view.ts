import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { limits } from "../../tasks/playground/choices.js";
import { inputKind, outputCount, possibleFeatures } from "../../tasks/playground/settings.js";
import type { Context, EdgePlace, UnitPlace } from "./context.js";
import { short } from "./controls.js";
import { edgeOf, layoutOf, margin, unitSide, type NetworkLayout } from "./layout.js";
import { filled } from "../words.js";
import type { Text } from "./words.js";

/** What the drawing of a network knows and does, besides the context. */
export interface NetworkActions {
  /** The width that there is. */
  readonly width: number;
  readonly chosen: UnitPlace | undefined;
  /** A unit under the pointer, or with the focus. */
  readonly point: (unit: UnitPlace | undefined) => void;
  /** The line under the pointer. */
  readonly line: EdgePlace | undefined;
  readonly pointLine: (line: EdgePlace | undefined) => void;
  /** Opens the weights into a unit, at the one from an input. */
  readonly edit: (unit: UnitPlace, from?: number) => void;
}

/** The network: features, layers of units with their maps, and weights as lines. */
export function networkView(context: Context, actions: NetworkActions): TemplateResult {
  const { text, shared } = context;
  const features = possibleFeatures(shared);
  const layout = layoutOf([features.length, ...shared.layers, outputCount(shared)], actions.width);
  const used = features.flatMap(({ name }, at) => (shared.features.includes(name) ? [at] : []));
  return html`
    <section class="network" aria-label=${text.drawing}>
      ${depth(context)}
      <div class="scroll" tabindex="-1">
        <div class="drawing" style="width: ${layout.width}px; height: ${layout.height}px">
          ${lineCard(context, layout, used, actions.line)}
          <svg width=${layout.width} height=${layout.height} aria-hidden="true">${edges(context, layout, used, actions)}</svg>
          <span class="column" style="left: 0; text-align: left; width: 120px">${text.features}</span>
          ${features.map(({ name, label }, at) => feature(context, name, label, layout.columns[0]?.[at]))}
          ${shared.layers.map((units, layer) => [layerButtons(context, layer, units, layout), Array.from({ length: units }, (_, unit) => unitMap(context, { layer, unit }, layout, actions))])}
          <span class="column" style="left: ${(layout.columns.at(-1)?.[0]?.left ?? 0) - margin}px; width: ${unitSide + 2 * margin}px">${text.output}</span>
          ${Array.from({ length: outputCount(shared) }, (_, unit) => unitMap(context, { layer: shared.layers.length, unit }, layout, actions))}
        </div>
      </div>
    </section>`;
}

/** How many layers there are, with buttons. */
function depth({ text, shared, set }: Context): TemplateResult {
  const { layers } = shared;
  const label = layers.length === 0 ? text.noLayers : layers.length === 1 ? text.layer : filled(text.layers, layers.length);
  return html`
    <div class="depth">
      <button type="button" class="small" aria-label=${text.removeLayer} title=${text.removeLayer} ?disabled=${layers.length === 0} @click=${() => set({ layers: layers.slice(0, -1) })}>−</button>
      <strong data-layers=${layers.length}>${label}</strong>
      <button type="button" class="small" aria-label=${text.addLayer} title=${text.addLayer} ?disabled=${layers.length === limits.layers} @click=${() => set({ layers: [...layers, layers.at(-1) ?? 4] })}>+</button>
    </div>`;
}

function layerButtons({ text, shared, set }: Context, layer: number, units: number, layout: NetworkLayout): TemplateResult {
  const left = (layout.columns[layer + 1]?.[0]?.left ?? 0) + unitSide / 2 - 40;
  const change = (by: number) => (): void => set({ layers: shared.layers.map((each, at) => (at === layer ? each + by : each)) });
  return html`
    <div class="column" style="left: ${left}px">
      <span><button type="button" class="small" aria-label=${filled(text.removeUnit, layer + 1)} ?disabled=${units === 1} @click=${change(-1)}>−</button>
      <button type="button" class="small" aria-label=${filled(text.addUnit, layer + 1)} ?disabled=${units === limits.units} @click=${change(1)}>+</button></span>
      <span>${units === 1 ? text.unit : filled(text.units, units)}</span>
    </div>`;
}

/** A feature: a button that takes it or leaves it out. */
function feature({ text, shared, set }: Context, name: string, label: string, place: { readonly left: number; readonly top: number } | undefined): TemplateResult {
  const isUsed = shared.features.includes(name);
  const others = shared.features.filter((each) => each !== name);
  const toggle = (): void => set({ features: isUsed ? others : [...shared.features, name] });
  return html`
    <span class="feature-label" aria-hidden="true" title=${label} style="top: ${place?.top ?? 0}px; width: ${(place?.left ?? 0) - 6}px">${label}</span>
    <button type="button" class="unit feature" aria-pressed=${isUsed} aria-label=${filled(isUsed ? text.featureOn : text.featureOff, label)} ?disabled=${isUsed && others.length === 0}
      style="left: ${place?.left ?? 0}px; top: ${place?.top ?? 0}px" @click=${toggle}><canvas data-map="feature-${name}"></canvas></button>`;
}

/** What a unit is called. */
export function unitName(text: Text, shared: Context["shared"], { layer, unit }: UnitPlace): string {
  if (layer < shared.layers.length) return filled(text.unitName, unit + 1, layer + 1);
  return outputCount(shared) === 1 ? text.onlyOutput : filled(text.outputName, unit + 1);
}

function unitMap({ text, shared, view }: Context, place: UnitPlace, layout: NetworkLayout, { chosen, point, edit }: NetworkActions): TemplateResult {
  const { layer, unit } = place;
  const at = layout.columns[layer + 1]?.[unit];
  const isDead = view?.dead[layer]?.[unit] === true;
  const isChosen = chosen?.layer === layer && chosen.unit === unit;
  const label = `${unitName(text, shared, place)}${isDead ? `, ${text.dead}` : ""}`;
  return html`
    <button type="button" class="unit ${isDead ? "dead" : ""} ${isChosen ? "chosen" : ""}" aria-label=${label} title=${label} style="left: ${at?.left ?? 0}px; top: ${at?.top ?? 0}px"
      @pointerenter=${() => point(place)} @pointerleave=${() => point(undefined)} @focus=${() => point(place)} @blur=${() => point(undefined)} @click=${() => edit(place)}><canvas data-map="unit-${layer}-${unit}"></canvas></button>`;
}

/** The width of a line for a weight. */
const widthOf = (weight: number): number => 0.6 + 7 * Math.min(1, Math.abs(weight) / 4);

/** A line for each weight: its colour is the sign, its width the size. */
function edges(context: Context, layout: NetworkLayout, used: readonly number[], actions: NetworkActions): readonly SVGTemplateResult[] {
  const { view, shared } = context;
  const { columns } = layout;
  const { edit, pointLine } = actions;
  return (view?.weights ?? []).flatMap((rows, map) => rows.flatMap((row, unit) => (map === 0 && inputKind(shared) === "pictures" ? bundle(layout, unit, actions) : row.map((weight, from) => {
    const [start, end] = [columns[map]?.[map === 0 ? (used[from] ?? -1) : from], columns[map + 1]?.[unit]];
    if (start === undefined || end === undefined) return svg``;
    const path = edgeOf(start, end);
    return svg`<g class="edge" @click=${() => edit({ layer: map, unit }, from)} @pointerenter=${() => pointLine({ layer: map, unit, from })} @pointerleave=${() => pointLine(undefined)}><path class="hit" d=${path}></path><path class="line ${weight < 0 ? "negative" : "positive"}" d=${path} stroke-width=${widthOf(weight).toFixed(1)}></path></g>`;
  }))));
}

/** One line for the weights of all pixels into a unit, which shows them as a picture. */
function bundle({ columns }: NetworkLayout, unit: number, { edit }: NetworkActions): readonly SVGTemplateResult[] {
  const [start, end] = [columns[0]?.[0], columns[1]?.[unit]];
  if (start === undefined || end === undefined) return [];
  const path = edgeOf(start, end);
  return [svg`<g class="edge" @click=${() => edit({ layer: 0, unit })}><path class="hit" d=${path}></path><path class="line" d=${path} stroke="var(--nn-line)" stroke-width="2"></path></g>`];
}

/** The value of the line under the pointer, beside its middle. */
function lineCard({ text, view }: Context, { columns }: NetworkLayout, used: readonly number[], line: EdgePlace | undefined): TemplateResult | string {
  if (line === undefined) return "";
  const { layer, unit, from } = line;
  const [weight, start, end] = [view?.weights[layer]?.[unit]?.[from], columns[layer]?.[layer === 0 ? (used[from] ?? -1) : from], columns[layer + 1]?.[unit]];
  if (weight === undefined || start === undefined || end === undefined) return "";
  const [left, top] = [(start.left + end.left + unitSide) / 2, (start.top + end.top + unitSide) / 2];
  return html`<span class="card" style="left: ${left}px; top: ${top}px">${text.weight} <b>${short(weight)}</b></span>`;
}
