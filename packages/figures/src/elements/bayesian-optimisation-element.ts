import { scaleLinear, scaleLog } from "d3-scale";
import { css, html, svg, type SVGTemplateResult, type TemplateResult } from "lit";
import { grid, mostTrials, space, startupTrials, type BayesianOptimisationView } from "../tasks/bayesian-optimisation.js";
import { Trainer } from "../worker/trainer.js";
import { FigureElement } from "./figure-element.js";
import { figureStyle } from "./style.js";
import { filled, type Words } from "./words.js";

const words: Words<"plot" | "acquisition" | "trials" | "best" | "next" | "decay" | "loss" | "improvement" | "start" | "random" | "chosen" | "done"> = {
  en: {
    plot: "The loss that is predicted for each weight decay, and the trials", acquisition: "The expected improvement. The next trial is at its peak", trials: "trials", best: "best", next: "next trial", decay: "weight decay λ", loss: "loss", improvement: "expected improvement",
    start: `The first ${startupTrials} trials are spread evenly.`, random: "Spread evenly: the next trial has λ = #.", chosen: "The expected improvement is largest at λ = #.", done: `After ${mostTrials} trials the best is λ = #, with the loss #.`,
  },
  ko: {
    plot: "가중치 감쇠마다 예측한 손실과 지금까지의 시도", acquisition: "기대 향상. 가장 높은 곳을 다음에 시도합니다", trials: "시도", best: "가장 좋은 값", next: "다음 시도", decay: "가중치 감쇠 λ", loss: "손실", improvement: "기대 향상",
    start: `처음 ${startupTrials}번은 고르게 흩어 시도합니다.`, random: "고르게 흩어 고른 다음 시도는 λ = #입니다.", chosen: "기대 향상이 가장 큰 곳은 λ = #입니다.", done: `${mostTrials}번 시도한 결과 가장 좋은 값은 λ = #, 손실은 #입니다.`,
  },
};

const [width, height, low] = [400, 240, 130];
const [left, right, foot] = [44, width - 12, 40];
const x = scaleLog().domain([space.weightDecay.low, space.weightDecay.high]).range([left, right]);
const y = scaleLinear().domain([0, 1.2]).range([height - 10, 12]).clamp(true);
const ticks = [0.1, 1, 10] as const;
const seed = 5;

/** Bayesian optimisation of a weight decay: what a Gaussian process predicts, its expected improvement, and the next trial. */
export class BayesianOptimisationElement extends FigureElement {
  static override styles = [figureStyle, css`.plots { flex-direction: column; align-items: center; } .plot { flex: none; width: 100%; max-width: 520px; } .plot .frame { container-type: inline-size; } .plot svg text { font-size: 14px; } @container (min-width: 440px) { .plot svg text { font-size: 10.5px; } }`];

