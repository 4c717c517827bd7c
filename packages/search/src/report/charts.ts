import { binOf, coordinateOf, discreteIndex, valueAt, valueCount, type Dimension } from "../space/dimension.js";
import { html, type Markup } from "./markup.js";
import { fixed, logTicksWithin, short, ticksWithin } from "./numbers.js";
import type { ShownTrial, StudyData } from "./study-data.js";
import { valueScale, type ValueScale } from "./value-scale.js";

/** With more trials than this, only the best are drawn. */
const mostDrawn = 1000;

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const wide: Frame = { width: 900, height: 300, left: 62, right: 16, top: 12, bottom: 42 };
const small: Frame = { width: 420, height: 260, left: 62, right: 16, top: 10, bottom: 32 };

const xIn = ({ width, left, right }: Frame, at: number): number => left + at * (width - left - right);
const yIn = ({ height, top, bottom }: Frame, at: number): number => height - bottom - at * (height - top - bottom);

function valueAxis(frame: Frame, scale: ValueScale): Markup {
  return html`<g class="axes">${scale.ticks.map((tick) => {
    const y = yIn(frame, scale.at(tick));
    return html`<line x1="${frame.left}" x2="${frame.width - frame.right}" y1="${fixed(y)}" y2="${fixed(y)}"/><text x="${frame.left - 8}" y="${fixed(y + 4)}" text-anchor="end">${short(tick)}</text>`;
  })}</g>`;
}

/** The trials that are drawn, the best last, so that they are on top. */
function drawn(trials: readonly ShownTrial[]): readonly ShownTrial[] {
  return trials.toSorted((a, b) => a.quality - b.quality).slice(-mostDrawn);
}

const look = ({ isFirst, quality }: ShownTrial): Markup => html`class="dot${isFirst ? " first" : ""}" style="--quality:${quality.toFixed(2)}"`;

/** The mark of a value: a circle, or at the end of the axis an arrow if the value lies beyond. `title` is what the pointer shows. */
function mark(frame: Frame, scale: ValueScale, { x, value, radius }: { readonly x: number; readonly value: number; readonly radius: number }, attributes: Markup, title: string): Markup {
  const y = yIn(frame, scale.at(value));
  if (!scale.isBeyond(value)) return html`<circle ${attributes} cx="${fixed(x)}" cy="${fixed(y)}" r="${radius}"><title>${title}</title></circle>`;
  // The arrow points out of the chart.
  const out = scale.at(value) === 0 ? radius : -radius;
  return html`<path ${attributes} d="M${fixed(x - radius)} ${fixed(y - out)}H${fixed(x + radius)}L${fixed(x)} ${fixed(y + out)}Z"><title>${title}</title></path>`;
}

/** The value of each trial, and the best one so far. */
export function historyChart({ trials, pruned, all, sign }: StudyData): Markup {
  const scale = historyScale({ trials, pruned, sign });
  const x = (number: number): number => xIn(wide, (number + 0.5) / all.length);
  const y = (value: number): number => yIn(wide, scale.at(value));
  let best = Infinity;
  let path = "";
  for (const { number, value } of trials) {
    const before = best;
    best = Math.min(best, sign * value);
    path += before === Infinity ? `M${fixed(x(number))} ${fixed(y(sign * best))}` : `H${fixed(x(number))}V${fixed(y(sign * best))}`;
  }
  const others = all.flatMap((trial) => {
    if (trial.state === "pruned" && trial.value !== undefined) return [mark(wide, scale, { x: x(trial.number), value: trial.value, radius: 3 }, html`class="pruned"`, `trial ${trial.number}: pruned at ${short(trial.value)}`)];
    if (trial.state !== "failed") return [];
    const [cx, cy] = [x(trial.number), wide.height - wide.bottom];
    return [html`<path class="failed" d="M${fixed(cx - 3)} ${fixed(cy - 3)}l6 6m0 -6l-6 6"><title>trial ${trial.number} failed: ${trial.reason}</title></path>`];
  });
  return html`<figure class="chart"><div class="scroll" tabindex="0" role="group" aria-label="history; scrolls sideways"><svg viewBox="0 0 ${wide.width} ${wide.height}" style="min-width:600px" role="img" aria-label="value of each trial and the best so far">
${valueAxis(wide, scale)}
<g class="axes">${ticksWithin(0, all.length - 1, 10).filter(Number.isInteger).map((number) => html`<text x="${fixed(x(number))}" y="${wide.height - wide.bottom + 18}" text-anchor="middle">${number}</text>`)}<text x="${wide.width / 2}" y="${wide.height - 4}" text-anchor="middle">trial</text></g>
${others}${drawn(trials).map((trial) => mark(wide, scale, { x: x(trial.number), value: trial.value, radius: 4 }, look(trial), `trial ${trial.number}: ${short(trial.value)}`))}
<path class="best" d="${path}H${fixed(x(all.length - 1))}"/>
</svg></div></figure>`;
}

/** The scale of the history: that of completed trials and of pruned ones, which are mostly worse. */
export function historyScale({ trials, pruned, sign }: Pick<StudyData, "trials" | "pruned" | "sign">): ValueScale {
  return valueScale([...trials, ...pruned].map(({ value }) => value), sign);
}

