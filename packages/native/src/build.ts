declare const NN_BUILD: string | undefined;

/** Identifies the sources that this package was built from; `undefined` if it runs from its sources. */
export const nativeBuild: string | undefined = typeof NN_BUILD === "undefined" ? undefined : NN_BUILD;
