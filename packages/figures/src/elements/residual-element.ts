import { html, svg, type TemplateResult } from "lit";
import { depths, mostSteps, type DepthView, type ResidualView } from "../tasks/residual.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure, type Series } from "./chart.js";
import { FigureElement } from "./figure-element.js";
import { swatch } from "./legend.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"depth" | "convolutions" | "plain" | "residual" | "gradients" | "layer" | "gradient" | "losses" | "byDepth" | "ratio"> = {
  en: {
    depth: "Convolutions", convolutions: "convolutions", plain: "plain", residual: "residual", gradients: "The gradient of each convolution's weights, on a logarithmic scale", layer: "convolution", gradient: "gradient", losses: "The loss, step by step",
    byDepth: `The loss after ${mostSteps} steps, for each depth that you have trained`, ratio: "gradient, first / last convolution",
  },
  ko: {
    depth: "합성곱 층 수", convolutions: "합성곱 층 수", plain: "일반", residual: "잔차 연결", gradients: "합성곱 층마다 가중치의 기울기 크기 (로그 눈금)", layer: "합성곱 층", gradient: "기울기", losses: "단계마다 손실",
    byDepth: `${mostSteps}단계 뒤의 손실. 학습해 본 깊이마다 점이 찍힙니다`, ratio: "기울기, 첫 층 / 마지막 층",
  },
};

const looks = { plain: { colour: "var(--nn-zero)", dashes: "7 3" }, residual: { colour: "var(--nn-one)", dashes: "none" } } as const;
type Kind = keyof typeof looks;
const kinds = ["plain", "residual"] as const;

/** A deep plain network beside an equally deep one with residual connections: the gradients by layer, and the loss by depth. */
export class ResidualElement extends FigureElement {
  #depth: number = 21;
  /** The losses at the end of each training, by the depth. */
  readonly #reached = new Map<number, Readonly<Record<Kind, number>>>();
  readonly #trainer = new Trainer(this, "residual", () => ({ depth: this.#depth }), 20);

  override connectedCallback(): void {
    this.#depth = depths.find((depth) => String(depth) === this.fromAddress("depth")) ?? 21;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common] = [words[this.language], commonWords[this.language]];
    const { view, state, failure } = this.#trainer;
    if (view !== undefined && state === "done") this.#reached.set(view.plain.gradients.length, { plain: lastLoss(view.plain), residual: lastLoss(view.residual) });
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.depth, depths.map((depth) => [depth as number, String(depth)] as const), this.#depth, (depth) => this.#restart(depth))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#depth) })}
        </div>
        <div class="plots pairs">${chartFigure(text.gradients, this.#gradients(view))}${chartFigure(text.losses, this.#losses(view))}${chartFigure(text.byDepth, this.#byDepth())}</div>
        <dl class="numbers">
          ${kinds.map((kind) => html`<div><dt>${swatch(looks[kind])} ${text[kind]} · ${common.loss}</dt><dd data-network=${kind} data-loss=${view === undefined ? NaN : lastLoss(view[kind])}>${view === undefined ? "–" : lastLoss(view[kind]).toFixed(3)}</dd></div>
            <div><dt>${text.ratio}</dt><dd data-network=${kind} data-ratio=${view === undefined ? NaN : ratioOf(view[kind])}>${view === undefined ? "–" : ratioOf(view[kind]).toPrecision(2).replace("-", "−")}</dd></div>`)}
          <div><dt>${common.steps}</dt><dd data-depth-steps=${view?.steps ?? 0}>${view?.steps ?? 0}</dd></div>
        </dl>
        <p class="status rare" role="status">${failure === undefined ? "" : this.failed(failure)}</p>
      </div>`;
  }

  #gradients(view: ResidualView | undefined): ReturnType<typeof chart> {
    const text = words[this.language];
    return chart({
      x: { domain: [1, this.#depth], label: text.layer, ticks: [1, (this.#depth + 1) / 2, this.#depth] },
      y: { domain: [1e-14, 10], label: text.gradient, logarithmic: true, ticks: [1e-12, 1e-8, 1e-4, 1] },
      series: this.#series(view, ({ gradients }) => gradients.map((gradient, at) => [at + 1, gradient])),
    });
  }

  #losses(view: ResidualView | undefined): ReturnType<typeof chart> {
    const common = commonWords[this.language];
    return chart({
      x: { domain: [0, mostSteps], label: common.steps, ticks: [0, mostSteps / 2, mostSteps] },
      y: { domain: [0, 2.8], label: common.loss },
      series: this.#series(view, ({ losses }) => losses.map((loss, step) => [step, loss])),
    });
  }

  #byDepth(): ReturnType<typeof chart> {
    const rows = [...this.#reached].toSorted(([a], [b]) => a - b);
    return chart({
      x: { domain: [3, 31], label: words[this.language].convolutions, ticks: [5, 13, 21, 29] },
      y: { domain: [0, 2.8], label: commonWords[this.language].loss },
      series: kinds.map((kind) => ({ ...looks[kind], points: rows.map(([depth, losses]) => [depth, losses[kind]] as const) })),
      more: ({ x, y }) => svg`${kinds.map((kind) => rows.map(([depth, losses]) => svg`<circle cx=${x(depth)} cy=${y(losses[kind])} r="5" fill="var(--nn-paper)" stroke=${looks[kind].colour} stroke-width="2.5"/>`))}`,
    });
  }

  #series(view: ResidualView | undefined, points: (network: DepthView) => Series["points"]): readonly Series[] {
    return view === undefined ? [] : kinds.map((kind) => ({ ...looks[kind], points: points(view[kind]) }));
  }

  #restart(depth: number): void {
    this.#depth = depth;
    this.toAddress({ depth });
    this.#trainer.restart();
    this.requestUpdate();
  }
}

const lastLoss = ({ losses }: DepthView): number => losses.at(-1) ?? NaN;
const ratioOf = ({ gradients }: DepthView): number => (gradients[0] ?? NaN) / (gradients.at(-1) ?? NaN);
