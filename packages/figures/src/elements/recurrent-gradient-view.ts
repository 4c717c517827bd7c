import { scaleLog } from "d3-scale";
import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { throughTime, units, type ThroughTime } from "../tasks/gradient-through-time.js";
import { paintGrid } from "./value-grid.js";
import { ViewElement } from "./views-element.js";
import type { Words } from "./words.js";

const words: Words<"steps" | "size" | "gradients" | "without" | "states" | "first" | "power" | "vanishes" | "explodes" | "arrives"> = {
  en: {
    steps: "Steps T", size: "Size of Wₕₕ", gradients: "The network unrolled, and how much of the gradient of the last state arrives at each step", without: "without tanh", states: `The state at each step: ${units} units, negative in orange, positive in blue`,
    first: "arrives at the first step", power: "without tanh", vanishes: "The gradient vanishes: what the first input does hardly counts when the weights are improved.", explodes: "The gradient explodes: one step of gradient descent would throw the weights far away.", arrives: "The gradient arrives.",
  },
  ko: {
    steps: "단계 수 T", size: "Wₕₕ의 크기", gradients: "시간 축으로 펼친 신경망과, 마지막 상태의 기울기가 각 단계까지 전해지는 정도", without: "tanh가 없을 때", states: `각 단계의 상태: 유닛 ${units}개, 음수는 주황, 양수는 파랑`,
    first: "첫 단계에 전해지는 기울기", power: "tanh가 없다면", vanishes: "기울기가 소실됩니다. 첫 입력이 한 일은 가중치를 고칠 때 거의 반영되지 않습니다.", explodes: "기울기가 폭발합니다. 경사하강법 한 걸음에 가중치가 멀리 튕겨 나갑니다.", arrives: "기울기가 잘 전해집니다.",
  },
};

const [width, height, left, right] = [360, 320, 40, 8];
const [cellTop, cellSide, plotTop] = [26, 22, 96];
const mostSteps = 30;
/** Gradients outside of this range are drawn at its ends. */
const range = [1e-6, 1e6] as const;

const style = css`
  canvas { position: static; width: 100%; aspect-ratio: ${width} / 200; display: block; image-rendering: pixelated; border-radius: 8px; }
`;

/** A recurrent network without training: the gradient that arrives at each step, and its states. */
export class GradientView extends ViewElement {
  static override styles = [ViewElement.styles, style];

  #steps = 20;
  #size = 0.7;
  #result: ThroughTime = { states: [], gradients: [] };

