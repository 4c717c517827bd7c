import type { Shared } from "../../tasks/playground/address.js";
import type { PlaygroundChange, PlaygroundView } from "../../tasks/playground/playground.js";
import type { Text } from "./words.js";

/** A unit of the network: of a hidden layer, counted from 0, or of the outputs, which follow the hidden layers. */
export interface UnitPlace {
  readonly layer: number;
  readonly unit: number;
}

/** A weight of the network: into a unit, from an input or a unit of the layer before. */
export interface EdgePlace extends UnitPlace {
  readonly from: number;
}

/** What the parts of the playground show, and what they can do. */
export interface Context {
  readonly text: Text;
  readonly shared: Shared;
  readonly view: PlaygroundView | undefined;
  /** Takes other settings. */
  readonly set: (change: Partial<Shared>) => void;
  /** Changes the network that trains. */
  readonly change: (change: PlaygroundChange) => void;
}
