/**
 * The one error every part of this folder throws.
 *
 * Java has a class for each way in which a class file can be bad; the runtime creates that Java object from `kind`
 * and the message, so both are what a Java program sees. Messages are worded as HotSpot words them where it has one.
 */

/** The simple name of the `java.lang` error class that the runtime throws. */
export type ClassErrorKind =
  | 'ClassFormatError'
  | 'UnsupportedClassVersionError'
  | 'VerifyError'
  | 'NoClassDefFoundError'
  | 'IncompatibleClassChangeError';

/** A class file, or a class, that must be refused. */
export class ClassFileError extends Error {
  override readonly name = 'ClassFileError';

  /**
   * @param kind the Java error
   * @param message its detail message
   * @param offset byte offset in the class file, -1 where unknown
   */
  constructor(
    readonly kind: ClassErrorKind,
    message: string,
    readonly offset = -1,
  ) {
    super(message);
  }
}

/** Makes a ClassFormatError. */
export function formatError(message: string, offset = -1): ClassFileError {
  return new ClassFileError('ClassFormatError', message, offset);
}
