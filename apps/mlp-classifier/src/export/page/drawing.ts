import { isBuiltIn } from "../../data/built-in-names.js";
import type { ImageForm } from "../../data/input-form.js";
import { html, type Markup } from "../../report/markup.js";
import type { ResolvedSettings } from "../../settings/merge.js";

/** A canvas of the size of the model's images, to draw on, and a button to open an image. Built-in images are light on dark. */
export function drawingMarkup({ height, width }: ImageForm, { data }: Pick<ResolvedSettings, "data">): Markup {
  return html`<section class="drawing" aria-label="Picture">
<div class="paper"><canvas id="picture" width="${width}" height="${height}" tabindex="0" role="img" aria-label="Drawing area of ${width} by ${height} pixels" aria-describedby="keys"></canvas><i id="pen" style="--columns: ${width}; --rows: ${height}"></i></div>
<p class="tools"><button type="button" id="clear">Clear</button> <label class="button">Open an image<input type="file" id="file" accept="image/png,image/jpeg,image/webp"></label>
<label class="check"><input type="checkbox" id="dark"${isBuiltIn(data) ? null : html` checked`}> Dark on light</label></p>
<p class="note" id="keys">Draw with a mouse, a pen or a finger. With the keyboard: the arrow keys move the pen, with Shift they draw, the space bar makes a dot, Delete clears.</p>
</section>`;
}

/** Draws, opens images as `nn-mlp predict` does, and predicts after each change. */
export const drawingScript = String.raw`const { height, width, channels } = image;
const canvas = document.getElementById("picture");
const context = canvas.getContext("2d", { willReadFrequently: true });
const [pen, dark, file] = ["pen", "dark", "file"].map((id) => document.getElementById(id));
const pixels = width * height;
/** The samples from 0 to 1, one channel after the other. */
let samples = new Float32Array(channels * pixels);
/** Where the pen of the keyboard is, in pixels. */
const place = { x: Math.floor(width / 2), y: Math.floor(height / 2) };
/** Half the width of a line, in pixels. */
const radius = Math.max(0.6, 0.045 * Math.min(width, height));

function render() {
  const picture = context.createImageData(width, height);
  for (let at = 0; at < pixels; at++) {
    for (let channel = 0; channel < 3; channel++) picture.data[4 * at + channel] = 255 * samples[(channels === 1 ? 0 : channel * pixels) + at];
    picture.data[4 * at + 3] = 255;
  }
  context.putImageData(picture, 0, 0);
}

function update() {
  render();
  show(predict(samples));
}

function clear() {
  samples.fill(dark.checked ? 1 : 0);
  render();
  explain("Draw something", false);
}

/** Draws a line with soft edges between two points. */
function line(from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  for (let at = 0; at < pixels; at++) {
    const [x, y] = [(at % width) + 0.5 - from.x, Math.floor(at / width) + 0.5 - from.y];
    const along = square === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / square));
    const ink = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(x - along * dx, y - along * dy)));
    for (let index = at; index < samples.length; index += pixels) samples[index] = dark.checked ? Math.min(samples[index], 1 - ink) : Math.max(samples[index], ink);
  }
  update();
}

const pointOf = ({ clientX, clientY }) => {
  const { left, top, width: across, height: down } = canvas.getBoundingClientRect();
  return { x: ((clientX - left) / across) * width, y: ((clientY - top) / down) * height };
};
let last;
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  last = pointOf(event);
  line(last, last);
});
canvas.addEventListener("pointermove", (event) => {
  if (last === undefined) return;
  const next = pointOf(event);
  line(last, next);
  last = next;
});
for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => { last = undefined; });

const movements = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const middle = () => ({ x: place.x + 0.5, y: place.y + 0.5 });
function movePen(across, down) {
  place.x = Math.min(width - 1, Math.max(0, place.x + across));
  place.y = Math.min(height - 1, Math.max(0, place.y + down));
  pen.style.setProperty("--x", place.x);
  pen.style.setProperty("--y", place.y);
}
canvas.addEventListener("keydown", (event) => {
  const before = middle();
  if (Object.hasOwn(movements, event.key)) {
    movePen(...movements[event.key]);
    if (event.shiftKey) line(before, middle());
  } else if (event.key === " ") line(before, before);
  else if (event.key === "Delete" || event.key === "Backspace") clear();
  else return;
  event.preventDefault();
});

/** The samples of one channel in another size: means of what a new pixel covers, then linear interpolation between pixels. */
function resized(plane, from, to) {
  const [rows, columns] = [Math.min(from.height, to.height), Math.min(from.width, to.width)];
  const range = (at, count, size) => [Math.floor((at * size) / count), Math.ceil(((at + 1) * size) / count)];
  const small = Float64Array.from({ length: rows * columns }, (_, at) => {
    const [[top, bottom], [left, right]] = [range(Math.floor(at / columns), rows, from.height), range(at % columns, columns, from.width)];
    let sum = 0;
    for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) sum += plane[y * from.width + x];
    return sum / ((bottom - top) * (right - left));
  });
  const between = (at, count, size) => {
    const exact = Math.max(0, ((at + 0.5) * size) / count - 0.5);
    const low = Math.min(size - 1, Math.floor(exact));
    return [low, Math.min(size - 1, low + 1), exact - low];
  };
  return Float32Array.from({ length: to.height * to.width }, (_, at) => {
    const [[top, bottom, down], [left, right, across]] = [between(Math.floor(at / to.width), to.height, rows), between(at % to.width, to.width, columns)];
    const row = (y) => small[y * columns + left] * (1 - across) + small[y * columns + right] * across;
    return row(top) * (1 - down) + row(bottom) * down;
  });
}

/** The samples of an image file. Throws an error that says why it has none. */
async function samplesOf(blob) {
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" }).catch(() => {
    throw new Error("This file is no image that the browser can open.");
  });
  const sheet = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d");
  sheet.drawImage(bitmap, 0, 0);
  const { data } = sheet.getImageData(0, 0, bitmap.width, bitmap.height);
  const planes = [0, 1, 2].map((channel) => Float32Array.from({ length: data.length / 4 }, (_, at) => data[4 * at + channel] / 255));
  if (data.some((value, at) => at % 4 === 3 && value < 255)) throw new Error("The image has transparent pixels, whose colour is not defined.");
  if (channels === 1 && planes[0].some((value, at) => value !== planes[1][at] || value !== planes[2][at])) throw new Error("The image is in colour, but the model takes grey images.");
  return Float32Array.from(planes.slice(0, channels).flatMap((plane) => [...resized(plane, bitmap, image)]));
}

async function open(blob) {
  try {
    samples = await samplesOf(blob);
    update();
  } catch (error) {
    explain(error.message, true);
  }
}

document.getElementById("clear").addEventListener("click", clear);
dark.addEventListener("change", clear);
file.addEventListener("change", () => {
  if (file.files[0] !== undefined) void open(file.files[0]);
  file.value = "";
});
canvas.addEventListener("dragover", (event) => event.preventDefault());
canvas.addEventListener("drop", (event) => {
  event.preventDefault();
  if (event.dataTransfer.files[0] !== undefined) void open(event.dataTransfer.files[0]);
});
movePen(0, 0);
clear();
`;
