import { html, type CSSResultGroup, type TemplateResult } from "lit";
import { batchSizes, lastEpoch, scheduleNames, type BatchSize, type ScheduleName } from "../tasks/network-race.js";
import { optimizerNames, type OptimizerName, type Rates } from "../tasks/optimizers.js";
import { Trainer } from "../worker/trainer.js";
import { chartFigure } from "./chart.js";
import { optimizerLooks } from "./optimizer-looks.js";
import { racersStyle, racersTable, ratesFrom, ratesText, shownFrom } from "./racers-table.js";
import { lossCurves, networkWords, rateCurve } from "./training-curves.js";
import { ViewElement } from "./views-element.js";
import { commonWords, type Words } from "./words.js";

const words: Words<"optimizer" | "plot"> = {
  en: { optimizer: "Optimizer", plot: "The loss of all examples after each epoch. All networks begin with the same weights" },
  ko: { optimizer: "알고리즘", plot: "에폭마다 잰 전체 데이터의 손실. 모두 같은 가중치에서 출발합니다" },
};

/** Learning rates that suit the network. */
const firstRates: Rates = { SGD: 0.5, momentum: 0.1, NAG: 0.1, Adagrad: 0.1, Adadelta: 1, RMSprop: 0.01, Adam: 0.02 };

/** Seven networks that differ only in their optimizer. */
export class OptimizersNetworkElement extends ViewElement {
  static override styles: CSSResultGroup = [ViewElement.styles, racersStyle];

  #rates = firstRates;
  #shown: readonly OptimizerName[] = optimizerNames;
  #batchSize: BatchSize = 16;
  #schedule: ScheduleName = "constant";
  readonly #trainer = new Trainer(this, "networkRace", () => ({ runners: optimizerNames.map((optimizer) => ({ optimizer, learningRate: this.#rates[optimizer], batchSize: this.#batchSize })), schedule: this.#schedule }), 10);

  override connectedCallback(): void {
    this.#rates = ratesFrom(this.fromAddress("rates")) ?? firstRates;
    this.#shown = shownFrom(this.fromAddress("optimizers"));
    this.#batchSize = batchSizes.find((size) => String(size) === this.fromAddress("batch")) ?? 16;
    this.#schedule = scheduleNames.find((name) => name === this.fromAddress("schedule")) ?? "constant";
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common, network] = [words[this.language], commonWords[this.language], networkWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const series = optimizerNames.map((name, at) => ({ name, losses: view?.losses[at] ?? [], ...optimizerLooks[name] })).filter(({ name }) => this.#shown.includes(name));
    const lossOf = (name: OptimizerName): number => view?.losses[optimizerNames.indexOf(name)]?.at(-1) ?? NaN;
    return html`
      <div class="controls">
        ${this.choice<BatchSize>(network.batch, batchSizes.map((size) => [size, String(size)] as const), this.#batchSize, (batchSize) => this.#restart({ batchSize }))}
        ${this.choice(network.schedule, scheduleNames.map((name) => [name, network[name]] as const), this.#schedule, (schedule) => this.#restart({ schedule }))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
      </div>
      <div class="plots">
        ${chartFigure(text.plot, lossCurves(series, this.language))}
        ${chartFigure(network.rates, rateCurve(this.#schedule, view?.epochs ?? 0, this.language))}
      </div>
      ${racersTable({ rates: this.#rates, shown: this.#shown, headings: { optimizer: text.optimizer, rate: common.rate, result: common.loss }, result: (name) => html`<span data-optimizer=${name} data-loss=${lossOf(name)}>${Number.isNaN(lossOf(name)) ? "–" : lossOf(name).toFixed(3)}</span>`, show: (shown) => this.#show(shown), change: (rates) => this.#restart({ rates }) })}
      <p class="status" role="status" data-epochs=${view?.epochs ?? 0}>${failure === undefined ? `${network.epoch} ${view?.epochs ?? 0} / ${lastEpoch}` : this.failed(failure)}</p>`;
  }

  #show(shown: readonly OptimizerName[]): void {
    this.#shown = shown;
    this.toAddress({ optimizers: shown.join(",") });
    this.requestUpdate();
  }

  #restart({ rates = this.#rates, batchSize = this.#batchSize, schedule = this.#schedule }: { readonly rates?: Rates; readonly batchSize?: BatchSize; readonly schedule?: ScheduleName }): void {
    [this.#rates, this.#batchSize, this.#schedule] = [rates, batchSize, schedule];
    this.toAddress({ rates: ratesText(rates), batch: batchSize, schedule });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
