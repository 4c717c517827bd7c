import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { live } from "lit/directives/live.js";
import { firstKernels, Reader, type Reading } from "../tasks/digit-network.js";
import { exampleOf, testImages, type DigitReaderView } from "../tasks/digit-reader.js";
import { imageSide, penPoint, pixelsOf, strokesOf, textOf, type PenPoint, type Stroke } from "../tasks/drawing.js";
import { featuresOf, kernelNames, kernels, mapSide, pooledSide, type Features, type Kernel } from "../tasks/kernels.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement, inputOf } from "./figure-element.js";
import { paint } from "./heat-map.js";
import { figureStyle } from "./style.js";
import { commonWords, filled, percent, type Language, type Words } from "./words.js";

const words: Words<"example" | "other" | "clear" | "draw" | "kernel" | "vertical" | "horizontal" | "outline" | "blur" | "sharpen" | "cell" | "here" | "map" | "place" | "pooled" | "answers" | "says" | "untrained" | "empty" | "learned" | "use" | "accuracy"> = {
  en: {
    example: "Example", other: "Another", clear: "Clear", draw: "Draw a digit here, large and in the middle", kernel: "Kernel", vertical: "vertical edges", horizontal: "horizontal edges", outline: "outline", blur: "blur", sharpen: "sharpen", cell: "Weight, row #, column #",
    here: "The weights times the nine pixels in the frame, added up", map: "Feature map: the sum at every place. Move the frame.", place: "The frame, moved by arrow keys", pooled: "After ReLU and pooling: the largest of every 2×2", answers: "How sure the network is of each digit", says: "The network reads", untrained: "The network has not been trained yet: it guesses.", empty: "Draw a digit, or choose an example.",
    learned: "Your digit through the network's own kernels. Choose one to see it above.", use: "Kernel # of the network", accuracy: `right, of ${testImages} unseen digits`,
  },
  ko: {
    example: "예시", other: "다른 글씨", clear: "지우기", draw: "여기 한가운데에 숫자를 크게 써 보세요", kernel: "커널", vertical: "세로 경계", horizontal: "가로 경계", outline: "윤곽선", blur: "흐리게", sharpen: "선명하게", cell: "가중치, #행 #열",
    here: "테두리 안의 아홉 픽셀에 가중치를 곱해 더한 값", map: "특징 맵: 모든 자리에서 구한 합. 테두리를 옮겨 보세요.", place: "화살표 키로 옮기는 테두리", pooled: "ReLU와 풀링을 거친 뒤: 2×2마다 가장 큰 값", answers: "각 숫자일 확률", says: "신경망의 답은", untrained: "아직 학습하지 않은 신경망이라 아무렇게나 답합니다.", empty: "숫자를 쓰거나 예시를 고르세요.",
    learned: "신경망이 스스로 찾은 커널로 본 그림. 하나를 고르면 위에서 볼 수 있습니다.", use: "신경망의 #번 커널", accuracy: `처음 보는 숫자 ${testImages}개의 정확도`,
  },
};

const digitNames = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] as const;
const variants = 10;

const style = css`
  canvas { image-rendering: pixelated; }
  .pad { touch-action: none; cursor: crosshair; }
  .window { fill: none; stroke: var(--nn-ink); pointer-events: none; vector-effect: non-scaling-stroke; stroke-width: 2; }
  .place { fill: transparent; stroke: var(--nn-ink); vector-effect: non-scaling-stroke; stroke-width: 2; cursor: move; }
  .place:focus-visible { outline: none; stroke: var(--nn-accent); stroke-width: 4; }
  .reach { touch-action: none; cursor: move; }
  .kernel { display: grid; grid-template-columns: repeat(3, 1fr); gap: 6px; aspect-ratio: 1.25; max-width: 280px; margin: 0 auto; }
  .kernel input { width: 100%; height: 100%; box-sizing: border-box; text-align: center; font-size: 16px; appearance: textfield; }
  .kernel input::-webkit-inner-spin-button { appearance: none; margin: 0; }
  .presets { justify-content: center; display: flex; margin-bottom: 12px; }
  .sum { text-align: center; margin: 10px 0 0; font-size: 20px; font-weight: 600; font-variant-numeric: tabular-nums; }
  .network { border-top: 1px solid var(--nn-faint); margin-top: 18px; padding-top: 16px; }
  .maps { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; }
  .maps button { padding: 0; aspect-ratio: 1; overflow: hidden; background: var(--nn-paper); border-color: var(--nn-faint); }
  .maps canvas { width: 100%; height: 100%; display: block; }
`;

