import { css, html, svg, type PropertyValues, type SVGTemplateResult, type TemplateResult } from "lit";
import { mapSize, noisyMoons, trainingCount } from "../tasks/noisy-moons.js";
import { mostEpochs, patience, validationCount, validationSeed, type OverFittingView } from "../tasks/over-fitting.js";
import { Trainer } from "../worker/trainer.js";
import { chart, chartFigure, type Series } from "./chart.js";
import { FigureElement, inputOf } from "./figure-element.js";
import { paint } from "./heat-map.js";
import { swatch } from "./legend.js";
import { drawnPoints, learnedPoint, unseenPoint, type DrawnPoint } from "./moons-plane.js";
import { side } from "./plane.js";
import { figureStyle } from "./style.js";
import { commonWords, filled, percent, type Words } from "./words.js";

const words: Words<"neurons" | "decay" | "off" | Remedy | "points" | "plane" | "curves" | "epoch" | "training" | "validation" | "before" | "right" | "best" | "stopped" | "risen" | "high" | "fine"> = {
  en: {
    neurons: "Neurons in each layer", decay: "L2, λ", off: "off", dropout: "dropout", mixup: "mixup", ensemble: "five networks", batchNorm: "batch normalisation", earlyStopping: "early stopping", points: "Other points",
    plane: `${trainingCount} points to learn from, and ${validationCount} small ones to validate`, curves: "The loss on both kinds of points, epoch by epoch", epoch: "epoch", training: "training loss", validation: "validation loss", before: "validation loss of the run before", right: "right", best: "best epoch",
    stopped: `Stopped at epoch #: no better validation loss for ${patience} epochs. The network has the weights of epoch # again.`,
    risen: "Over-fitting: the validation loss was # at epoch #, and rose to #.", high: "Under-fitting: even the training loss is high.", fine: "The validation loss hardly rose.",
  },
  ko: {
    neurons: "층마다 뉴런 수", decay: "L2, λ", off: "없음", dropout: "드롭아웃", mixup: "믹스업", ensemble: "신경망 다섯 개", batchNorm: "배치 정규화", earlyStopping: "조기 종료", points: "다른 데이터",
    plane: `큰 점 ${trainingCount}개로 학습하고, 작은 점 ${validationCount}개로 검증합니다`, curves: "에폭마다 두 데이터에서 잰 손실", epoch: "에폭", training: "학습 손실", validation: "검증 손실", before: "지난번 검증 손실", right: "정확도", best: "가장 좋은 에폭",
    stopped: `${patience}에폭 동안 검증 손실이 나아지지 않아 #에폭에서 멈추고, #에폭의 가중치로 되돌렸습니다.`,
    risen: "과적합: #까지 내려갔던 검증 손실(#에폭)\u2060이 #까지 올라갔습니다.", high: "과소적합: 학습 손실조차 높습니다.", fine: "검증 손실이 거의 올라가지 않았습니다.",
  },
};

const remedies = ["dropout", "batchNorm", "mixup", "ensemble", "earlyStopping"] as const;
type Remedy = (typeof remedies)[number];

const sizes = [1, 2, 4, 8, 16, 32, 64] as const;
const decays = [0, 1, 3, 30] as const;
const firstSeed = 5;

const looks = {
  training: { colour: "var(--nn-one)", dashes: "none" },
  validation: { colour: "var(--nn-zero)", dashes: "7 3" },
  before: { colour: "var(--nn-soft)", dashes: "2 3" },
} as const;

const style = css`
  .map { opacity: 0.55; }
  .checks { display: flex; flex-wrap: wrap; gap: 6px 16px; }
`;

/** A network that learns few noisy points by heart, and what keeps it from that. */
export class OverFittingElement extends FigureElement {
  static override styles = [figureStyle, style];

  #neurons: number = 64;
  #decay: number = 0;
  #used: Readonly<Record<Remedy, boolean>> = { dropout: false, batchNorm: false, mixup: false, ensemble: false, earlyStopping: false };
  #seed = firstSeed;
  #training: readonly DrawnPoint[] = [];
  #validation: readonly DrawnPoint[] = [];
  /** The validation losses of the run before. */
  #before: readonly number[] = [];
  readonly #trainer = new Trainer(this, "overFitting", () => ({ neurons: this.#neurons, weightDecay: this.#decay, ...this.#used, seed: this.#seed }), 60);

