import { Tensor, UsageError, type DType, type TypedArray, type Variable, type VariableCell } from "@nn/tensor";
import { allocate, bytesPerElement, sizeOf } from "@nn/tensor/extend";
import { LinearMemory, wasmFeatures, webAssemblyProblem, type ThreadPool, type WasmFeatures } from "@nn/wasm";

/** Elements of `dtype` in linear memory. Use the view at once: it becomes invalid when the memory grows. */
export function viewOf(memory: LinearMemory, dtype: DType, address: number, length: number): TypedArray {
  switch (dtype) {
    case "float32": return memory.f32(address, length);
    case "float64": return memory.f64(address, length);
    case "int32": return memory.i32(address, length);
    case "bool": return memory.u8(address, length);
  }
}

/** The value of a variable that compiled programs use, kept in linear memory. Readers get copies. */
class ResidentCell implements VariableCell {
  readonly memory: LinearMemory;
  readonly address: number;
  readonly #shape: readonly number[];
  readonly #dtype: DType;

  constructor(memory: LinearMemory, address: number, initial: Tensor) {
    this.memory = memory;
    this.address = address;
    this.#shape = initial.shape;
    this.#dtype = initial.dtype;
    this.write(initial);
  }

  read(): Tensor {
    const size = sizeOf(this.#shape);
    const copy = allocate(this.#dtype, size);
    copy.set(viewOf(this.memory, this.#dtype, this.address, size));
    return new Tensor(this.#shape, this.#dtype, copy);
  }

  write(value: Tensor): void {
    viewOf(this.memory, this.#dtype, this.address, value.size).set(value.data("Variable"));
  }
}

/** The memory that all compiled functions share, and the variables that live in it. */
export class Engine {
  readonly memory: LinearMemory;
  readonly wasm: WasmFeatures;
  readonly #gone: FinalizationRegistry<number>;
  #pool: ThreadPool | undefined;

  constructor() {
    this.wasm = wasmFeatures();
    if (!this.wasm.simd) throw new UsageError(`compile: ${webAssemblyProblem() ?? "the WebAssembly of this engine has no vectors (SIMD)"}`);
    this.memory = new LinearMemory({ shared: this.wasm.threads });
    this.#gone = new FinalizationRegistry((address) => this.memory.free(address));
  }

  /** The threads that all compiled functions share. They start with the first run that wants them. */
  pool(create: (memory: LinearMemory) => ThreadPool): ThreadPool {
    this.#pool ??= create(this.memory);
    return this.#pool;
  }

  /** The address of a variable's value, which is moved into linear memory if it is not there yet. */
  addressOf(variable: Variable): number {
    const { cell } = variable;
    if (cell instanceof ResidentCell && cell.memory === this.memory) return cell.address;
    const value = cell.read();
    const address = this.memory.allocate(value.size * bytesPerElement[value.dtype] + 16);
    variable.cell = new ResidentCell(this.memory, address, value);
    this.#gone.register(variable, address);
    return address;
  }
}

let shared: Engine | undefined;

/** The engine of this process or page, made when the first function is compiled: the one piece of module state here. */
export function sharedEngine(): Engine {
  shared ??= new Engine();
  return shared;
}
