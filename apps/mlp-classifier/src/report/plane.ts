import { TableEncoder } from "@nn/data";
import { softmax, Tensor, tensor } from "@nn/tensor";
import type { LoadedData, Split } from "../data/loaded-data.js";
import { largest, rowsOf } from "../evaluation/evaluate.js";
import type { Predictor } from "../model/predictor.js";
import { html, type Markup } from "./markup.js";
import { pngAddress } from "./png.js";

/** Colours of classes, distinguishable for the colour-blind (Okabe and Ito 2008), as red, green and blue. */
const colours: readonly (readonly [number, number, number])[] = [
  [0, 114, 178], [230, 159, 0], [0, 158, 115], [204, 121, 167], [213, 94, 0], [86, 180, 233], [148, 120, 60], [120, 120, 120],
];

/** Cells across the picture, and its size in the report's units. */
const cells = 160;
const size = 560;

/** More points than this are not drawn. */
const mostPoints = 1500;

/** A square of the plane. */
interface View {
  readonly left: number;
  readonly top: number;
  readonly side: number;
}

/** For data with two numeric features: the plane in the colours of the predicted classes, with the test points. */
export async function planePicture({ data, predictor }: { readonly data: LoadedData; readonly predictor: Predictor }): Promise<Markup | undefined> {
  if (data.features !== 2 || data.input.kind !== "table" || data.classes.length > colours.length) return undefined;
  const [across, up] = TableEncoder.fromJSON(data.input.encoder).featureNames;
  const view = viewOf(data.test);
  const legend = data.classes.map((name, label) => html`<span class="key" style="--colour:${css(label)}">${name}</span>`);
  return html`<section><h2>The plane as the network sees it <small>with the points of the test, circled where it is wrong</small></h2>
<figure class="chart plane"><figcaption>${legend}</figcaption>
<svg viewBox="0 0 ${size} ${size}" role="img" aria-label="regions of the classes in the plane of ${across ?? ""} and ${up ?? ""}">
<image href="${await pngAddress(regions(predictor, view))}" width="${size}" height="${size}" preserveAspectRatio="none"/>
${points(data.test, predictor, view)}
</svg></figure></section>`;
}

function css(label: number): string {
  return `rgb(${colours[label]?.join(" ") ?? ""})`;
}

function viewOf(part: Split): View {
  const [x] = part.batch(Array.from({ length: part.length }, (_, index) => index));
  let [left, right, top, bottom] = [Infinity, -Infinity, -Infinity, Infinity];
  for (const [across = 0, up = 0] of rowsOf(x)) {
    [left, right, top, bottom] = [Math.min(left, across), Math.max(right, across), Math.max(top, up), Math.min(bottom, up)];
  }
  const side = 1.15 * Math.max(right - left, top - bottom, 1e-6);
  return { left: (left + right - side) / 2, top: (top + bottom + side) / 2, side };
}

/** A picture of the plane: the mixture of the colours by the probabilities, faded to white where the network is in doubt. */
function regions(predictor: Predictor, { left, top, side }: View): Tensor {
  const centers = new Float32Array(cells * cells * 2);
  for (let at = 0; at < cells * cells; at++) {
    centers[2 * at] = left + (side * ((at % cells) + 0.5)) / cells;
    centers[2 * at + 1] = top - (side * (Math.floor(at / cells) + 0.5)) / cells;
  }
  // Those of an ensemble are float64.
  const probabilities = softmax(predictor(new Tensor([cells * cells, 2], "float32", centers)), 1).cast("float32");
  const mixed = probabilities.matmul(tensor(colours.slice(0, probabilities.shape[1]).map((colour) => colour.map((level) => level / 255))));
  return mixed.sub(1).mul(0.42).add(1).transpose().reshape([3, cells, cells]);
}

function points(part: Split, predictor: Predictor, { left, top, side }: View): readonly Markup[] {
  const indices = Array.from({ length: Math.min(part.length, mostPoints) }, (_, index) => index);
  const [x, y] = part.batch(indices);
  const labels = y.toTypedArray();
  const guesses = [...rowsOf(predictor(x))].map(largest);
  return [...rowsOf(x)].map(([across = 0, up = 0], at) => {
    const label = labels[at] as number;
    const [cx, cy] = [((across - left) / side) * size, ((top - up) / side) * size];
    const ring = guesses[at] === label ? null : html`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="7.5" style="fill:none;stroke:#d6342c;stroke-width:2"/>`;
    return html`<circle cx="${cx.toFixed(1)}" cy="${cy.toFixed(1)}" r="3.6" style="fill:${css(label)};stroke:#fff;stroke-width:1"/>${ring}`;
  });
}