  override connectedCallback(): void {
    const used = this.fromAddress("use")?.split(",") ?? [];
    this.#neurons = sizes.find((size) => String(size) === this.fromAddress("neurons")) ?? 64;
    this.#decay = decays.find((decay) => String(decay) === this.fromAddress("decay")) ?? 0;
    this.#used = usedOf((remedy) => used.includes(remedy));
    this.#seed = Math.round(this.numberFromAddress("seed", 0, 1e6) ?? firstSeed);
    this.#draw();
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const text = words[this.language];
    const { view, state } = this.#trainer;
    return html`
      <div class="figure">
        <div class="controls">
          ${this.slider(text.neurons, { min: 0, max: sizes.length - 1, step: 1, value: Math.log2(this.#neurons), text: String(this.#neurons) }, (at) => this.#restart({ neurons: sizes[at] ?? this.#neurons }))}
          ${this.choice(text.decay, decays.map((decay) => [decay as number, decay === 0 ? text.off : String(decay)] as const), this.#decay, (decay) => this.#restart({ decay }))}
          <span class="checks">${remedies.map((remedy) => html`<label><input type="checkbox" .checked=${this.#used[remedy]} @change=${(event: Event) => this.#use(remedy, inputOf(event).checked)}> ${text[remedy]}</label>`)}</span>
          ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
          <button type="button" @click=${() => this.#restart({ seed: this.#seed + 1 })}>${text.points}</button>
        </div>
        <div class="plots">
          <figure class="plot"><div class="frame"><canvas class="map" width=${mapSize} height=${mapSize} aria-hidden="true"></canvas><svg viewBox="0 0 ${side} ${side}" role="img" aria-label=${text.plane}>${this.#validation.map(unseenPoint)}${this.#training.map((point) => learnedPoint(point))}</svg></div><figcaption>${text.plane}</figcaption></figure>
          ${chartFigure(text.curves, this.#curves(view))}
        </div>
        ${this.#numbers(view)}
        <p class="status" role="status">${this.#status()}</p>
      </div>`;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const canvas = this.renderRoot.querySelector("canvas");
    if (canvas !== null && this.#trainer.view !== undefined) paint(canvas, this.#trainer.view.map, mapSize);
  }

  #curves(view: OverFittingView | undefined): SVGTemplateResult {
    const text = words[this.language];
    const series = (losses: readonly number[], look: { readonly colour: string; readonly dashes: string }): Series => ({ ...look, points: losses.map((loss, epoch) => [epoch, loss] as const) });
    const [training, validation] = [view?.training ?? [], view?.validation ?? []];
    const bestLoss = validation[view?.bestEpoch ?? 0] ?? NaN;
    return chart({
      x: { domain: [0, mostEpochs], label: text.epoch, ticks: [0, 200, 400] },
      // The axis doubles when a loss leaves it.
      y: { domain: [0, 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(...validation, ...this.#before, 1))))], label: commonWords[this.language].loss },
      series: [series(this.#before, looks.before), series(training, looks.training), series(validation, looks.validation)],
      more: ({ x, y }) => (view === undefined || view.epochs === 0 ? svg`` : svg`<circle cx=${x(view.bestEpoch)} cy=${y(bestLoss)} r="5" fill="var(--nn-paper)" stroke="var(--nn-zero)" stroke-width="2.5"/>`),
    });
  }

  #numbers(view: OverFittingView | undefined): TemplateResult {
    const text = words[this.language];
    const loss = view?.training.at(-1) ?? NaN;
    return html`
      <dl class="numbers">
        <div><dt>${swatch(looks.training)} ${text.training}</dt><dd data-training=${loss}>${shown(loss)}</dd></div>
        <div><dt>${swatch(looks.validation)} ${text.validation}</dt><dd data-validation=${view?.loss ?? NaN}>${shown(view?.loss)}</dd></div>
        ${this.#before.length === 0 ? "" : html`<div><dt>${swatch(looks.before)} ${text.before}</dt><dd data-before=${this.#before.at(-1) ?? NaN}>${shown(this.#before.at(-1))}</dd></div>`}
        <div><dt>${text.right}</dt><dd data-accuracy=${view?.accuracy ?? NaN}>${view === undefined ? "" : percent(this.language, view.accuracy)}</dd></div>
        <div><dt>${text.best}</dt><dd data-best=${view?.bestEpoch ?? NaN}>${view?.bestEpoch ?? ""}</dd></div>
        <div><dt>${text.epoch}</dt><dd data-epochs=${view?.epochs ?? 0} data-state=${this.#trainer.state}>${view?.epochs ?? 0}</dd></div>
      </dl>`;
  }

  #status(): TemplateResult | string {
    const text = words[this.language];
    const { view, state, failure } = this.#trainer;
    if (failure !== undefined) return this.failed(failure);
    if (view === undefined || state !== "done") return "";
    if (view.isRestored) return filled(text.stopped, view.epochs, view.bestEpoch);
    const lowest = view.validation[view.bestEpoch] ?? NaN;
    if (view.loss > 1.25 * lowest) return filled(text.risen, shown(lowest), view.bestEpoch, shown(view.loss));
    return (view.training.at(-1) ?? NaN) > 0.35 ? text.high : text.fine;
  }

  #use(remedy: Remedy, isUsed: boolean): void {
    this.#restart({ used: usedOf((each) => (each === remedy ? isUsed : this.#used[each])) });
  }

  #restart({ neurons = this.#neurons, decay = this.#decay, used = this.#used, seed = this.#seed }: { readonly neurons?: number; readonly decay?: number; readonly used?: Readonly<Record<Remedy, boolean>>; readonly seed?: number }): void {
    const { view } = this.#trainer;
    // A run with other points says nothing about this one.
    if (seed !== this.#seed) this.#before = [];
    else if (view !== undefined && view.epochs > 0) this.#before = view.validation;
    [this.#neurons, this.#decay, this.#used, this.#seed] = [neurons, decay, used, seed];
    this.toAddress({ neurons, decay, use: remedies.filter((remedy) => used[remedy]).join(","), seed });
    this.#draw();
    this.#trainer.restart();
    this.requestUpdate();
  }

  #draw(): void {
    this.#training = drawnPoints(noisyMoons({ count: trainingCount, seed: this.#seed }));
    this.#validation = drawnPoints(noisyMoons({ count: validationCount, seed: validationSeed(this.#seed) }));
  }
}

const usedOf = (isUsed: (remedy: Remedy) => boolean): Readonly<Record<Remedy, boolean>> => ({ dropout: isUsed("dropout"), batchNorm: isUsed("batchNorm"), mixup: isUsed("mixup"), ensemble: isUsed("ensemble"), earlyStopping: isUsed("earlyStopping") });
const shown = (loss: number | undefined): string => (loss === undefined || Number.isNaN(loss) ? "–" : loss.toFixed(3));
