import { html, svg, type TemplateResult } from "lit";
import { limits, pictureSide } from "../../tasks/playground/choices.js";
import { classCount, classNames, type OwnData } from "../../tasks/playground/settings.js";
import { filled } from "../words.js";
import type { Context } from "./context.js";
import { isEmpty, paper } from "./own-pictures.js";
import type { Pad } from "./pad.js";
import { shapes } from "./points.js";

/** What the pictures can do. */
export interface PictureState {
  readonly pad: Pad;
  /** The pictures to learn from: those of the reader, who can change them, or generated ones. */
  readonly examples: OwnData;
  readonly isOwn: boolean;
  readonly tooFew: boolean;
  readonly refresh: () => void;
  readonly add: (target: number) => void;
  /** Takes an example back onto the pad. */
  readonly take: (at: number) => void;
}

/** A pad to draw on, what the network answers, and the examples. */
export function picturePanel(context: Context, state: PictureState): TemplateResult {
  const { text } = context;
  const { pad } = state;
  const erase = (): void => {
    pad.isErasing = !pad.isErasing;
    state.refresh();
  };
  return html`
    <figure>
      <div class="frame sheet"><canvas class="crisp" data-map="pad"></canvas>${sheet(context, pad)}</div>
      <figcaption>${text.padHint}</figcaption>
    </figure>
    <div class="pen">
      <button type="button" aria-pressed=${pad.isErasing} @click=${erase}>${text.erase}</button>
      <button type="button" ?disabled=${isEmpty(pad.pixels)} @click=${() => pad.show(paper)}>${text.clearPad}</button>
    </div>
    ${answers(context, pad)}
    ${state.isOwn ? ownExamples(context, state) : generated(context, state)}`;
}

/** What listens over the pad, and the frame of the pixel that keys draw at. */
function sheet({ text }: Context, pad: Pad): TemplateResult {
  const [column, row] = pad.cell;
  return html`
    <svg class="paper" viewBox="0 0 ${pictureSide} ${pictureSide}" role="application" tabindex="0" aria-label=${text.pad}
      @pointerdown=${(event: PointerEvent) => pad.press(event)} @pointermove=${(event: PointerEvent) => pad.move(event)} @pointerup=${() => pad.release()} @pointercancel=${() => pad.release()} @keydown=${(event: KeyboardEvent) => pad.key(event)}>
      ${svg`<rect class="cell cross" x=${column} y=${row} width="1" height="1"/>`}</svg>`;
}

/** The probability of each class. */
function answers({ text, shared, view }: Context, pad: Pad): TemplateResult {
  const probabilities = probabilitiesOf(view?.answers, classCount(shared));
  const names = classNames(shared);
  const likeliest = isEmpty(pad.pixels) ? -1 : probabilities.indexOf(Math.max(...probabilities));
  return html`
    <p class="verdict" role="status" data-answer=${likeliest}>${likeliest < 0 ? text.padEmpty : html`${text.says} <strong>${names[likeliest] ?? ""}</strong>`}</p>
    <div class="answers">${names.map((name, label) => {
      const percent = likeliest < 0 ? 0 : 100 * (probabilities[label] ?? 0);
      return html`<div class="answer"><span>${name}</span><span class="bar"><span class=${label === likeliest ? "likeliest" : ""} style="width: ${percent}%"></span></span><span class="value">${likeliest < 0 ? "" : filled(text.percent, Math.round(percent))}</span></div>`;
    })}</div>`;
}

/** Two classes have one answer: the probability of the second. */
function probabilitiesOf(answers: Float32Array | undefined, classes: number): readonly number[] {
  const [second = NaN] = answers ?? [];
  return classes === 2 ? [1 - second, second] : [...answers ?? []];
}

/** The reader's examples of each class, and one class more. */
function ownExamples({ text }: Context, { pad, examples, tooFew, add, take }: PictureState): TemplateResult {
  const classes = Math.min(limits.classes, Math.max(1, ...examples.targets.map((target) => target + 1)) + 1);
  const isFull = examples.inputs.length >= limits.pictures;
  const rows = Array.from({ length: classes }, (_, label) => html`
    <div class="examples">
      <span class="class class-${label}"><span aria-hidden="true">${shapes[label]}</span> ${label + 1}</span>
      <button type="button" ?disabled=${isEmpty(pad.pixels) || isFull} aria-label=${filled(text.addTo, label + 1)} @click=${() => add(label)}>${text.add}</button>
      ${examples.targets.map((target, at) => (target === label ? thumbnail(at, filled(text.takeBack, label + 1), () => take(at)) : ""))}
    </div>`);
  return html`
    <div class="collection" data-pictures=${examples.inputs.length}><h3>${text.examples}</h3>${rows}</div>
    <p class="note" role="status">${tooFew ? text.fewPictures : isFull ? filled(text.manyPictures, limits.pictures) : text.takeHint}</p>`;
}

/** Some of the generated examples. */
function generated({ text, shared }: Context, { examples, take }: PictureState): TemplateResult {
  const names = classNames(shared);
  return html`<div class="collection"><h3>${text.generatedExamples}</h3><div class="examples">${examples.inputs.map((_, at) => thumbnail(at, filled(text.tryPicture, names[examples.targets[at] ?? 0] ?? ""), () => take(at)))}</div></div>`;
}

const thumbnail = (at: number, label: string, act: () => void): TemplateResult => html`<button type="button" class="thumbnail" aria-label=${label} title=${label} @click=${act}><canvas class="crisp" data-map="example-${at}"></canvas></button>`;
