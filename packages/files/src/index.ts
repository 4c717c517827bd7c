export { createAtomically } from "./create-atomically.js";
export { FileError, systemReason } from "./file-error.js";
export { float16ToNumber, numberToFloat16 } from "./float16.js";
export { makeFolder } from "./make-folder.js";
export { isProcessAlive, processIdentity } from "./process-identity.js";
export { isLocked, LockError, lockHolder, takeLock, type ProcessLock } from "./process-lock.js";
export { isTemporaryName, removeStaleTemporaries } from "./temporaries.js";
export { writeAtomically } from "./write-atomically.js";
