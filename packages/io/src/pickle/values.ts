/** A value of a pickle: data, the names of globals, and what {@link PickleRules} make of them. */
export type PickleValue = null | boolean | number | bigint | string | Uint8Array | PickleValue[] | PickleTuple | PickleDict | PickleGlobal | PickleObject;

/** A tuple: a list that cannot change. */
export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A dictionary, in the order of its entries. Names such as `__proto__` are keys like others. */
export class PickleDict {
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** The name of a class or function. Nothing looks it up: rules decide by the name what a call of it gives. */
export class PickleGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What rules make: a class of their own extends it. */
export abstract class PickleObject {
  abstract readonly kind: string;
}

/** What the reader of a format allows in its pickles. */
export interface PickleRules {
  /** Why a global is refused; `undefined` if it may be named. */
  refusal(name: string): string | undefined;
  /** The value of a call. @throws PickleProblem if the arguments do not fit. */
  call(name: string, args: readonly PickleValue[]): PickleValue;
  /** The value behind a persistent id. @throws PickleProblem if it is none. */
  persistent(id: PickleValue): PickleValue;
}

/** What is wrong, without its place. */
export class PickleProblem extends Error {
  override readonly name: string = "PickleProblem";
}

/** The bytes end before the pickle does. */
export class PickleEnd extends PickleProblem {
  override readonly name = "PickleEnd";
}
