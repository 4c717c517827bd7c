import { html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { range, spreadNames, type SpreadName, type UncertaintyView } from "../tasks/uncertainty.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure, type Scales } from "./chart.js";
import type { Point } from "./plane.js";
import { ViewElement } from "./views-element.js";
import { commonWords, percent, type Words } from "./words.js";

const words: Words<"noise" | SpreadName | "seed" | "plot" | "spread" | "said" | "truth" | "within" | "ended"> = {
  en: { noise: "Noise", growing: "grows to the right", even: "even", middle: "in the middle", seed: "Other points", plot: "The mean that the network answers, and two standard deviations on each side", spread: "Its standard deviation (blue), and the one behind the points (dashed)", said: "standard deviation", truth: "behind the points", within: "points in the band", ended: "The band is as wide as the noise: about 95\u00a0% of the points lie in it." },
  ko: { noise: "잡음", growing: "오른쪽으로 갈수록 크게", even: "고르게", middle: "가운데만 크게", seed: "다른 점", plot: "신경망이 답한 평균과 그 위아래 표준편차 두 배의 띠", spread: "신경망이 답한 표준편차(파란색)\u2060와 점을 만든 표준편차(점선)", said: "표준편차", truth: "점을 만든 값", within: "띠 안의 점", ended: "띠의 너비가 잡음의 크기를 따라갑니다. 점의 95%\u2060쯤이 띠 안에 있습니다." },
};

const firstSeed = 1;

/** A network that answers a mean and a standard deviation, by the Gaussian likelihood. */
export class LossUncertaintyElement extends ViewElement {
  #spread: SpreadName = "growing";
  #seed = firstSeed;
  readonly #trainer = new Trainer(this, "uncertainty", () => ({ spread: this.#spread, seed: this.#seed }), 240);

  override connectedCallback(): void {
    this.#spread = spreadNames.find((name) => name === this.fromAddress("noise")) ?? "growing";
    this.#seed = Math.round(this.numberFromAddress("seed", 0, 1e6) ?? firstSeed);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    return html`
      <div class="controls">
        ${this.choice(text.noise, spreadNames.map((name) => [name, text[name]] as const), this.#spread, (spread) => this.#restart({ spread }))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
        <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.seed}</button>
      </div>
      <div class="plots">
        ${chartFigure(text.plot, view === undefined ? svg`` : band(view))}
        ${chartFigure(text.spread, view === undefined ? svg`` : deviations(view, text.said))}
      </div>
      <dl class="numbers">
        <div><dt>${text.within}</dt><dd data-within=${view?.within ?? NaN}>${view === undefined ? "" : percent(this.language, view.within)}</dd></div>
        <div><dt>${common.loss}</dt><dd data-loss=${view?.loss ?? NaN}>${view?.loss.toFixed(3).replace("-", "−") ?? ""}</dd></div>
        <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0} data-left=${view?.deviations[10] ?? NaN} data-right=${view?.deviations.at(-11) ?? NaN}>${view?.steps ?? 0}</dd></div>
      </dl>
      <p class="status" role="status">${failure === undefined ? (state === "done" ? text.ended : "") : this.failed(failure)}</p>`;
  }

  #restart({ spread = this.#spread, seed = this.#seed }: { readonly spread?: SpreadName; readonly seed?: number }): void {
    [this.#spread, this.#seed] = [spread, seed];
    this.toAddress({ noise: spread, seed });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** Values at evenly spaced places, as points. */
const spaced = (values: readonly number[]): readonly Point[] => values.map((value, at) => [range[0] + ((range[1] - range[0]) * at) / (values.length - 1), value]);

/** The mean, two standard deviations around it, and the examples. */
function band({ points, means, deviations }: UncertaintyView): SVGTemplateResult {
  const edge = (sign: number): readonly Point[] => spaced(means.map((mean, at) => mean + sign * 2 * (deviations[at] ?? 0)));
  const path = (places: readonly Point[], { x, y }: Scales): string => places.map((place) => `${x(place[0]).toFixed(1)},${y(place[1]).toFixed(1)}`).join(" ");
  return chart({
    x: { domain: range, label: "x" }, y: { domain: range, label: "y" }, series: [], more: (scales) => svg`
      <polygon points=${path([...edge(1), ...edge(-1).toReversed()], scales)} fill="var(--nn-one-soft)"/>
      ${points.map(([x, y]) => svg`<circle cx=${scales.x(x)} cy=${scales.y(y)} r="2.5" fill="var(--nn-ink)"/>`)}
      <polyline points=${path(spaced(means), scales)} fill="none" stroke="var(--nn-one)" stroke-width="2.5"/>`,
  });
}

const deviations = ({ deviations: said, truth }: UncertaintyView, label: string): SVGTemplateResult =>
  chart({ x: { domain: range, label: "x" }, y: { domain: [0, 1.2], label }, series: [{ points: spaced(truth), colour: "var(--nn-soft)", dashes: "5 4" }, { points: spaced(said), colour: "var(--nn-one)" }] });
