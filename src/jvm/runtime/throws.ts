/**
 * Java exceptions on their way through TypeScript.
 *
 * A native method or a step of resolution throws one of these; the interpreter catches it and makes the Java exception
 * of it at the instruction that was executing.
 */

/**
 * An error without a JavaScript stack trace: taking one walks the interpreter's frame, whose tables are so large that it costs
 * tens of microseconds, and nobody reads it.
 */
class Traceless extends Error {
  constructor(message: string) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(message);
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Throw a new exception of a class of the boot library, made by its constructor `(String)` or `()`. */
export class ThrowNew extends Traceless {
  /** Internal name: `java/lang/NullPointerException`. */
  readonly className: string;
  /** `undefined`: no message. */
  readonly text: string | undefined;
  /** The cause: handed to `initCause`. */
  readonly causedBy: ThrowRef | undefined;

  constructor(className: string, text?: string, causedBy?: ThrowRef) {
    super(text === undefined ? className : `${className}: ${text}`);
    this.className = className;
    this.text = text;
    this.causedBy = causedBy;
  }
}

/** Throw an existing Throwable. The reference is valid until the next safepoint: whoever keeps it needs a handle. */
export class ThrowRef extends Traceless {
  ref: number;

  constructor(ref: number) {
    super('a Java exception is being thrown');
    this.ref = ref;
  }
}

/**
 * The heap has no room for an allocation made in a native method. The interpreter collects and calls the native again,
 * from its start; the second time it throws OutOfMemoryError. Natives allocate before they change anything.
 */
export class NeedsCollection extends Traceless {
  /** Bytes that were asked for. */
  readonly bytes: number;

  constructor(bytes: number) {
    super('a collection is needed');
    this.bytes = bytes;
  }
}

/** `NullPointerException` for natives. */
export function nullPointer(text?: string): ThrowNew {
  return new ThrowNew('java/lang/NullPointerException', text);
}

/** `InternalError`: what the JDK's own natives throw when something that cannot be happens. */
export function internalError(text: string): ThrowNew {
  return new ThrowNew('java/lang/InternalError', text);
}
