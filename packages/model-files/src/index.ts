export { loadModel, type LoadModelOptions } from "./load-model.js";
export { saveModel, writeModel, type SaveModelOptions } from "./save-model.js";
