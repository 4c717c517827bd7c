import type { Network } from "../model/architecture.js";
import type { SavedModel } from "../model/saved-model.js";

/** A model that is written in another format. */
export interface ExportedModel {
  /** The file that it was read from. */
  readonly file: string;
  readonly model: SavedModel;
  /** Its network, in evaluation mode. */
  readonly network: Network;
}
