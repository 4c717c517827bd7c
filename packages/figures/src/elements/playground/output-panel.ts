import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { limits } from "../../tasks/playground/choices.js";
import type { Score } from "../../tasks/playground/observer.js";
import { classCount, classNames, inputKind, isOwn, range } from "../../tasks/playground/settings.js";
import { lossCurve } from "./charts.js";
import type { Context, UnitPlace } from "./context.js";
import { check } from "./controls.js";
import { picturePanel, type PictureState } from "./picture-panel.js";
import { unitName } from "./network-view.js";
import { mostPoints } from "./own-points.js";
import type { Brush, Pen } from "./pen.js";
import { shapes } from "./points.js";
import { filled } from "../words.js";
import type { Text } from "./words.js";

/** What the output shows, besides the context. */
interface OutputState {
  /** The pad and the examples, if the data are pictures. */
  readonly pictures: PictureState;
  /** The unit whose map is shown in place of the answers. */
  readonly unit: UnitPlace | undefined;
  /** The pen, if points can be drawn. */
  readonly pen: Pen | undefined;
  /** The number of points, and whether they are too few. */
  readonly drawn: { readonly count: number; readonly tooFew: boolean };
  readonly choose: (brush: Brush) => void;
  readonly clear: () => void;
}

/** The losses, and the answers of the network: over the plane, with the examples, or to a picture. */
export function outputPanel(context: Context, state: OutputState): TemplateResult {
  const { text, shared, view } = context;
  return html`
    <section class="panel output" aria-label=${text.output}>
      <h2>${text.output}</h2>
      <dl class="scores">
        ${score(text.testLoss, "test", view?.test, text)}
        ${score(text.trainLoss, "train", view?.train, text)}
      </dl>
      ${guard([view?.curve, text], () => lossCurve(context))}
      ${inputKind(shared) === "pictures" ? picturePanel(context, state.pictures) : planePanel(context, state)}
    </section>`;
}

function planePanel(context: Context, state: OutputState): TemplateResult {
  const { text, shared, set } = context;
  const caption = state.unit === undefined ? text.answers : `${text.map} ${unitName(text, shared, state.unit)}`;
  return html`
      <figure>
        <div class="frame"><canvas data-map="answers"></canvas><canvas data-map="points"></canvas>${overlay(context, state.pen, caption)}</div>
        <figcaption>${caption}</figcaption>
      </figure>
      ${legend(context)}
      ${state.pen === undefined ? "" : penControls(context, state.pen, state)}
      <div class="checks">
        ${check(text.showTest, shared.showTest, (showTest) => set({ showTest }))}
        ${check(text.discrete, shared.discrete, (discrete) => set({ discrete }))}
      </div>`;
}

function score(label: string, kind: "train" | "test", value: Score | undefined, text: Text): TemplateResult {
  const line = kind === "train" ? html`<svg width="24" height="8" aria-hidden="true"><line x2="24" y1="4" y2="4" stroke="var(--nn-third)" stroke-width="3"/></svg>` : html`<svg width="24" height="8" aria-hidden="true"><line x2="24" y1="4" y2="4" stroke="var(--nn-ink)" stroke-width="3" stroke-dasharray="5 3"/></svg>`;
  const accuracy = value?.accuracy;
  return html`<div><dt>${line} ${label}</dt><dd data-score=${kind} data-loss=${value?.loss ?? NaN} data-accuracy=${accuracy ?? NaN}>${Number.isFinite(value?.loss) ? value?.loss.toFixed(3) : "–"}${accuracy === undefined ? "" : html` <small>${filled(text.accuracy, (100 * accuracy).toFixed(accuracy === 1 ? 0 : 1))}</small>`}</dd></div>`;
}

/** The side of the plot in its own pixels. */
const side = 320;
const place = (value: number): number => ((value - range[0]) / (range[1] - range[0])) * side;

