import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { ringSpots, shapeRange } from "../tasks/shapes.js";
import type { AdversariesSettings, AdversariesView } from "../tasks/adversaries.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure } from "./chart.js";
import { FigureElement } from "./figure-element.js";
import { paint } from "./heat-map.js";
import { planeOf, side } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, percent, type Words } from "./words.js";

const words: Words<"shape" | "spot" | "moons" | "ring" | "judge" | "fast" | "slow" | "seed" | "plane" | "chart" | "distance" | "caught" | "spots"> = {
  en: {
    shape: "Real points", spot: "a spot", moons: "two moons", ring: "a ring", judge: "The discriminator learns", fast: "fast", slow: "slowly", seed: "Other weights", plane: "Circles are real, squares come from the generator. The colour is the discriminator's opinion: blue is real, orange is forged",
    chart: "How far the generated points are from the real ones, step by step", distance: "distance", caught: "told right by the discriminator", spots: "spots reached",
  },
  ko: {
    shape: "진짜 점", spot: "한 덩어리", moons: "두 반달", ring: "고리", judge: "판별자의 학습", fast: "빠르게", slow: "느리게", seed: "다른 초깃값", plane: "동그라미는 진짜, 네모는 생성자가 만든 점. 바탕색은 판별자의 판정입니다. 파랑은 진짜, 주황은 가짜",
    chart: "단계마다 잰, 생성한 점과 진짜 점 사이의 거리", distance: "거리", caught: "판별자가 맞힌 비율", spots: "닿은 덩어리",
  },
};

type Shape = AdversariesSettings["shape"];
type Pace = AdversariesSettings["judge"];
const shapeNames = ["spot", "moons", "ring"] as const satisfies readonly Shape[];
const plane = planeOf(shapeRange);
const firstSeed = 1;

const style = css`
  .real, .forged { stroke: var(--nn-paper); stroke-width: 1; }
  .real { fill: var(--nn-one); } .forged { fill: var(--nn-zero); }
`;

/** A generative adversarial network in the plane: real and generated points, the discriminator's opinion everywhere, and the distance between them. */
export class AdversariesElement extends FigureElement {
  static override styles = [figureStyle, style];

  #shape: Shape = "moons";
  #judge: Pace = "fast";
  #seed = firstSeed;
  readonly #trainer = new Trainer(this, "adversaries", () => ({ shape: this.#shape, judge: this.#judge, seed: this.#seed }), 300);

  override connectedCallback(): void {
    this.#shape = shapeNames.find((name) => name === this.fromAddress("real")) ?? "moons";
    this.#judge = this.fromAddress("judge") === "slow" ? "slow" : "fast";
    this.#seed = Math.round(this.numberFromAddress("weights", 0, 1e6) ?? firstSeed);
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.shape, shapeNames.map((name) => [name, text[name]] as const), this.#shape, (shape) => this.#restart({ shape }))}
          ${this.choice(text.judge, [["fast", text.fast], ["slow", text.slow]] as const, this.#judge, (judge) => this.#restart({ judge }))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
          <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.seed}</button>
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><canvas width=${sideOf(view)} height=${sideOf(view)}></canvas><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.plane}>${points(view)}</svg></div><figcaption>${text.plane}</figcaption></figure>
          ${chartFigure(text.chart, distances(view, text, common.steps))}
        </div>
        <dl class="numbers">
          <div><dt>${text.distance}</dt><dd data-distance=${view?.distance ?? NaN}>${view?.distance.toFixed(3) ?? "–"}</dd></div>
          <div><dt>${text.caught}</dt><dd data-caught=${view?.caught ?? NaN}>${view === undefined ? "–" : percent(this.language, view.caught)}</dd></div>
          ${view?.spots === undefined ? "" : html`<div><dt>${text.spots}</dt><dd data-spots=${view.spots}>${view.spots} / ${ringSpots}</dd></div>`}
          <div><dt>${common.steps}</dt><dd data-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status rare" role="status">${failure === undefined ? "" : this.failed(failure)}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const canvas = this.renderRoot.querySelector("canvas");
    const { view } = this.#trainer;
    if (canvas !== null && view !== undefined) paint(canvas, view.opinions, sideOf(view));
  }

  #restart({ shape = this.#shape, judge = this.#judge, seed = this.#seed }: { readonly shape?: Shape; readonly judge?: Pace; readonly seed?: number }): void {
    [this.#shape, this.#judge, this.#seed] = [shape, judge, seed];
    this.toAddress({ real: shape, judge, weights: seed });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

/** Points of the grid of opinions along one axis. */
const sideOf = (view: AdversariesView | undefined): number => Math.sqrt(view?.opinions.length ?? 1);

function points(view: AdversariesView | undefined): SVGTemplateResult {
  if (view === undefined) return svg``;
  return svg`
    ${view.real.map(([x, y]) => svg`<circle class="real" cx=${plane.x(x).toFixed(1)} cy=${plane.y(y).toFixed(1)} r="4"/>`)}
    ${view.generated.map(([x, y]) => svg`<rect class="forged" x=${(plane.x(x) - 3.5).toFixed(1)} y=${(plane.y(y) - 3.5).toFixed(1)} width="7" height="7"/>`)}`;
}

/** The distance over the steps. */
function distances(view: AdversariesView | undefined, { distance }: Readonly<Record<"distance", string>>, steps: string): SVGTemplateResult {
  const most = 1000 * Math.max(1, Math.ceil((view?.steps ?? 0) / 1000));
  return chart({ x: { domain: [0, most], label: steps }, y: { domain: [0.001, 3], label: distance, logarithmic: true }, series: [{ points: view?.history ?? [], colour: "var(--nn-third)" }] });
}
