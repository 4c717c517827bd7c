import { readModel } from "./model-file.js";
import { createPredictor, type Predictor } from "./predictor.js";
import { networkOf, type SavedModel } from "./saved-model.js";

/** A model that is ready to predict. */
export interface ReadPredictor {
  readonly file: string;
  readonly model: SavedModel;
  readonly predictor: Predictor;
}

/** Finds and reads a model, compiled. @throws Failure if there is none, or it is damaged. */
export async function readPredictor(path: string): Promise<ReadPredictor> {
  const { file, model } = await readModel(path);
  return { file, model, predictor: createPredictor(networkOf(file, model), { compile: true, threads: null }) };
}
