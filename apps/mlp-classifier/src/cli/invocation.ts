/** How the program is called. */
export const programName = "nn-mlp";

/** What a person types in front of the arguments: from the repository, the program is run by `npm start`. */
export function invocation(environment: NodeJS.ProcessEnv = process.env): string {
  return environment.npm_lifecycle_event === "start" ? "npm start --" : programName;
}
