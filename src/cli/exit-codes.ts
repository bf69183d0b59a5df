/**
 * What the command's exit codes mean: the one list that the code, the help text and its test read.
 */

/** Exit codes of `scotty`. */
export const enum ExitCode {
  /** The program halted; every test passed; the command did what was asked. */
  Success = 0,
  /** A test or a replay failed, or the command could not do what was asked on this machine. */
  Failure = 1,
  /** Bad input: arguments, a file that is absent or malformed. */
  BadInput = 2,
  /** The program panicked. */
  Panic = 3,
  /** The program ran out of gas. */
  OutOfGas = 4,
  /** The program touched memory it may not. */
  PageFault = 5,
  /** The program made a host call that nobody handles. */
  HostCall = 6,
}

/** The list as help text shows it. */
export const EXIT_CODE_HELP = `
Exit codes:
  0  the program halted, or the command succeeded
  1  a test or replay failed, or something is not available on this machine
  2  bad input: arguments, or a file that is absent or malformed
  3  the program panicked
  4  the program ran out of gas
  5  the program faulted on a page
  6  the program made a host call that nothing handles`;

/** An error that is the user's to mend: shown as one line, without a stack trace. */
export class CommandError extends Error {
  constructor(
    message: string,
    readonly exitCode: ExitCode = ExitCode.BadInput,
  ) {
    super(message);
  }
}

/** The code for how a program ended, be it of one machine or of the kernel. */
export function exitCodeOf({ kind }: { readonly kind: string }): ExitCode {
  switch (kind) {
    case 'halt':
      return ExitCode.Success;
    case 'panic':
      return ExitCode.Panic;
    case 'out-of-gas':
      return ExitCode.OutOfGas;
    case 'page-fault':
      return ExitCode.PageFault;
    default:
      return ExitCode.HostCall;
  }
}
