import type { AdversariesSettings, AdversariesView } from "./adversaries.js";
import type { ApproximationSettings, ApproximationView } from "./approximation.js";
import type { AutoencoderSettings, AutoencoderView } from "./autoencoder.js";
import type { BayesianOptimisationSettings, BayesianOptimisationView } from "./bayesian-optimisation.js";
import type { CharacterGptSettings, CharacterGptView } from "./character-gpt.js";
import type { ContrastiveSettings, ContrastiveView } from "./contrastive.js";
import type { CrossValidationSettings, CrossValidationView } from "./cross-validation.js";
import type { DeepNetworkSettings, DeepNetworkView } from "./deep-network.js";
import type { DeepQSettings, DeepQView } from "./deep-q.js";
import type { DescentSettings, DescentView } from "./descent.js";
import type { DiffusionSettings, DiffusionView } from "./diffusion.js";
import type { DigitReaderSettings, DigitReaderView } from "./digit-reader.js";
import type { FirstSymbolSettings, FirstSymbolView } from "./first-symbol.js";
import type { MaskedWordsView } from "./masked-words.js";
import type { NetworkRaceSettings, NetworkRaceView } from "./network-race.js";
import type { OverFittingSettings, OverFittingView } from "./over-fitting.js";
import type { PerceptronSettings, PerceptronView } from "./perceptron.js";
import type { PlaygroundChange, PlaygroundView } from "./playground/playground.js";
import type { PlaygroundSettings } from "./playground/settings.js";
import type { ProxySettings, ProxyView } from "./proxy.js";
import type { ResidualSettings, ResidualView } from "./residual.js";
import type { RobustLineSettings, RobustLineView } from "./robust-line.js";
import type { SorterSettings } from "./sorter-network.js";
import type { SorterView } from "./sorter.js";
import type { SurfaceRaceSettings, SurfaceRaceView } from "./surface-race.js";
import type { Task } from "./task.js";
import type { TwoLayersSettings, TwoLayersView } from "./two-layers.js";
import type { UncertaintySettings, UncertaintyView } from "./uncertainty.js";
import type { WordGuesserSettings } from "./word-guesser.js";

/** Settings and view of each task, and how it can be changed while it trains. */
export interface Tasks {
  readonly perceptron: { readonly settings: PerceptronSettings; readonly view: PerceptronView };
  readonly twoLayers: { readonly settings: TwoLayersSettings; readonly view: TwoLayersView };
  readonly descent: { readonly settings: DescentSettings; readonly view: DescentView };
  readonly deepNetwork: { readonly settings: DeepNetworkSettings; readonly view: DeepNetworkView };
  readonly robustLine: { readonly settings: RobustLineSettings; readonly view: RobustLineView };
  readonly uncertainty: { readonly settings: UncertaintySettings; readonly view: UncertaintyView };
  readonly proxy: { readonly settings: ProxySettings; readonly view: ProxyView };
  readonly surfaceRace: { readonly settings: SurfaceRaceSettings; readonly view: SurfaceRaceView };
  readonly networkRace: { readonly settings: NetworkRaceSettings; readonly view: NetworkRaceView };
  readonly approximation: { readonly settings: ApproximationSettings; readonly view: ApproximationView };
  readonly overFitting: { readonly settings: OverFittingSettings; readonly view: OverFittingView };
  readonly crossValidation: { readonly settings: CrossValidationSettings; readonly view: CrossValidationView };
  readonly bayesianOptimisation: { readonly settings: BayesianOptimisationSettings; readonly view: BayesianOptimisationView };
  readonly residual: { readonly settings: ResidualSettings; readonly view: ResidualView };
  readonly digitReader: { readonly settings: DigitReaderSettings; readonly view: DigitReaderView };
  readonly firstSymbol: { readonly settings: FirstSymbolSettings; readonly view: FirstSymbolView };
  readonly sorter: { readonly settings: SorterSettings; readonly view: SorterView };
  readonly characterGpt: { readonly settings: CharacterGptSettings; readonly view: CharacterGptView };
  readonly maskedWords: { readonly settings: WordGuesserSettings; readonly view: MaskedWordsView };
  readonly playground: { readonly settings: PlaygroundSettings; readonly view: PlaygroundView; readonly change: PlaygroundChange };
  readonly autoencoder: { readonly settings: AutoencoderSettings; readonly view: AutoencoderView };
  readonly adversaries: { readonly settings: AdversariesSettings; readonly view: AdversariesView };
  readonly diffusion: { readonly settings: DiffusionSettings; readonly view: DiffusionView };
  readonly deepQ: { readonly settings: DeepQSettings; readonly view: DeepQView };
  readonly contrastive: { readonly settings: ContrastiveSettings; readonly view: ContrastiveView };
}

export type TaskName = keyof Tasks;

/** How a task can be changed while it trains; `never` for most. */
export type ChangeOf<Name extends TaskName> = Name extends TaskName ? Tasks[Name] extends { readonly change: infer Change } ? Change : never : never;

/** Makes a task from its settings. */
export type MakeTask<Name extends TaskName> = (settings: Tasks[Name]["settings"]) => Task<Tasks[Name]["view"], ChangeOf<Name>>;

/** Loads a task. */
export type LoadTask<Name extends TaskName> = () => Promise<MakeTask<Name>>;

/** Everything that can be trained, and where it is. */
export const tasks: { readonly [Name in TaskName]: LoadTask<Name> } = {
  perceptron: async () => (await import("./perceptron.js")).perceptron,
  twoLayers: async () => (await import("./two-layers.js")).twoLayers,
  descent: async () => (await import("./descent.js")).descent,
  deepNetwork: async () => (await import("./deep-network.js")).deepNetwork,
  robustLine: async () => (await import("./robust-line.js")).robustLine,
  uncertainty: async () => (await import("./uncertainty.js")).uncertainty,
  proxy: async () => (await import("./proxy.js")).proxy,
  surfaceRace: async () => (await import("./surface-race.js")).surfaceRace,
  networkRace: async () => (await import("./network-race.js")).networkRace,
  approximation: async () => (await import("./approximation.js")).approximation,
  overFitting: async () => (await import("./over-fitting.js")).overFitting,
  crossValidation: async () => (await import("./cross-validation.js")).crossValidation,
  bayesianOptimisation: async () => (await import("./bayesian-optimisation.js")).bayesianOptimisation,
  residual: async () => (await import("./residual.js")).residual,
  digitReader: async () => (await import("./digit-reader.js")).digitReader,
  firstSymbol: async () => (await import("./first-symbol.js")).firstSymbol,
  sorter: async () => (await import("./sorter.js")).sorter,
  characterGpt: async () => (await import("./character-gpt.js")).characterGpt,
  maskedWords: async () => (await import("./masked-words.js")).maskedWords,
  playground: async () => (await import("./playground/playground.js")).playground,
  autoencoder: async () => (await import("./autoencoder.js")).autoencoder,
  adversaries: async () => (await import("./adversaries.js")).adversaries,
  diffusion: async () => (await import("./diffusion.js")).diffusion,
  deepQ: async () => (await import("./deep-q.js")).deepQ,
  contrastive: async () => (await import("./contrastive.js")).contrastive,
};
