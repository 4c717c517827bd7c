import { scaleLinear, scaleLog } from "d3-scale";
import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { activationNames, curvesOf, type ActivationName, type DeepNetworkView } from "../tasks/deep-network.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement, inputOf } from "./figure-element.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"activation" | "depth" | "normalisation" | "curve" | "gradients" | "value" | "slope" | "first" | "dead" | "layer" | "ratio"> = {
  en: { activation: "Activation", depth: "Hidden layers", normalisation: "batch normalisation", curve: "The activation and its slope", gradients: "The gradient of each layer's weights, on a logarithmic scale", value: "activation", slope: "slope", first: "layer", dead: "dead units", layer: "layer #", ratio: "first layer / last layer" },
  ko: { activation: "활성화 함수", depth: "은닉층 수", normalisation: "배치 정규화", curve: "활성화 함수와 그 기울기", gradients: "층마다 가중치의 기울기 크기 (로그 눈금)", value: "활성화 함수", slope: "기울기", first: "층", dead: "죽은 유닛", layer: "#층", ratio: "첫 층 / 마지막 층" },
};

const [width, height] = [360, 300];
const foot = 26;
const levels = [-1, 0, 1, 2] as const;
const deepest = 12;

/** An activation with its slope, and the gradient of every layer of a deep network with it. */
export class ActivationsElement extends FigureElement {
  #activation: ActivationName = "sigmoid";
  #depth = 10;
  #batchNorm = false;
  #rate = 0.05;
  readonly #trainer = new Trainer(this, "deepNetwork", () => ({ activation: this.#activation, depth: this.#depth, batchNorm: this.#batchNorm, learningRate: this.#rate }), 60);

