import { decodeNpy, parseNpyHeader, type NpyFail, type NpyHeader } from "@nn/files";
import { quote } from "@nn/tensor/extend";
import { CheckpointError } from "../checkpoint/checkpoint-error.js";
import type { CheckpointLimits } from "../checkpoint/limits.js";
import type { Contents, StoredTensor } from "../checkpoint/stored-tensor.js";
import type { SafetensorsDType } from "../safetensors/element-types.js";
import type { ByteSource } from "../source/byte-source.js";
import type { ZipMember } from "../zip/directory.js";
import { readMember } from "../zip/member.js";

const suffix = ".npy";

/** Whether an archive is from NumPy: it has arrays, or is empty. */
export function holdsArrays(members: ReadonlyMap<string, ZipMember>): boolean {
  return members.size === 0 || [...members.keys()].some((name) => name.endsWith(suffix));
}

/** An archive of `numpy.savez`: each member `<name>.npy` is the array of that name. Other members are ignored. */
export async function readNpz(source: ByteSource, members: ReadonlyMap<string, ZipMember>, limits: Required<CheckpointLimits>): Promise<Contents> {
  const tensors: StoredTensor[] = [];
  for (const member of members.values()) if (member.name.endsWith(suffix)) tensors.push(await storedTensor(source, member, limits));
  return { format: "npz", tensors, metadata: {}, value: undefined, close: () => source.close() };
}

/** Reads an array once for its header, and again when it is requested, so only one array at a time is in memory. */
async function storedTensor(source: ByteSource, member: ZipMember, { maxRank }: Required<CheckpointLimits>): Promise<StoredTensor> {
  const name = member.name.slice(0, -suffix.length);
  const fail: NpyFail = (problem) => new CheckpointError(source.name, `the array ${quote(name)}: ${problem}`, member.header);
  const read = async (): Promise<readonly [NpyHeader, Uint8Array]> => {
    const bytes = await readMember(source, member, member.size);
    return [parseNpyHeader(bytes, fail), bytes];
  };
  const [{ descr, shape }] = await read();
  if (shape.length > maxRank) throw fail(`it has ${shape.length} axes, expected at most ${maxRank} (maxRank)`);
  return {
    name, shape, dtype: dtypeOf(descr, fail),
    read: async () => {
      const [header, bytes] = await read();
      return decodeNpy(header, bytes, fail);
    },
  };
}

/** The element types of NumPy by kind and size, named as in safetensors. */
const dtypes: Readonly<Record<string, SafetensorsDType>> = { b1: "BOOL", i1: "I8", u1: "U8", i2: "I16", u2: "U16", i4: "I32", u4: "U32", i8: "I64", u8: "U64", f2: "F16", f4: "F32", f8: "F64" };

function dtypeOf(descr: string, fail: NpyFail): SafetensorsDType {
  const dtype = dtypes[descr.slice(1)];
  if (Object.hasOwn(dtypes, descr.slice(1)) && dtype !== undefined) return dtype;
  throw fail(`its elements have NumPy's type ${quote(descr)}, expected bool, integers, float16, float32 or float64 (convert with astype)`);
}
