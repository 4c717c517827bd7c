import { tensor, type Tensor } from "@nn/tensor";

/** The four inputs of a gate with two inputs. */
export const corners = [[0, 0], [0, 1], [1, 0], [1, 1]] as const;

/** The output of each gate for the four inputs. */
export const gates = { AND: [0, 0, 0, 1], OR: [0, 1, 1, 1], NAND: [1, 1, 1, 0], XOR: [0, 1, 1, 0] } as const;

export type Gate = keyof typeof gates;
export const gateNames = ["AND", "OR", "NAND", "XOR"] as const;

/** The inputs, `[4, 2]`. */
export const inputsOfGates = (): Tensor => tensor(corners.map((corner) => [...corner]));

/** The outputs of a gate, `[4, 1]`. */
export const outputsOf = (gate: Gate): Tensor => tensor(gates[gate].map((output) => [output]));