/** What is seen: an example of a digit, or the reader's drawing. */
type Picture = { readonly digit: number; readonly variant: number } | { readonly strokes: readonly Stroke[] };

/** A digit that is drawn, a kernel with its feature map and pooling, and a convolutional network that learns to read. */
export class ConvolutionElement extends FigureElement {
  static override styles = [figureStyle, style];

  #picture: Picture = { digit: 3, variant: 0 };
  #pixels: readonly number[] = [];
  #kernel: Kernel = kernels.vertical;
  #features: Features = { map: [], pooled: [] };
  #rate = 0.002;
  #place: readonly [row: number, column: number] = [8, 12];
  /** Whether the pen is on the paper. */
  #drawing = false;
  #reading: Reading | undefined;
  /** What the reading is of. */
  #readFrom: readonly [pixels: readonly number[], parameters: DigitReaderView["parameters"]] | undefined;
  readonly #reader = new Reader();
  readonly #trainer = new Trainer(this, "digitReader", () => ({ learningRate: this.#rate }), 60);

  override connectedCallback(): void {
    const strokes = strokesOf(this.fromAddress("drawing") ?? "");
    const kernel = this.fromAddress("kernel")?.split(",").map(Number) ?? [];
    this.#picture = strokes.length > 0 ? { strokes } : { digit: Math.round(this.numberFromAddress("digit", 0, 9) ?? 3), variant: Math.round(this.numberFromAddress("variant", 0, variants - 1) ?? 0) };
    if (kernel.length === 9 && kernel.every(Number.isFinite)) this.#kernel = kernel;
    this.#rate = this.numberFromAddress("rate", 1e-4, 0.1) ?? 0.002;
    this.#look();
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const picture = this.#picture;
    const chosen = "digit" in picture ? picture.digit : -1;
    const variant = "digit" in picture ? picture.variant : 0;
    this.#read();
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.example, digitNames.map((digit) => [digit as number, String(digit)] as const), chosen, (digit) => this.#show({ digit, variant: 0 }))}
          <span class="choice">
            <button type="button" ?disabled=${chosen < 0} @click=${() => this.#show({ digit: chosen, variant: (variant + 1) % variants })}>${text.other}</button>
            <button type="button" @click=${() => this.#show({ strokes: [] })}>${text.clear}</button>
          </span>
        </div>
        <div class="plots">${this.#pad()}${this.#editor()}${this.#map()}
          <figure class="plot"><div class="frame"><canvas id="pooled" width=${pooledSide} height=${pooledSide} role="img" aria-label=${text.pooled}></canvas>
            <svg viewBox="0 0 ${pooledSide} ${pooledSide}" aria-hidden="true"><rect class="window" x=${Math.floor(this.#place[1] / 2)} y=${Math.floor(this.#place[0] / 2)} width="1" height="1"/></svg></div><figcaption>${text.pooled}</figcaption></figure>
        </div>
        ${this.#network()}
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.#paint("#pad", this.#pixels, imageSide, 1);
    this.#paint("#map", this.#features.map, mapSide, largestOf(this.#features.map));
    this.#paint("#pooled", this.#features.pooled, pooledSide, largestOf(this.#features.map));
    const maps = this.#reading?.maps ?? [];
    // Each in its own range: the first kernels of a network answer weakly, and one that answers strongly would leave the others blank.
    maps.forEach((map, at) => this.#paint(`#map-${at}`, map, mapSide, largestOf(map)));
  }

  /** The paper. */
  #pad(): TemplateResult {
    const text = words[this.language];
    const [row, column] = this.#place;
    return html`
      <figure class="plot"><div class="frame"><canvas id="pad" width=${imageSide} height=${imageSide} role="img" aria-label=${text.draw}></canvas>
        <svg class="pad" viewBox="0 0 ${imageSide} ${imageSide}" aria-hidden="true" @pointerdown=${(event: PointerEvent) => this.#pen(event, "down")} @pointermove=${(event: PointerEvent) => this.#pen(event, "move")} @pointerup=${() => this.#lift()} @pointercancel=${() => this.#lift()}>
          <rect class="window" x=${column} y=${row} width="3" height="3"/></svg></div><figcaption>${text.draw}</figcaption></figure>`;
  }

  /** The kernel, and the sum at one place. */
  #editor(): TemplateResult {
    const text = words[this.language];
    const [row, column] = this.#place;
    const value = this.#features.map[row * mapSide + column] ?? NaN;
    const name = kernelNames.find((each) => kernels[each].every((weight, at) => Math.abs(weight - (this.#kernel[at] ?? NaN)) < 2e-3)) ?? "";
    return html`
      <figure class="plot">
        <div class="presets">${this.choice(text.kernel, kernelNames.map((each) => [each as string, text[each]] as const), name, (each) => this.#use(kernelNames.filter((known) => known === each).map((known) => kernels[known])[0] ?? this.#kernel))}</div>
        <div class="kernel">${this.#kernel.map((weight, at) => html`<input type="number" step="any" .value=${live(String(Number(weight.toFixed(2))))} style="background: ${tint(weight, largestOf(this.#kernel))}" aria-label=${filled(text.cell, Math.floor(at / 3) + 1, (at % 3) + 1)} @change=${(event: Event) => this.#edit(at, inputOf(event))}>`)}</div>
        <p class="sum" data-value=${value}>Σ = ${signed(value)}</p><figcaption>${text.here}</figcaption>
      </figure>`;
  }

  /** The feature map, over which a frame moves. */
  #map(): TemplateResult {
    const text = words[this.language];
    const [row, column] = this.#place;
    const value = signed(this.#features.map[row * mapSide + column] ?? NaN);
    return html`
      <figure class="plot"><div class="frame"><canvas id="map" width=${mapSide} height=${mapSide}></canvas>
        <svg class="reach" viewBox="0 0 ${mapSide} ${mapSide}" role="group" aria-label=${text.map} @pointerdown=${(event: PointerEvent) => this.#point(event)} @pointermove=${(event: PointerEvent) => this.#point(event)}>
          <rect class="place" x=${column} y=${row} width="1" height="1" tabindex="0" role="slider" aria-label=${text.place} aria-valuemin="0" aria-valuemax=${mapSide ** 2 - 1} aria-valuenow=${row * mapSide + column} aria-valuetext="${row + 1}, ${column + 1}: ${value}" @keydown=${(event: KeyboardEvent) => this.#key(event)}/></svg></div><figcaption>${text.map}</figcaption></figure>`;
  }

  /** The network: what it says, and its own feature maps. */
  #network(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const probabilities = this.#reading?.probabilities ?? [];
    const empty = "strokes" in this.#picture && this.#picture.strokes.length === 0;
    const sure = Math.max(...probabilities);
    const answer = probabilities.indexOf(sure);
    const verdict = empty ? text.empty : view === undefined || view.steps === 0 ? text.untrained : html`${text.says} <strong>${answer}</strong> (${percent(this.language, sure)})`;
    return html`
      <div class="network">
        <div class="controls">
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#rate) })}
          ${this.slider(common.rate, { min: -4, max: -1, step: 0.05, value: Math.log10(this.#rate), text: String(Number(this.#rate.toPrecision(2))) }, (value) => this.#restart(10 ** value))}
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame" style="aspect-ratio: ${barsWidth} / ${barsHeight}"><svg viewBox="0 0 ${barsWidth} ${barsHeight}" role="img" aria-label=${text.answers}>${bars(this.language, empty ? [] : probabilities, answer)}</svg></div><figcaption>${text.answers}</figcaption></figure>
          <figure class="plot"><div class="maps">${Array.from({ length: firstKernels }, (_, at) => html`<button type="button" aria-label=${filled(text.use, at + 1)} @click=${() => this.#use(this.#reading?.kernels[at] ?? this.#kernel)}><canvas id="map-${at}" width=${mapSide} height=${mapSide}></canvas></button>`)}</div><figcaption>${text.learned}</figcaption></figure>
        </div>
        <p class="status" role="status" data-answer=${answer} data-sure=${sure}>${failure === undefined ? verdict : this.failed(failure)}</p>
        <dl class="numbers">
          <div><dt>${text.accuracy}</dt><dd data-accuracy=${view?.accuracy ?? NaN}>${view?.accuracy === undefined ? "–" : percent(this.language, view.accuracy, 1)}</dd></div>
          <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss?.toFixed(3) ?? "–"}</dd></div>
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
      </div>`;
  }

  /** Paints values from `−largest` (orange) to `largest` (blue), from the top down. */
  #paint(which: string, values: readonly number[], size: number, largest: number): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas${which}`);
    const rows = Array.from({ length: size }, (_, row) => values.slice((size - 1 - row) * size, (size - row) * size));
    if (canvas !== null && values.length === size ** 2) paint(canvas, rows.flat().map((value) => 0.5 + value / (2 * largest)), size);
  }

  /** Computes what depends on the picture and the kernel. */
  #look(): void {
    this.#pixels = "strokes" in this.#picture ? pixelsOf(this.#picture.strokes) : exampleOf(this.#picture.digit, this.#picture.variant);
    this.#features = featuresOf(this.#pixels, this.#kernel);
    this.requestUpdate();
  }

  /** Lets the network read the picture, if one of them has changed. */
  #read(): void {
    const parameters = this.#trainer.view?.parameters;
    if (parameters === undefined || (this.#readFrom?.[0] === this.#pixels && this.#readFrom[1] === parameters)) return;
    this.#readFrom = [this.#pixels, parameters];
    this.#reading = this.#reader.read(this.#pixels, parameters);
  }

  #show(picture: Picture): void {
    this.#picture = picture;
    this.#look();
    this.#note();
  }

  #use(kernel: Kernel): void {
    this.#kernel = kernel;
    this.#look();
    this.#note();
  }

  #edit(at: number, input: HTMLInputElement): void {
    const weight = input.valueAsNumber;
    this.#use(this.#kernel.map((each, index) => (index === at && Number.isFinite(weight) ? weight : each)));
  }

  #restart(rate: number): void {
    this.#rate = rate;
    this.#note();
    this.#trainer.restart();
    this.requestUpdate();
  }

  #note(): void {
    const shown = "strokes" in this.#picture ? { drawing: textOf(this.#picture.strokes) } : { drawing: "", ...this.#picture };
    this.toAddress({ ...shown, kernel: this.#kernel.map((weight) => Number(weight.toFixed(3))).join(","), rate: Number(this.#rate.toPrecision(3)) });
  }

  /** The first stroke over an example begins a new drawing. */
  #pen(event: PointerEvent, what: "down" | "move"): void {
    if (what === "move" && !this.#drawing) return;
    const point = penPoint(...shareOf(event));
    const strokes = "strokes" in this.#picture ? this.#picture.strokes : [];
    if (what === "down" && event.currentTarget instanceof Element) event.currentTarget.setPointerCapture(event.pointerId);
    this.#drawing = true;
    const last = what === "move" ? strokes.at(-1) : undefined;
    if (last?.at(-1)?.every((value, at) => value === point[at]) === true) return;
    this.#picture = { strokes: last === undefined ? [...strokes, [point]] : [...strokes.slice(0, -1), [...last, point]] };
    this.#look();
  }

  #lift(): void {
    if (!this.#drawing) return;
    this.#drawing = false;
    this.#note();
  }

  #point(event: PointerEvent): void {
    const [x, y] = shareOf(event);
    this.#move(Math.floor(y * mapSide), Math.floor(x * mapSide));
  }

  #key(event: KeyboardEvent): void {
    const by = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.#move(this.#place[0] + (by[0] ?? 0), this.#place[1] + (by[1] ?? 0));
  }

  #move(row: number, column: number): void {
    const inside = (value: number): number => Math.min(mapSide - 1, Math.max(0, value));
    this.#place = [inside(row), inside(column)];
    this.requestUpdate();
  }
}

/** Where a pointer is in the picture that listens, from 0 to 1. */
function shareOf(event: PointerEvent): PenPoint {
  if (!(event.currentTarget instanceof Element)) return [0, 0];
  const { left, top, width, height } = event.currentTarget.getBoundingClientRect();
  return [(event.clientX - left) / width, (event.clientY - top) / height];
}

const [barsWidth, barsHeight] = [360, 210];

/** A bar for the probability of each digit. */
function bars(language: Language, probabilities: readonly number[], answer: number): SVGTemplateResult {
  const [foot, top, each] = [28, 26, barsWidth / 10];
  return svg`${digitNames.map((digit) => {
    const share = probabilities[digit] ?? 0;
    const height = share * (barsHeight - foot - top);
    const [left, ceiling] = [digit * each, barsHeight - foot - height];
    return svg`<rect x=${left + 5} y=${ceiling} width=${each - 10} height=${height} rx="2" fill=${digit === answer ? "var(--nn-one)" : "var(--nn-line)"}/>
      ${share >= 0.2 || digit === answer ? svg`<text x=${left + each / 2} y=${ceiling - 6} text-anchor="middle">${percent(language, share)}</text>` : svg``}<text x=${left + each / 2} y=${barsHeight - 8} text-anchor="middle">${digit}</text>`;
  })}<line x1="0" x2=${barsWidth} y1=${barsHeight - foot} y2=${barsHeight - foot} stroke="var(--nn-line)"/>`;
}

const largestOf = (values: readonly number[]): number => values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1e-6);
const tint = (weight: number, largest: number): string => `color-mix(in srgb, var(${weight < 0 ? "--nn-zero-soft" : "--nn-one-soft"}) ${Math.round((100 * Math.abs(weight)) / largest)}%, var(--nn-paper))`;
const signed = (value: number): string => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
