import { html, type TemplateResult } from "lit";
import { batchSizes, lastEpoch, scheduleNames, type BatchSize, type ScheduleName } from "../tasks/network-race.js";
import { optimizerNames, type OptimizerName } from "../tasks/optimizers.js";
import { Trainer } from "../worker/trainer.js";
import { chartFigure } from "./chart.js";
import { swatch, type Look } from "./legend.js";
import { lossCurves, networkWords, rateCurve } from "./training-curves.js";
import { ViewElement } from "./views-element.js";
import { commonWords, filled, type Words } from "./words.js";

const words: Words<"optimizer" | "full" | "mini" | "single" | "plot" | "steps"> = {
  en: { optimizer: "Optimizer", full: "full batch", mini: "mini-batches of 16", single: "one example at a time", plot: "The loss of all examples after each epoch, for three sizes of batches", steps: "# steps" },
  ko: { optimizer: "알고리즘", full: "전체 배치", mini: "16개씩 미니배치", single: "하나씩 (확률적)", plot: "에폭마다 잰 전체 데이터의 손실을 배치 크기 셋으로 견준 것", steps: "#단계" },
};

const looks: Readonly<Record<BatchSize, Look & { readonly text: "full" | "mini" | "single" }>> = {
  128: { text: "full", colour: "var(--nn-ink)", dashes: "none" },
  16: { text: "mini", colour: "var(--nn-one)", dashes: "8 4" },
  1: { text: "single", colour: "var(--nn-zero)", dashes: "none" },
};
const firstRate = 0.3;

/** Three networks that differ only in how many examples each step sees. */
export class OptimizersBatchesElement extends ViewElement {
  #optimizer: OptimizerName = "SGD";
  #rate = firstRate;
  #schedule: ScheduleName = "constant";
  readonly #trainer = new Trainer(this, "networkRace", () => ({ runners: batchSizes.map((batchSize) => ({ optimizer: this.#optimizer, learningRate: this.#rate, batchSize })), schedule: this.#schedule }), 10);

  override connectedCallback(): void {
    this.#optimizer = optimizerNames.find((name) => name === this.fromAddress("optimizer")) ?? "SGD";
    this.#rate = this.numberFromAddress("rate", 1e-3, 10) ?? firstRate;
    this.#schedule = scheduleNames.find((name) => name === this.fromAddress("schedule")) ?? "constant";
    super.connectedCallback();
  }

  protected override render(): TemplateResult {
    const [text, common, network] = [words[this.language], commonWords[this.language], networkWords[this.language]];
    const { view, state, failure } = this.#trainer;
    const networks = batchSizes.map((size, at) => ({ size, ...looks[size], losses: view?.losses[at] ?? [], steps: view?.steps[at] ?? 0 }));
    const said = (loss: number): string => (Number.isFinite(loss) ? loss.toFixed(3) : "–");
    return html`
      <div class="controls">
        ${this.choice(text.optimizer, (["SGD", "momentum", "Adam"] as const).map((name) => [name, name] as const), this.#optimizer, (optimizer) => this.#restart({ optimizer, rate: optimizer === "SGD" ? firstRate : firstRate / 10 }))}
        ${this.choice(network.schedule, scheduleNames.map((name) => [name, network[name]] as const), this.#schedule, (schedule) => this.#restart({ schedule }))}
        ${this.slider(common.rate, { min: -3, max: 0.5, step: 0.05, value: Math.log10(this.#rate), text: String(Number(this.#rate.toPrecision(2))) }, (value) => this.#restart({ rate: 10 ** value }))}
        ${this.training(state, { toggle: () => this.#trainer.toggle(), step: () => this.#trainer.step(), restart: () => this.#restart({}) })}
      </div>
      <div class="plots">
        ${chartFigure(text.plot, lossCurves(networks, this.language))}
        ${chartFigure(network.rates, rateCurve(this.#schedule, view?.epochs ?? 0, this.language))}
      </div>
      <dl class="numbers">
        ${networks.map((each) => html`<div style="flex-wrap: wrap; gap: 0 8px"><dt>${swatch(each)} ${text[each.text]} · ${filled(text.steps, each.steps)} · ${common.loss}</dt><dd data-batch=${each.size} data-loss=${each.losses.at(-1) ?? NaN} data-steps=${each.steps}>${said(each.losses.at(-1) ?? NaN)}</dd></div>`)}
      </dl>
      <p class="status" role="status" data-epochs=${view?.epochs ?? 0}>${failure === undefined ? `${network.epoch} ${view?.epochs ?? 0} / ${lastEpoch}` : this.failed(failure)}</p>`;
  }

  #restart({ optimizer = this.#optimizer, rate = this.#rate, schedule = this.#schedule }: { readonly optimizer?: OptimizerName; readonly rate?: number; readonly schedule?: ScheduleName }): void {
    [this.#optimizer, this.#rate, this.#schedule] = [optimizer, rate, schedule];
    this.toAddress({ optimizer, rate: Number(rate.toPrecision(3)), schedule });
    this.#trainer.restart();
    this.requestUpdate();
  }
}
