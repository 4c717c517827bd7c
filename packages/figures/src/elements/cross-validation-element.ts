import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { weightDecays, type CrossValidationView } from "../tasks/cross-validation.js";
import { mapSize, noisyMoons, trainingCount } from "../tasks/noisy-moons.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure } from "./chart.js";
import { FigureElement } from "./figure-element.js";
import { paint } from "./heat-map.js";
import { swatch } from "./legend.js";
import { drawnPoints, learnedPoint } from "./moons-plane.js";
import { side } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"folds" | "plane" | "curves" | "decay" | "score" | "training" | "best" | "networks" | "chosen"> = {
  en: {
    folds: "Folds", plane: "The network trained last. Points with a ring are the fold that it has not learned", curves: "Each orange point is a network's loss on its fold; the bars are standard deviations", decay: "weight decay λ", score: "mean loss on the folds", training: "mean training loss",
    best: "best λ", networks: "networks", chosen: "Of these values, λ = # has the lowest mean: # ± #.",
  },
  ko: {
    folds: "겹 수", plane: "방금 학습한 신경망. 테두리를 두른 점이 학습하지 않은 묶음입니다", curves: "주황색 점은 신경망 하나가 빠진 묶음에서 낸 손실, 세로 막대는 표준편차입니다", decay: "가중치 감쇠 λ", score: "빠진 묶음의 평균 손실", training: "평균 학습 손실",
    best: "가장 좋은 λ", networks: "신경망", chosen: "평균이 가장 낮은 값은 λ = #입니다: # ± #.",
  },
};

const foldCounts = [2, 5, 10] as const;
const seed = 5;
const [scoreLook, trainingLook] = [{ colour: "var(--nn-zero)", dashes: "none" }, { colour: "var(--nn-one)", dashes: "7 3" }] as const;

/** Values of the weight decay, compared by k-fold cross-validation. */
export class CrossValidationElement extends FigureElement {
  static override styles = [figureStyle, css`.map { opacity: 0.55; }`];

  #folds: number = 5;
  readonly #points = drawnPoints(noisyMoons({ count: trainingCount, seed }));
  readonly #trainer = new Trainer(this, "crossValidation", () => ({ folds: this.#folds, seed }), 30);

  override connectedCallback(): void {
    this.#folds = foldCounts.find((count) => String(count) === this.fromAddress("folds")) ?? 5;
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { view, state } = this.#trainer;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.choice(text.folds, foldCounts.map((count) => [count as number, String(count)] as const), this.#folds, (folds) => this.#restart(folds))}
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart(this.#folds) })}
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><canvas class="map" width=${mapSize} height=${mapSize} aria-hidden="true"></canvas><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.plane}>${this.#points.map((point, at) => learnedPoint(point, view?.last?.leftOut.includes(at)))}</svg></div><figcaption>${text.plane}</figcaption></figure>
          ${chartFigure(text.curves, this.#curves(view))}
        </div>
        ${this.#numbers(view)}
        <p class="status" role="status">${this.#status()}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const canvas = this.renderRoot.querySelector("canvas");
    // A training that begins anew has nothing to show.
    if (canvas !== null) paint(canvas, this.#trainer.view?.last?.map ?? Array.from({ length: mapSize ** 2 }, () => 0.5), mapSize);
  }

  #curves(view: CrossValidationView | undefined): SVGTemplateResult {
    const text = words[this.language];
    const decays = view?.decays ?? [];
    return chart({
      x: { domain: [0.07, 28], label: text.decay, logarithmic: true, ticks: [0.1, 1, 10] },
      y: { domain: [0, 2], label: commonWords[this.language].loss, ticks: [0, 0.5, 1, 1.5, 2] },
      series: [
        { ...trainingLook, points: decays.map(({ weightDecay, trainingLoss }) => [weightDecay, trainingLoss]) },
        { ...scoreLook, width: 2.5, points: decays.map(({ weightDecay, mean }) => [weightDecay, mean]) },
      ],
      // Scores beyond the axis lie at its end.
      more: ({ x, y }) => svg`${decays.map(({ weightDecay, scores, mean, std }) => svg`
        <line x1=${x(weightDecay)} x2=${x(weightDecay)} y1=${y(mean - std)} y2=${y(mean + std)} stroke=${scoreLook.colour} stroke-width="1.5"/>
        ${scores.map((score) => svg`<circle cx=${x(weightDecay)} cy=${y(score)} r="3" fill=${scoreLook.colour} fill-opacity="0.5"/>`)}
        <circle cx=${x(weightDecay)} cy=${y(mean)} r=${weightDecay === view?.best ? 7 : 4} fill="var(--nn-paper)" stroke=${scoreLook.colour} stroke-width="2.5"/>`)}`,
    });
  }

  #numbers(view: CrossValidationView | undefined): TemplateResult {
    const text = words[this.language];
    const now = view?.decays.find(({ weightDecay }) => weightDecay === view.best) ?? view?.decays.at(-1);
    const done = view?.decays.reduce((sum, { scores }) => sum + scores.length, 0) ?? 0;
    return html`
      <dl class="numbers">
        <div><dt>${text.decay}</dt><dd data-decay=${now?.weightDecay ?? NaN}>${now?.weightDecay ?? "–"}</dd></div>
        <div><dt>${swatch(scoreLook)} ${text.score}</dt><dd data-mean=${now?.mean ?? NaN} data-std=${now?.std ?? NaN}>${now === undefined ? "–" : `${now.mean.toFixed(3)} ± ${now.std.toFixed(3)}`}</dd></div>
        <div><dt>${swatch(trainingLook)} ${text.training}</dt><dd>${now?.trainingLoss.toFixed(3) ?? "–"}</dd></div>
        <div><dt>${text.networks}</dt><dd data-networks=${done}>${done} / ${weightDecays.length * this.#folds}</dd></div>
      </dl>`;
  }

  #status(): TemplateResult | string {
    const { view, failure } = this.#trainer;
    if (failure !== undefined) return this.failed(failure);
    const best = view?.decays.find(({ weightDecay }) => weightDecay === view.best);
    if (best === undefined) return "";
    return filled(words[this.language].chosen, best.weightDecay, best.mean.toFixed(3), best.std.toFixed(3));
  }

  #restart(folds: number): void {
    this.#folds = folds;
    this.toAddress({ folds });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