  override connectedCallback(): void {
    this.#activation = activationNames.find((name) => name === this.fromAddress("activation")) ?? "sigmoid";
    this.#depth = Math.round(this.numberFromAddress("depth", 2, deepest) ?? 10);
    this.#batchNorm = this.fromAddress("normalisation") === "1";
    this.#rate = this.numberFromAddress("rate", 0.001, 10) ?? 0.05;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const ratio = view === undefined ? NaN : (view.gradients[0] ?? NaN) / (view.gradients.at(-1) ?? NaN);
    const dead = view === undefined ? NaN : view.dead.reduce((sum, share) => sum + share, 0) / view.dead.length;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.activation, activationNames.map((name) => [name, name] as const), this.#activation, (activation) => this.#restart({ activation }))}
          <label><input type="checkbox" .checked=${this.#batchNorm} @change=${(event: Event) => this.#restart({ batchNorm: inputOf(event).checked })}> ${text.normalisation}</label>
          ${this.slider(text.depth, { min: 2, max: deepest, step: 1, value: this.#depth, text: String(this.#depth) }, (depth) => this.#restart({ depth }))}
          ${this.slider(common.rate, { min: -3, max: 1, step: 0.05, value: Math.log10(this.#rate), text: String(Number(this.#rate.toPrecision(2))) }, (value) => this.#restart({ rate: 10 ** value }))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.curve}>${this.#curves()}</svg></div><figcaption>${text.curve}</figcaption></figure>
          <figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.gradients}>${view === undefined ? svg`` : bars(view, text.layer)}</svg></div><figcaption>${text.gradients}</figcaption></figure>
        </div>
        <dl class="numbers">
          <div><dt>${text.ratio}</dt><dd data-ratio=${ratio}>${view === undefined ? "–" : short(ratio)}</dd></div>
          <div><dt>${text.dead}</dt><dd data-dead=${dead}>${view === undefined ? "–" : percent(this.language, dead)}</dd></div>
          <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss.toFixed(3) ?? "–"}</dd></div>
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status rare" role="status">${failure !== undefined ? this.failed(failure) : view !== undefined && !Number.isFinite(view.loss) ? common.diverged : ""}</p>
      </div>`;
  }

  #curves(): SVGTemplateResult {
    const [x, y] = [scaleLinear().domain([-4, 4]).range([0, width]), scaleLinear().domain([-1.3, 2.2]).range([height, 0])];
    const points = curvesOf(this.#activation);
    const path = (at: 1 | 2): string => points.map((point) => `${x(point[0]).toFixed(1)},${Math.max(-50, y(point[at])).toFixed(1)}`).join(" ");
    const text = words[this.language];
    return svg`
      ${x.ticks(5).map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="0" y2=${height} stroke="var(--nn-faint)"/>`)}
      ${levels.map((tick) => svg`<line y1=${y(tick)} y2=${y(tick)} x1="0" x2=${width} stroke=${tick === 0 ? "var(--nn-line)" : "var(--nn-faint)"}/>`)}
      <polyline points=${path(1)} fill="none" stroke="var(--nn-one)" stroke-width="2.5"/>
      <polyline points=${path(2)} fill="none" stroke="var(--nn-zero)" stroke-width="2.5" stroke-dasharray="6 4"/>
      ${x.ticks(5).map((tick) => svg`<text x=${tick === 4 ? width - 3 : x(tick) + 3} y=${height - 6} text-anchor=${tick === 4 ? "end" : "start"}>${minus(tick)}</text>`)}
      ${levels.map((tick) => svg`<text x="4" y=${y(tick) - 5}>${minus(tick)}</text>`)}
      <line x1="34" x2="58" y1="20" y2="20" stroke="var(--nn-one)" stroke-width="2.5"/><text x="64" y="24">${text.value}</text>
      <line x1="34" x2="58" y1="40" y2="40" stroke="var(--nn-zero)" stroke-width="2.5" stroke-dasharray="6 4"/><text x="64" y="44">${text.slope}</text>`;
  }

  #restart({ activation = this.#activation, depth = this.#depth, batchNorm = this.#batchNorm, rate = this.#rate }: { readonly activation?: ActivationName; readonly depth?: number; readonly batchNorm?: boolean; readonly rate?: number }): void {
    [this.#activation, this.#depth, this.#batchNorm, this.#rate] = [activation, depth, batchNorm, rate];
    this.toAddress({ activation, depth, normalisation: Number(batchNorm), rate: Number(rate.toPrecision(3)) });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

const smallest = 1e-8;

/** A bar for the gradient of each layer; the share of its dead units is drawn in the other colour. */
function bars({ gradients, dead }: DeepNetworkView, label: string): SVGTemplateResult {
  const y = scaleLog().domain([smallest, 10]).range([height - foot, 10]).clamp(true);
  const left = 44;
  const each = (width - left) / gradients.length;
  return svg`
    ${[1e-8, 1e-6, 1e-4, 1e-2, 1].map((tick) => svg`<line y1=${y(tick)} y2=${y(tick)} x1=${left} x2=${width} stroke="var(--nn-faint)"/><text x=${left - 6} y=${y(tick) + 4} text-anchor="end">10${superscript(Math.log10(tick))}</text>`)}
    ${gradients.map((value, at) => {
      // The gradient of a network that has diverged is no number, and has no bar.
      if (Number.isNaN(value)) return svg``;
      const [top, x] = [y(Math.max(value, smallest)), left + at * each + each * 0.15];
      const [size, share] = [height - foot - top, dead[at] ?? 0];
      return svg`<rect x=${x} y=${top} width=${each * 0.7} height=${size} rx="2" fill="var(--nn-one)"/><rect x=${x} y=${height - foot - size * share} width=${each * 0.7} height=${size * share} fill="var(--nn-zero)"/>`;
    })}
    ${[1, gradients.length].map((layer) => svg`<text x=${left + (layer - 0.5) * each} y=${height - 8} text-anchor=${layer === 1 ? "start" : "end"} dx=${layer === 1 ? -each / 3 : each / 3}>${filled(label, layer)}</text>`)}`;
}

const minus = (value: number): string => String(value).replace("-", "−");
const superscript = (power: number): string => [...String(Math.round(power))].map((character) => ({ "-": "⁻", 0: "⁰", 2: "²", 4: "⁴", 6: "⁶", 8: "⁸" })[character] ?? "").join("");
const short = (value: number): string => (value !== 0 && (value < 0.01 || value >= 1000) ? value.toExponential(1).replace("-", "−") : String(Number(value.toFixed(2))));
