/**
 * What goes wrong in the public API: Java's exceptions, and mistakes in the use of the API itself.
 */
import type { JavaObject } from './java-object.js';

/** Why a `JvmError` was thrown. */
export type JvmErrorCode =
  /** An option of `Jvm.create` or an argument is wrong. */
  | 'BAD_OPTION'
  /** A name with a descriptor or parameter list that cannot be read. */
  | 'BAD_DESCRIPTOR'
  /** The class has no such method, constructor or field, or the method cannot be called so. */
  | 'NO_SUCH_MEMBER'
  /** Several overloads fit the arguments equally well. */
  | 'AMBIGUOUS'
  /** A value does not convert to the Java type that is asked for. */
  | 'BAD_VALUE'
  /** The object was released, or is another VM's. */
  | 'BAD_OBJECT'
  /** The VM could not be brought up. */
  | 'START_FAILED'
  /** `System.exit`, or the like, has ended the VM. */
  | 'EXITED'
  /** `dispose` was called. */
  | 'DISPOSED'
  /** The VM stopped because of a fault of its own. */
  | 'BROKEN';

/** A mistake in the use of the API, or the end of the VM. */
export class JvmError extends Error {
  override readonly name = 'JvmError';
  readonly code: JvmErrorCode;

  constructor(code: JvmErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** An exception of Java that nobody in Java caught. */
export class JavaError extends Error {
  override readonly name = 'JavaError';
  /** The exception's class: `java.lang.IllegalStateException`. */
  readonly className: string;
  /** What `getMessage()` says. */
  readonly javaMessage: string | null;
  /** What `printStackTrace()` prints, causes included. */
  readonly javaStackTrace: string;
  /** The exception itself. */
  readonly exception: JavaObject;

  constructor(exception: JavaObject, javaMessage: string | null, javaStackTrace: string) {
    super(javaMessage === null ? exception.className : `${exception.className}: ${javaMessage}`);
    this.className = exception.className;
    this.javaMessage = javaMessage;
    this.javaStackTrace = javaStackTrace;
    this.exception = exception;
    // Where this object was made says nothing: it is between two turns of a Java thread.
    this.stack = `JavaError: ${javaStackTrace.trimEnd()}`;
  }
}