  override connectedCallback(): void {
    this.#compute(Math.round(this.numberFromAddress("steps", 2, mostSteps) ?? 20), this.numberFromAddress("size", 0.2, 2) ?? 0.7);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { gradients } = this.#result;
    const [first, power] = [gradients[0] ?? NaN, this.#size ** (this.#steps - 1)];
    const verdict = first < 0.05 ? text.vanishes : first > 20 ? text.explodes : text.arrives;
    return html`
      <div class="controls">
        ${this.slider(text.steps, { min: 2, max: mostSteps, step: 1, value: this.#steps, text: String(this.#steps) }, (steps) => this.#change(steps, this.#size))}
        ${this.slider(text.size, { min: 0.2, max: 2, step: 0.05, value: this.#size, text: String(Number(this.#size.toFixed(2))) }, (size) => this.#change(this.#steps, size))}
      </div>
      <div class="plots">
        <figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.gradients}>${unrolled(gradients)}${bars(gradients)}${this.#withoutTanh()}</svg></div><figcaption>${text.gradients}</figcaption></figure>
        <figure class="plot"><canvas width=${this.#steps} height=${units} role="img" aria-label=${text.states}></canvas><figcaption>${text.states}</figcaption></figure>
      </div>
      <p class="status" role="status">${verdict}</p>
      <dl class="numbers">
        <div><dt>${text.first}</dt><dd data-first=${first}>${scientific(first)}</dd></div>
        <div><dt>${text.power}</dt><dd data-power=${power}>${scientific(power)}</dd></div>
      </dl>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const canvas = this.renderRoot.querySelector("canvas");
    const { states } = this.#result;
    const largest = Math.max(1e-6, ...states.flat().map(Math.abs));
    if (canvas !== null) paintGrid(canvas, Array.from({ length: units }, (_, unit) => states.map((state) => (state[unit] ?? 0) / largest)));
  }

  /** What would arrive if every step multiplied the gradient by the size alone. */
  #withoutTanh(): SVGTemplateResult {
    const points = Array.from({ length: this.#steps }, (_, at) => `${middle(at, this.#steps).toFixed(1)},${y(this.#size ** (this.#steps - 1 - at)).toFixed(1)}`);
    return svg`<polyline points=${points.join(" ")} fill="none" stroke="var(--nn-ink)" stroke-width="1.5" stroke-dasharray="4 4"/><text x=${width - right} y=${this.#size < 1 ? plotTop + 16 : height - 12} text-anchor="end">- - ${words[this.language].without}</text>`;
  }

  #change(steps: number, size: number): void {
    this.#compute(steps, size);
    this.toAddress({ steps, size: Number(size.toFixed(2)) });
    this.requestUpdate();
  }

  #compute(steps: number, size: number): void {
    [this.#steps, this.#size] = [steps, size];
    this.#result = throughTime({ steps, size });
  }
}

const y = scaleLog().domain([...range]).range([height - 10, plotTop]).clamp(true);
/** The middle of a step, from left to right. */
const middle = (at: number, steps: number): number => left + ((at + 0.5) * (width - left - right)) / steps;

/** The copies of the network. The more of the gradient arrives, the stronger their colour. */
function unrolled(gradients: readonly number[]): SVGTemplateResult {
  const steps = gradients.length;
  const each = (width - left - right) / steps;
  const side = Math.min(cellSide, each * 0.62);
  const centre = cellTop + cellSide / 2;
  return svg`
    <text x="6" y=${centre + 5}>h</text><text x="6" y=${centre + 40}>x</text>
    ${gradients.map((gradient, at) => {
      const x = middle(at, steps);
      const shade = Math.min(1, Math.max(0, 1 + Math.log10(gradient) / 4));
      const arrow = at + 1 === steps ? svg`` : svg`<line x1=${x + side / 2} x2=${x + each - side / 2} y1=${centre} y2=${centre} stroke="var(--nn-line)" stroke-width="1.5"/>`;
      return svg`<line x1=${x} x2=${x} y1=${centre + side / 2} y2=${centre + 28} stroke="var(--nn-line)" stroke-width="1.5"/>${arrow}<rect x=${x - side / 2} y=${centre - side / 2} width=${side} height=${side} rx=${side / 5} fill="var(--nn-one)" fill-opacity=${shade} stroke="var(--nn-soft)"/>`;
    })}
    ${[1, steps].map((step) => svg`<text x=${middle(step - 1, steps)} y="18" text-anchor=${step === 1 ? "middle" : "end"} dx=${step === 1 ? 0 : 8}>${step === 1 ? "t = 1" : `T = ${steps}`}</text>`)}`;
}

/** A bar for each step: up from 1 if the gradient grows on its way back, down if it shrinks. */
function bars(gradients: readonly number[]): SVGTemplateResult {
  const steps = gradients.length;
  const each = (width - left - right) / steps;
  return svg`
    ${[-6, -3, 0, 3, 6].map((power) => svg`<line x1=${left} x2=${width} y1=${y(10 ** power)} y2=${y(10 ** power)} stroke=${power === 0 ? "var(--nn-line)" : "var(--nn-faint)"}/><text x=${left - 6} y=${y(10 ** power) + 4} text-anchor="end">${power === 0 ? "1" : `10${superscript(power)}`}</text>`)}
    ${gradients.map((gradient, at) => {
      const [end, one] = [y(gradient), y(1)];
      return svg`<rect x=${middle(at, steps) - each * 0.35} y=${Math.min(end, one)} width=${each * 0.7} height=${Math.max(1.5, Math.abs(end - one))} rx="1" fill=${gradient < 1 ? "var(--nn-zero)" : "var(--nn-one)"}/>`;
    })}`;
}

const superscript = (power: number): string => [...String(power)].map((character) => ({ "-": "⁻", 3: "³", 6: "⁶" })[character] ?? "").join("");
const scientific = (value: number): string => (value < 0.01 || value >= 1000 ? value.toExponential(1).replace("-", "−").replace("+", "") : String(Number(value.toFixed(2))));
