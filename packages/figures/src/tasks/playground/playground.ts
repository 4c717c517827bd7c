import { tensor, type Tensor } from "@nn/tensor";
import type { FileContent, FileFormat, Task } from "../task.js";
import { picturePixels } from "./choices.js";
import { dataOf, type Data, type DrawnExamples, type LabelledPicture } from "./examples.js";
import { History } from "./history.js";
import { Learner, type LearnerState } from "./learner.js";
import { LossCurve, type LossLines } from "./loss-curve.js";
import { Observer, type Observation } from "./observer.js";
import { inputKind, onlyRatesDiffer, type PlaygroundSettings } from "./settings.js";

/** What can be changed while the network trains. */
export type PlaygroundChange =
  | { readonly type: "settings"; readonly settings: PlaygroundSettings }
  /** A weight of a linear map, from the input `from` to the unit `to`; without `from` the bias of the unit. */
  | { readonly type: "weight"; readonly map: number; readonly to: number; readonly from: number | undefined; readonly value: number }
  /** Back, or forth again, to a state of the history. */
  | { readonly type: "rewind"; readonly at: number }
  /** A picture to answer. */
  | { readonly type: "picture"; readonly pixels: readonly number[] };

export interface PlaygroundView extends Observation {
  readonly steps: number;
  readonly epochs: number;
  readonly learningRate: number;
  readonly curve: LossLines;
  readonly history: { readonly steps: readonly number[]; readonly at: number };
  /** Whether the loss is no longer a finite number. */
  readonly diverged: boolean;
  readonly drawn: { readonly train: DrawnExamples; readonly test: DrawnExamples };
  readonly featureMaps: Readonly<Record<string, Float32Array>>;
  readonly pictures: readonly LabelledPicture[];
}

/** A network that trains, and a history that one can go back in. */
class Playground implements Task<PlaygroundView, PlaygroundChange> {
  #settings: PlaygroundSettings;
  #data: Data;
  #learner: Learner;
  #observer: Observer;
  /** What the units are looked at for. */
  #probes: Tensor;
  #history = new History<LearnerState>();
  readonly #curve = new LossCurve();
  #lines: LossLines;
  /** Steps and epochs of learners before this one, whose weights it took over. */
  #before = { steps: 0, epochs: 0 };
  #seen: Observation;
  /** Whether the network has changed since it was looked at. */
  #changed = false;

  constructor(settings: PlaygroundSettings) {
    this.#lines = this.#curve.lines;
    this.#settings = settings;
    this.#data = dataOf(settings);
    this.#learner = new Learner(settings, this.#data.train);
    this.#observer = new Observer(settings, this.#learner.network, this.#data);
    this.#probes = this.#data.probes;
    this.#seen = this.#observer.observe(this.#probes);
    this.#note();
    this.#remember();
  }

  step(): void {
    this.#learner.step();
    this.#changed = true;
    this.#remember();
  }

  prepare(): void {
    this.#learner.prepare();
    this.#observer.observe(this.#probes);
  }

  change(change: PlaygroundChange): void {
    if (change.type === "settings") this.#take(change.settings);
    else if (change.type === "weight") this.#edit(change);
    else if (change.type === "picture") this.#ask(change.pixels);
    else this.#rewind(change.at);
  }

  view(): PlaygroundView {
    if (this.#changed) {
      this.#look();
      this.#note();
    }
    const { drawn, featureMaps, pictures } = this.#data;
    const { steps, at } = this.#history;
    return { ...this.#seen, steps: this.#steps, epochs: this.#before.epochs + this.#learner.epochs, learningRate: this.#learner.learningRate, curve: this.#lines, history: { steps, at }, diverged: this.#diverged, drawn, featureMaps, pictures };
  }

  isDone(): boolean {
    return this.#diverged;
  }

  async save(format: FileFormat): Promise<FileContent> {
    const { model } = this.#learner.network;
    if (format === "javascript") return (await import("./trained-module.js")).trainedModuleOf(this.#settings, model);
    return (await import("./onnx-file.js")).onnxFileOf(this.#settings, model);
  }

  dispose(): void {
    this.#learner.dispose();
    this.#observer.dispose();
  }

  get #steps(): number {
    return this.#before.steps + this.#learner.steps;
  }

  get #diverged(): boolean {
    return !Number.isFinite(this.#seen.train.loss);
  }

  #look(): void {
    this.#seen = this.#observer.observe(this.#probes);
    this.#changed = false;
  }

  #note(): void {
    this.#curve.add({ steps: this.#steps, train: this.#seen.train.loss, test: this.#seen.test.loss });
    this.#lines = this.#curve.lines;
  }

  #remember(always = false): void {
    this.#history.offer(this.#steps, () => this.#learner.stateDict(), always);
  }

  /** Goes on with other settings: with the weights that the network has. */
  #take(settings: PlaygroundSettings): void {
    const before = this.#settings;
    this.#settings = settings;
    if (onlyRatesDiffer(before, settings)) {
      this.#learner.tune(settings);
      return;
    }
    const { steps, network } = this.#learner;
    this.#before = { steps: this.#before.steps + steps, epochs: this.#before.epochs + this.#learner.epochs };
    if (before.own !== settings.own) this.#data = dataOf(settings);
    const learner = new Learner(settings, this.#data.train);
    learner.network.model.loadStateDict(network.model.stateDict());
    this.dispose();
    this.#learner = learner;
    this.#observer = new Observer(settings, learner.network, this.#data);
    this.#history = new History();
    this.#look();
    this.#note();
    this.#remember();
  }

  #edit({ map, to, from, value }: Extract<PlaygroundChange, { readonly type: "weight" }>): void {
    const { weight, bias } = this.#learner.network.linear[map] ?? {};
    const variable = from === undefined ? bias : weight;
    if (variable === undefined) return;
    const values = variable.value.toTypedArray();
    values[from === undefined ? to : to * (variable.shape[1] ?? 0) + from] = value;
    variable.value = tensor(values).reshape(variable.shape);
    this.#look();
    this.#note();
    this.#remember(true);
  }

  /** Answers a picture, now and while training goes on. */
  #ask(pixels: readonly number[]): void {
    if (inputKind(this.#settings) !== "pictures" || pixels.length !== picturePixels) return;
    this.#probes = tensor([[...pixels]]);
    this.#look();
  }

  #rewind(at: number): void {
    const entry = this.#history.goTo(at);
    if (entry === undefined) return;
    this.#learner.loadStateDict(entry.state);
    this.#look();
  }
}

export function playground(settings: PlaygroundSettings): Task<PlaygroundView, PlaygroundChange> {
  return new Playground(settings);
}
