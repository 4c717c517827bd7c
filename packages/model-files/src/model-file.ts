/** What the metadata of a model file say about it, besides the description of the model. */
export const header = { format: "nn model", version: "1" } as const;

/** The key of the description in the metadata. */
export const descriptionKey = "model";
