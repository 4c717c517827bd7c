import { scaleLinear } from "d3-scale";
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { curveOf, landscapeNames, landscapes, pointAt, type DescentPoint, type LandscapeName } from "../tasks/descent.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement } from "./figure-element.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"function" | "bowl" | "valleys" | "start" | "small" | "right" | "large" | "promised" | "real" | "arrived" | "diverged" | "slow" | "plot" | "tangent" | "presets"> = {
  en: { function: "Function", bowl: "one valley", valleys: "two valleys", start: "Start", small: "too small", right: "right", large: "too large", promised: "promised fall α·f′(x)²", real: "true fall", arrived: "Arrived: the slope is 0.", diverged: "Diverged: every step jumps further away.", slow: "200 steps, and still not there.", plot: "The function and the steps down it", tangent: "the tangent at the last point", presets: "Step size" },
  ko: { function: "함수", bowl: "골짜기 하나", valleys: "골짜기 둘", start: "출발점", small: "너무 작게", right: "알맞게", large: "너무 크게", promised: "예상 감소량 α·f′(x)²", real: "실제 감소량", arrived: "도착: 기울기가 0입니다.", diverged: "발산: 단계마다 더 멀어집니다.", slow: "200단계를 지나도 아직 도착하지 못했습니다.", plot: "함수와 내려가며 지나온 점들", tangent: "마지막 점의 접선", presets: "보폭" },
};

const [width, height] = [560, 380];
/** A rate that is too small, one that fits, and one that is too large, for each function. */
const presets: Readonly<Record<LandscapeName, readonly [number, number, number]>> = { bowl: [0.01, 0.3, 1.05], valleys: [0.002, 0.08, 0.6] };
const [slowest, fastest] = [Math.log10(0.001), Math.log10(1.5)];
const firstStart = 2;

/** Gradient descent on a function of one number, step by step, with the tangent's promise beside the true fall. */
export class DescentElement extends FigureElement {
  #landscape: LandscapeName = "bowl";
  #start = firstStart;
  #rate = presets.bowl[1];
  readonly #trainer = new Trainer(this, "descent", () => ({ landscape: this.#landscape, start: this.#start, learningRate: this.#rate }), 4);

  override connectedCallback(): void {
    this.#landscape = landscapeNames.find((name) => name === this.fromAddress("function")) ?? "bowl";
    this.#start = this.numberFromAddress("start", landscapes[this.#landscape].x[0], landscapes[this.#landscape].x[1]) ?? firstStart;
    this.#rate = this.numberFromAddress("rate", 0.001, 1.5) ?? presets[this.#landscape][1];
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const path = view?.path ?? [pointAt(this.#landscape, this.#start)];
    const last = path.at(-1) ?? pointAt(this.#landscape, this.#start);
    const [from, to] = landscapes[this.#landscape].x;
    const ending = view === undefined || view.ending === "none" ? "" : text[view.ending];
    const [small, right, large] = presets[this.#landscape];
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.function, landscapeNames.map((name) => [name, text[name]] as const), this.#landscape, (landscape) => this.#restart({ landscape, rate: presets[landscape][1], start: firstStart }))}
          ${this.choice(text.presets, [[small, text.small], [right, text.right], [large, text.large]] as const, this.#rate, (rate) => this.#restart({ rate }))}
          ${this.slider(common.rate, { min: slowest, max: fastest, step: 0.01, value: Math.log10(this.#rate), text: String(Number(this.#rate.toPrecision(2))) }, (value) => this.#restart({ rate: 10 ** value }))}
          ${this.slider(text.start, { min: from, max: to, step: 0.05, value: this.#start, text: this.#start.toFixed(2) }, (start) => this.#restart({ start }))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
        </div>
        <div class="plots"><div class="plot wide"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.plot}>${this.#plot(path, last)}</svg></div></div></div>
        <dl class="numbers">
          <div><dt>${common.steps}</dt><dd data-steps=${path.length - 1}>${path.length - 1}</dd></div>
          <div><dt>x</dt><dd data-x=${last.x}>${short(last.x)}</dd></div>
          <div><dt>f(x)</dt><dd data-value=${last.value}>${short(last.value)}</dd></div>
          <div><dt>f′(x)</dt><dd data-slope=${last.slope}>${short(last.slope)}</dd></div>
          <div><dt>${text.promised}</dt><dd data-promised=${view?.fall?.promised ?? ""}>${view?.fall === undefined ? "–" : short(view.fall.promised)}</dd></div>
          <div><dt>${text.real}</dt><dd data-real=${view?.fall?.real ?? ""}>${view?.fall === undefined ? "–" : short(view.fall.real)}</dd></div>
        </dl>
        <p class="status" role="status" data-ending=${view?.ending ?? "none"}>${failure === undefined ? ending : this.failed(failure)}</p>
      </div>`;
  }

  #plot(path: readonly DescentPoint[], last: DescentPoint): SVGTemplateResult {
    const { x: [from, to], y: [low, high] } = landscapes[this.#landscape];
    const [x, y] = [scaleLinear().domain([from, to]).range([0, width]), scaleLinear().domain([low, high]).range([height, 0])];
    const at = ([a, b]: readonly [number, number]): string => `${clamped(x(a))},${clamped(y(b))}`;
    const reach = (to - from) / 6;
    const tangent = [last.x - reach, last.x + reach].map((each): readonly [number, number] => [each, last.value + last.slope * (each - last.x)]);
    return svg`
      ${x.ticks(5).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="0" y2=${height} stroke="var(--nn-faint)"/><text x=${x(tick) + 4} y=${height - 6}>${short(tick)}</text>`)}
      ${y.ticks(4).map((tick) => svg`<line y1=${y(tick)} y2=${y(tick)} x1="0" x2=${width} stroke="var(--nn-faint)"/><text x="4" y=${y(tick) - 4}>${short(tick)}</text>`)}
      <polyline points=${curveOf(this.#landscape).map(at).join(" ")} fill="none" stroke="var(--nn-ink)" stroke-width="2"/>
      <polyline points=${tangent.map(at).join(" ")} fill="none" stroke="var(--nn-backward)" stroke-width="2" stroke-dasharray="5 4"/>
      <polyline points=${path.map((each) => at([each.x, each.value])).join(" ")} fill="none" stroke="var(--nn-one)" stroke-width="1.5"/>
      ${path.slice(0, -1).map((each) => svg`<circle cx=${clamped(x(each.x))} cy=${clamped(y(each.value))} r="4" fill="var(--nn-one)"/>`)}
      <circle cx=${clamped(x(last.x))} cy=${clamped(y(last.value))} r="9" class="point one"/>
      <text x=${width / 2} y="22" text-anchor="middle">f(x) = ${landscapes[this.#landscape].formula}</text>`;
  }

  #restart({ landscape = this.#landscape, start = this.#start, rate = this.#rate }: { readonly landscape?: LandscapeName; readonly start?: number; readonly rate?: number }): void {
    [this.#landscape, this.#start, this.#rate] = [landscape, start, rate];
    this.toAddress({ function: landscape, start: Number(start.toFixed(2)), rate: Number(rate.toPrecision(3)) });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** Far outside of the picture all positions look alike, and browsers draw no coordinates without bounds. */
const clamped = (coordinate: number): number => Math.round(Math.max(-2000, Math.min(2000, coordinate)) * 10) / 10;

const short = (value: number): string => (Math.abs(value) >= 1e4 ? value.toExponential(1) : String(Number(value.toFixed(3)))).replace("-", "−");
