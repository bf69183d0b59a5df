/**
 * Verification of a class (JVMS 4.10): which verifier checks it.
 *
 * Version 50 and later have StackMapTable and are type checked; version 50 alone, compiled while tools were learning to
 * write it, may fall back to inference; older ones are inferred.
 */
import type { ClassFile } from './class-file.js';
import { ClassFileError } from './errors.js';
import { InferenceVerifier } from './inference.js';
import { TypeChecker } from './type-checker.js';
import { TypeTable, type VerifierWorld } from './verification-types.js';

/** How messages about a StackMapTable that cannot be read begin: that is final. */
const MALFORMED = 'StackMapTable format error';
/** The first version that is type checked. */
const FIRST_TYPE_CHECKED = 50;

/** How far a verification that its world interrupted has come. */
export interface VerifierProgress {
  /** Methods that need not be looked at again, in class-file order. */
  verified: number;
}

/**
 * Verifies all methods of a class.
 *
 * Throws ClassFileError of kind VerifyError (or ClassFormatError for a malformed StackMapTable). Whatever `world` throws
 * passes through unharmed; calling again starts over, or with `progress` at the method that was interrupted.
 */
export function verifyClass(classFile: ClassFile, world: VerifierWorld, progress?: VerifierProgress): void {
  if (classFile.major < FIRST_TYPE_CHECKED) {
    inferClass(classFile, world);
    return;
  }
  try {
    const types = new TypeTable(world);
    const { methods } = classFile;
    for (let i = progress?.verified ?? 0; i < methods.length; i++) {
      const method = methods[i];
      const { code } = method;
      if (code !== undefined) new TypeChecker({ classFile, method, code, types }).verify();
      if (progress !== undefined) progress.verified = i + 1;
    }
  } catch (error) {
    const failover =
      classFile.major === FIRST_TYPE_CHECKED && error instanceof ClassFileError && !error.message.startsWith(MALFORMED);
    if (!failover) throw error;
    try {
      inferClass(classFile, world);
    } catch (second) {
      // What the second verifier refuses too is refused in the words of the first.
      throw second instanceof ClassFileError ? new ClassFileError(second.kind, error.message, error.offset) : second;
    }
  }
}

function inferClass(classFile: ClassFile, world: VerifierWorld): void {
  const types = new TypeTable(world);
  for (const method of classFile.methods) {
    const { code } = method;
    if (code !== undefined) new InferenceVerifier({ classFile, method, code, types }).verify();
  }
}