  readonly #trainer = new Trainer(this, "bayesianOptimisation", () => ({ seed }), 2);

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { view, state, failure } = this.#trainer;
    const best = bestOf(view);
    return html`
      <div class="figure">
        <div class="controls">${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#trainer.restart() })}</div>
        <div class="plots">
          <figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${height}"><svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${text.plot}>${this.#plot(view)}</svg></div><figcaption>${text.plot}</figcaption></figure>
          <figure class="plot"><div class="frame" style="aspect-ratio: ${width} / ${low}"><svg viewBox="0 0 ${width} ${low}" role="img" aria-label=${text.acquisition}>${this.#acquisition(view)}</svg></div><figcaption>${text.acquisition}</figcaption></figure>
        </div>
        <dl class="numbers">
          <div><dt>${text.trials}</dt><dd data-trials=${view?.trials.length ?? 0}>${view?.trials.length ?? 0} / ${mostTrials}</dd></div>
          <div><dt>${text.best}</dt><dd data-best-decay=${best?.weightDecay ?? NaN} data-best-loss=${best?.loss ?? NaN}>${best === undefined ? "–" : `λ = ${short(best.weightDecay)}, ${text.loss} ${best.loss.toFixed(3)}`}</dd></div>
          <div><dt>${text.next}</dt><dd data-next=${view?.next ?? NaN}>${view?.next === undefined ? "–" : `λ = ${short(view.next)}`}</dd></div>
        </dl>
        <p class="status" role="status">${failure === undefined ? this.#status() : this.failed(failure)}</p>
      </div>`;
  }

  #status(): string {
    const text = words[this.language];
    const { view, state } = this.#trainer;
    const best = bestOf(view);
    if (view === undefined || best === undefined) return text.start;
    if (state === "done") return filled(text.done, short(best.weightDecay), best.loss.toFixed(3));
    return view.next === undefined ? "" : filled(view.predictions.length === 0 ? text.random : text.chosen, short(view.next));
  }

  #plot(view: BayesianOptimisationView | undefined): SVGTemplateResult {
    const text = words[this.language];
    const predictions = view?.predictions ?? [];
    const at = (values: readonly number[]): readonly string[] => values.map((value, index) => `${x(grid[index] ?? NaN).toFixed(1)},${y(value).toFixed(1)}`);
    const band = [...at(predictions.map(({ interval }) => interval[0])), ...at(predictions.map(({ interval }) => interval[1])).toReversed()].join(" ");
    return svg`
      ${[0, 0.4, 0.8, 1.2].map((tick) => svg`<line x1=${left} x2=${right} y1=${y(tick)} y2=${y(tick)} stroke="var(--nn-faint)"/><text x=${left - 8} y=${y(tick) + (tick === 0 ? 0 : 5)} text-anchor="end">${tick}</text>`)}
      ${ticks.map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="12" y2=${height - 10} stroke="var(--nn-faint)"/>`)}
      <text x=${left + 8} y="28">${text.loss}</text>
      <polygon points=${band} fill="var(--nn-one-soft)" fill-opacity="0.8"/>
      <polyline points=${at(predictions.map(({ median }) => median)).join(" ")} fill="none" stroke="var(--nn-one)" stroke-width="2.5"/>
      ${nextLine(view, 12, height - 10)}
      ${(view?.trials ?? []).map((trial, index) => svg`<g class="trial"><circle class="point zero" cx=${x(trial.weightDecay)} cy=${y(trial.loss)} r=${trial === bestOf(view) ? 8 : 6}/><text x=${x(trial.weightDecay)} y=${y(trial.loss) - 11} text-anchor="middle">${index + 1}</text></g>`)}`;
  }

  #acquisition(view: BayesianOptimisationView | undefined): SVGTemplateResult {
    const improvements = (view?.predictions ?? []).map(({ expectedImprovement }) => expectedImprovement);
    const largest = Math.max(...improvements, 0);
    const height = scaleLinear().domain([0, largest > 0 ? largest : 1]).range([low - foot, 26]);
    const points = improvements.map((value, index) => `${x(grid[index] ?? NaN).toFixed(1)},${height(value).toFixed(1)}`);
    return svg`
      ${ticks.map((tick) => svg`<line x1=${x(tick)} x2=${x(tick)} y1="8" y2=${low - foot} stroke="var(--nn-faint)"/><text x=${x(tick)} y=${low - foot + 17} text-anchor="middle">${tick}</text>`)}
      <line x1=${left} x2=${right} y1=${low - foot} y2=${low - foot} stroke="var(--nn-line)"/>
      ${improvements.length === 0 ? svg`` : svg`<polygon points="${left},${low - foot} ${points.join(" ")} ${right},${low - foot}" fill="var(--nn-third)" fill-opacity="0.3" stroke="var(--nn-third)" stroke-width="2"/><text x=${left - 8} y=${height(largest) + 5} text-anchor="end">${largest.toPrecision(1)}</text>`}
      ${nextLine(view, 8, low - foot)}
      <text x=${left + 8} y="20">${words[this.language].improvement}</text><text x=${right} y=${low - 5} text-anchor="end">${words[this.language].decay}</text>`;
  }
}

/** Where the next trial will be. */
function nextLine(view: BayesianOptimisationView | undefined, top: number, bottom: number): SVGTemplateResult {
  return view?.next === undefined ? svg`` : svg`<line x1=${x(view.next)} x2=${x(view.next)} y1=${top} y2=${bottom} stroke="var(--nn-ink)" stroke-width="2" stroke-dasharray="5 4"/>`;
}

function bestOf(view: BayesianOptimisationView | undefined): BayesianOptimisationView["trials"][number] | undefined {
  return view?.trials.toSorted((a, b) => a.loss - b.loss)[0];
}

const short = (value: number): string => String(Number(value.toPrecision(2)));
