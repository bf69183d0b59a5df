/**
 * How a command line that cannot be run is refused: with what `java` prints for it, word for word where both refuse it,
 * because scripts and IDEs look for these texts.
 */

/** The command line is refused. The texts end with a newline; where they go is part of what `java` does. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
  /** For the standard output: HotSpot writes what it finds wrong while it starts there. */
  readonly out: string;
  /** For the standard error. */
  readonly error: string;
  /** Lines to write to the standard error before, such as those on environment variables. Set by `planLaunch`. */
  notes: readonly string[] = [];
  readonly exitCode = 1;

  constructor({ out = '', error = '' }: { out?: string; error?: string }) {
    super((out + error).trim());
    this.out = out;
    this.error = error;
  }
}

const FATAL =
  'Error: Could not create the Java Virtual Machine.\nError: A fatal exception has occurred. Program will exit.\n';

/** Refused by the launcher, before there is a machine. */
export function launcherError(message: string): LaunchError {
  return new LaunchError({ error: `${message}\n` });
}

/** An option the machine refuses. */
export function optionError(message: string): LaunchError {
  return new LaunchError({ error: `${message}\n${FATAL}` });
}

/** An option the machine refuses with its reason on the standard output. */
export function optionErrorOut(message: string): LaunchError {
  return new LaunchError({ out: `${message}\n`, error: FATAL });
}

/** Options that are well formed and cannot be satisfied. */
export function initializationError(message: string): LaunchError {
  return new LaunchError({ out: `Error occurred during initialization of VM\n${message}\n` });
}
