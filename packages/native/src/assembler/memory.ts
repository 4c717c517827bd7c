import { MachineCodeError } from "./errors.js";
import type { Gpr, Mask, Vec } from "./registers.js";

/** A place in the code: the target of jumps, or of data that instructions read. */
export class Label {
  /** The offset of the place in the code, once it is known. */
  position: number | undefined;
}

interface Address {
  readonly base: Gpr;
  /** A register, or a vector with an index for each lane. */
  readonly index: Gpr | Vec | undefined;
  readonly scale: 1 | 2 | 4 | 8;
  readonly displacement: number;
}

/** Memory as an operand: `base + index · scale + displacement`, or a label of the code. */
export class Mem {
  readonly kind = "mem";
  readonly address: Address | Label;
  /** As a destination: the lanes that are written. */
  readonly mask: Mask | undefined;
  /** Whether one element is read for all lanes. */
  readonly broadcasts: boolean;

  constructor(address: Address | Label, options: { readonly mask?: Mask; readonly broadcasts?: boolean } = {}) {
    this.address = address;
    this.mask = options.mask;
    this.broadcasts = options.broadcasts ?? false;
  }

  /** As a destination: only the lanes in the mask are written. */
  merge(mask: Mask): Mem {
    return new Mem(this.address, { mask });
  }

  /** One element for all lanes. */
  broadcast(): Mem {
    return new Mem(this.address, { broadcasts: true });
  }

  /** The memory `bytes` further on. */
  plus(bytes: number): Mem {
    const { address } = this;
    if (address instanceof Label || address.index?.kind === "vec") throw new MachineCodeError("only memory at registers has a displacement");
    return at(address.base, address.displacement + bytes, address.index, address.scale);
  }

  /** The memory `index` bytes further on. */
  indexed(index: Gpr): Mem {
    const { base, displacement } = this.#plain();
    return at(base, displacement, index);
  }

  /** Elements of 32 bits, `indices` elements further on: one for each lane. */
  scattered(indices: Vec): Scattered {
    const { base, displacement } = this.#plain();
    return new Scattered({ base, index: indices, scale: 4, displacement }, indices);
  }

  #plain(): Address {
    const { address } = this;
    if (address instanceof Label || address.index !== undefined) throw new MachineCodeError("only memory at one register can be indexed");
    return address;
  }
}

/** Memory in many places: with an index for each lane. */
export class Scattered extends Mem {
  readonly indices: Vec;

  constructor(address: Address, indices: Vec) {
    super(address);
    this.indices = indices;
  }
}

/** The memory at `base + index · scale + displacement`. */
export function at(base: Gpr, displacement = 0, index?: Gpr, scale: 1 | 2 | 4 | 8 = 1): Mem {
  if (!Number.isInteger(displacement) || displacement < -(2 ** 31) || displacement >= 2 ** 31) throw new MachineCodeError(`a displacement has 32 bits, got ${displacement}`);
  if (base.bits !== 64 || (index !== undefined && (index.bits !== 64 || index.number === 4))) throw new MachineCodeError("an address needs registers of 64 bits, and its index is not rsp");
  return new Mem({ base, index, scale, displacement });
}