/** The axis marks of a dimension, at most `most` of them: coordinates and texts. Numbers are round ones, on a logarithmic scale powers of ten. */
export function marksOf(dimension: Dimension, most: number): { readonly at: number; readonly text: string }[] {
  const { parameter } = dimension;
  const count = valueCount(dimension);
  if (parameter.type !== "choice" && count > most) {
    const ticks = (parameter.log ? logTicksWithin : ticksWithin)(parameter.low, parameter.high, most - 1);
    const marks = ticks.flatMap((value) => {
      const at = coordinateOf(dimension, value);
      return at === undefined ? [] : [{ at, text: short(value) }];
    });
    if (marks.length > 1) return marks;
  }
  const shown = count <= most ? Array.from({ length: count }, (_, index) => index) : [0, 0.25, 0.5, 0.75, 1].map((at) => discreteIndex(dimension, at));
  return shown.map((index) => {
    const [from, to] = binOf(dimension, index);
    return { at: (from + to) / 2, text: textOf(valueAt(dimension, (from + to) / 2)) };
  });
}

/** The value of a parameter as the report writes it. */
export function textOf(value: string | number | boolean | null): string {
  return typeof value === "number" ? short(value) : String(value);
}

/** The last part of a nested name; the parts before it are the names of its branches. */
function ending(name: string, longest: number): string {
  return name.length > longest ? `…${name.slice(1 - longest)}` : name;
}

/** A text, cut to the length. */
function cut(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text;
}

/** For each parameter, the values of the trials over it. */
export function sliceCharts({ dimensions, trials, sign }: StudyData): Markup {
  const scale = valueScale(trials.map(({ value }) => value), sign);
  return html`<div class="slices">${dimensions.map((dimension, index) => {
    const marks = marksOf(dimension, 6);
    const dots = drawn(trials).flatMap((trial) => {
      const at = trial.point[index];
      return at === undefined ? [] : [mark(small, scale, { x: xIn(small, at), value: trial.value, radius: 4 }, look(trial), `trial ${trial.number}: ${dimension.name} = ${textOf(valueAt(dimension, at))}, value ${short(trial.value)}`)];
    });
    return html`<figure class="chart"><figcaption>${dimension.name}</figcaption><svg viewBox="0 0 ${small.width} ${small.height}" role="img" aria-label="values over ${dimension.name}">
${valueAxis(small, scale)}<g class="axes">${marks.map(({ at, text }) => html`<text x="${fixed(xIn(small, at))}" y="${small.height - 10}" text-anchor="middle">${cut(text, 10)}</text>`)}</g>${dots}</svg></figure>`;
  })}</div>`;
}

/** All parameters of each trial as a line, with its value at the right. A parameter that does not exist in a trial is below its axis. */
export function parallelChart({ dimensions, trials, sign }: StudyData): Markup {
  const gap = 150;
  const frame: Frame = { width: Math.max(700, gap * dimensions.length + 190), height: 380, left: 80, right: 90, top: 34, bottom: 44 };
  const scale = valueScale(trials.map(({ value }) => value), sign);
  const x = (index: number): number => xIn(frame, index / dimensions.length);
  // Good values are at the top.
  const y = (at: number | undefined): number => (at === undefined ? frame.height - 16 : yIn(frame, at));
  const valueY = (value: number): number => y(sign === 1 ? 1 - scale.at(value) : scale.at(value));
  const hasMissing = dimensions.map((_, index) => trials.some(({ point }) => point[index] === undefined));
  const axis = (index: number, name: string, marks: readonly { readonly y: number; readonly text: string }[]): Markup =>
    html`<g class="axes"><line x1="${fixed(x(index))}" x2="${fixed(x(index))}" y1="${frame.top}" y2="${frame.height - frame.bottom}"/><text class="name" x="${fixed(x(index))}" y="18" text-anchor="middle">${ending(name, 16)}<title>${name}</title></text>${
      marks.map((mark) => html`<text x="${fixed(x(index) - 6)}" y="${fixed(mark.y + 4)}" text-anchor="end">${cut(mark.text, 10)}</text>`)}${
      hasMissing[index] === true ? html`<text x="${fixed(x(index) - 6)}" y="${frame.height - 12}" text-anchor="end">none</text>` : undefined}</g>`;
  const lines = drawn(trials).map((trial) => {
    const points = [...trial.point.map((at, index) => `${fixed(x(index))} ${fixed(y(at))}`), `${fixed(x(dimensions.length))} ${fixed(valueY(trial.value))}`];
    return html`<path class="line${trial.isFirst ? " first" : ""}" style="--quality:${trial.quality.toFixed(2)}" d="M${points.join("L")}"><title>trial ${trial.number}: ${short(trial.value)}</title></path>`;
  });
  return html`<figure class="chart parallel"><div class="scroll" tabindex="0" role="group" aria-label="parameters of all trials; scrolls sideways"><svg viewBox="0 0 ${frame.width} ${frame.height}" style="min-width:${frame.width * 0.8}px" role="img" aria-label="parameters and value of each trial as a line">
${lines}${dimensions.map((dimension, index) => axis(index, dimension.name, marksOf(dimension, 8).map(({ at, text }) => ({ y: y(at), text }))))}${
    axis(dimensions.length, "value", scale.ticks.map((tick) => ({ y: valueY(tick), text: short(tick) })))}</svg></div></figure>`;
}
