import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { lossCurve, scoresOf, type Scores } from "../tasks/class-scores.js";
import { chart, chartFigure, chartHeight, chartWidth } from "./chart.js";
import { ViewElement } from "./views-element.js";
import { commonWords, percent, type Words } from "./words.js";

const words: Words<"right" | "cat" | "dog" | "bird" | "logit" | "bars" | "curve" | "probability" | "gradient" | "step" | "again" | "sum"> = {
  en: { right: "The right class", cat: "cat", dog: "dog", bird: "bird", logit: "logit of", bars: "Probabilities p by softmax, and the gradient p − y of each logit", curve: "The loss of the right class by its probability, −log p", probability: "probability", gradient: "gradient", step: "One step of gradient descent", again: "Start again", sum: "The gradients add up to" },
  ko: { right: "정답", cat: "고양이", dog: "개", bird: "새", logit: "로짓:", bars: "소프트맥스가 준 확률 p와 로짓마다의 기울기 p − y", curve: "정답의 확률에 따른 손실 −log p", probability: "확률", gradient: "기울기", step: "경사하강법 한 단계", again: "처음부터", sum: "기울기의 합" },
};

const classes = ["cat", "dog", "bird"] as const;
const first = [1, 2, -0.5];
const [lowest, highest] = [-6, 6];
const curve = lossCurve();

/** Three logits that are moved by sliders, with their probabilities, the cross-entropy and its gradient. */
export class LossScoresElement extends ViewElement {
  #logits: readonly number[] = first;
  #target = 0;

  override connectedCallback(): void {
    const logits = this.fromAddress("logits")?.split(",").map(Number) ?? [];
    if (logits.length === classes.length && logits.every((value) => value >= lowest && value <= highest)) this.#logits = logits;
    this.#target = Math.round(this.numberFromAddress("right", 0, classes.length - 1) ?? 0);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const scores = scoresOf(this.#logits, this.#target);
    const share = scores.probabilities[this.#target] ?? NaN;
    return html`
      <div class="controls">
        ${this.choice<number>(text.right, classes.map((name, at) => [at, text[name]] as const), this.#target, (target) => this.#show(this.#logits, target))}
        ${classes.map((name, at) => this.slider(`${text.logit} ${text[name]}`, { min: lowest, max: highest, step: 0.1, value: this.#logits[at] ?? 0, text: signed(this.#logits[at] ?? 0) }, (value) => this.#show(this.#logits.map((each, index) => (index === at ? value : each)), this.#target)))}
        <span class="choice">
          <button type="button" class="main" @click=${() => this.#show(scores.next.map((value) => Math.min(highest, Math.max(lowest, value))), this.#target)}>${text.step}</button>
          <button type="button" @click=${() => this.#show(first, this.#target)}>${text.again}</button>
        </span>
      </div>
      <div class="plots">
        ${chartFigure(text.bars, this.#bars(scores))}
        <figure class="plot"><div class="frame" style="aspect-ratio: ${chartWidth} / ${chartHeight}"><svg viewBox="0 0 ${chartWidth} ${chartHeight}" role="img" aria-label=${text.curve}>
          ${chart({ x: { domain: [0, 1], label: `p(${text[classes[this.#target] ?? "cat"]})` }, y: { domain: [0, 5], label: common.loss }, series: [{ points: curve, colour: "var(--nn-ink)" }], more: ({ x, y }) => svg`<circle class="point one" cx=${x(share)} cy=${y(scores.loss)} r="8"/>` })}
        </svg></div><figcaption>${text.curve}</figcaption></figure>
      </div>
      <dl class="numbers">
        <div><dt>${common.loss}</dt><dd data-loss=${scores.loss}>${scores.loss.toFixed(3)}</dd></div>
        ${classes.map((name, at) => html`<div><dt>${text[name]}: p</dt><dd data-class=${name} data-probability=${scores.probabilities[at] ?? NaN} data-gradient=${scores.gradient[at] ?? NaN}>${scores.probabilities[at]?.toFixed(3)}</dd></div>`)}
        <div><dt>${text.sum}</dt><dd>${signed(scores.gradient.reduce((sum, value) => sum + value, 0))}</dd></div>
      </dl>`;
  }

  /** For each class a bar of its probability, and below it a bar of its gradient. */
  #bars({ probabilities, gradient }: Scores): SVGTemplateResult {
    const text = words[this.language];
    const [each, tall, low] = [chartWidth / classes.length, 118, 46];
    const [foot, middle] = [148, 214];
    return svg`
      <text x="6" y="18">${text.probability}</text><text x="6" y=${middle - low - 4 + 12}>${text.gradient}</text>
      <line x1="0" x2=${chartWidth} y1=${foot} y2=${foot} stroke="var(--nn-line)"/><line x1="0" x2=${chartWidth} y1=${middle} y2=${middle} stroke="var(--nn-line)"/>
      ${classes.map((name, at) => {
        const [share, slope, centre] = [probabilities[at] ?? 0, gradient[at] ?? 0, (at + 0.5) * each];
        const reach = Math.abs(slope) * low;
        return svg`
          <rect x=${centre - 30} y=${foot - share * tall} width="60" height=${share * tall} rx="2" fill=${at === this.#target ? "var(--nn-ink)" : "var(--nn-line)"}/>
          <text x=${centre} y=${foot - share * tall - 5} text-anchor="middle">${percent(this.language, share)}</text>
          <rect x=${centre - 30} y=${slope < 0 ? middle : middle - reach} width="60" height=${reach} rx="2" fill=${slope < 0 ? "var(--nn-zero)" : "var(--nn-one)"}/>
          <text x=${centre} y=${slope < 0 ? middle - 5 : middle + 15} text-anchor="middle">${signed(slope)}</text>
          <text x=${centre} y=${chartHeight - 6} text-anchor="middle" font-weight=${at === this.#target ? 700 : 400}>${text[name]}</text>`;
      })}`;
  }

  #show(logits: readonly number[], target: number): void {
    [this.#logits, this.#target] = [logits, target];
    this.toAddress({ logits: logits.map((value) => Number(value.toFixed(3))).join(","), right: target });
    this.requestUpdate();
  }
}

const signed = (value: number): string => value.toFixed(2).replace(/^-0\.00$/, "0.00").replace("-", "−");