/** The axes, and what draws points. */
function overlay({ text, shared }: Context, pen: Pen | undefined, caption: string): TemplateResult {
  const columns = isOwn(shared.data) ? shared.own?.columns : undefined;
  const axis = (at: 0 | 1): readonly (readonly [value: number, label: string])[] => {
    const column = columns?.[at];
    if (column === undefined) return [-6, -3, 0, 3, 6].map((value) => [value, String(value).replace("-", "−")]);
    return [-5, 0, 5].map((value) => [value, String(Number((column.low + ((value + 5) / 10) * (column.high - column.low)).toPrecision(3))).replace("-", "−")]);
  };
  const ticks = svg`
    ${axis(0).map(([value, label]) => svg`<text x=${Math.min(side - 10, Math.max(12, place(value)))} y=${side - 6} text-anchor="middle">${label}</text>`)}
    ${axis(1).filter(([value]) => value > range[0]).map(([value, label]) => svg`<text x="5" y=${Math.max(14, side - place(value) + 4)}>${label}</text>`)}
    ${columns === undefined ? svg`` : svg`<text class="name" x=${side - 8} y=${side - 22} text-anchor="end">${columns[0]?.name}</text><text class="name" x="30" y="14">${columns[1]?.name}</text>`}`;
  if (pen === undefined) return html`<svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${caption}>${ticks}</svg>`;
  return html`
    <svg class="paper" viewBox="0 0 ${side} ${side}" role="application" tabindex="0" aria-label=${text.plot}
      @pointerdown=${(event: PointerEvent) => pen.press(event)} @pointermove=${(event: PointerEvent) => pen.move(event)} @pointerup=${() => pen.release()} @pointercancel=${() => pen.release()} @keydown=${(event: KeyboardEvent) => pen.key(event)}>${ticks}${cross(pen)}</svg>`;
}

function cross({ cross: [x, y] }: Pen): SVGTemplateResult {
  const [left, top] = [place(x), side - place(y)];
  return svg`<g class="cross"><path d="M${left - 12},${top}h24M${left},${top - 12}v24"/></g>`;
}

/** What the colours mean. */
function legend({ shared }: Context): TemplateResult {
  const classes = classCount(shared);
  if (classes === 0) return html`<div class="legend"><span>−1</span><span class="scale"></span><span>1</span></div>`;
  const entry = (label: number): TemplateResult => html`<span class="class class-${label}"><span aria-hidden="true">${shapes[label]}</span> ${classNames(shared)[label]}</span>`;
  if (classes === 2) return html`<div class="legend">${entry(0)}<span class="scale"></span>${entry(1)}</div>`;
  return html`<div class="legend">${Array.from({ length: classes }, (_, label) => entry(label))}</div>`;
}

const values = [-1, -0.5, 0, 0.5, 1] as const;

/** The class or value that is drawn, the eraser, and the number of points. */
function penControls({ text, shared }: Context, { brush }: Pen, { choose, clear, drawn }: OutputState): TemplateResult {
  const isRegression = shared.problem === "regression";
  const brushes: readonly (readonly [brush: number, label: string, name: string])[] = isRegression
    ? values.map((value) => [value, String(value).replace("-", "−"), `${text.value} ${value}`])
    : Array.from({ length: limits.classes }, (_, label) => [label, shapes[label] ?? "", `${text.pen}: ${label + 1}`]);
  return html`
    <div class="pen">
      <span class="choice">${brushes.map(([value, label, name]) => html`<button type="button" class="brush ${isRegression ? "" : `class-${value}`}" aria-pressed=${brush === value} aria-label=${name} @click=${() => choose(value)}>${label}</button>`)}</span>
      <button type="button" aria-pressed=${brush === "eraser"} @click=${() => choose("eraser")}>${text.erase}</button>
      <button type="button" @click=${clear}>${text.clear}</button>
      <span class="note" data-points=${drawn.count}>${filled(text.points, drawn.count)}</span>
      <p class="note" role="status">${drawn.tooFew ? text.few : drawn.count >= mostPoints ? filled(text.tooMany, mostPoints) : ""}</p>
    </div>`;
}
