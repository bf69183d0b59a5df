#!/usr/bin/env node
/**
 * The `scotty` command. `scotty java` is told apart before anything else is loaded: what follows it is Java's command line,
 * which the library that reads ours must not touch, and a Java program should not wait for the other commands' code.
 */

if (process.argv[2] === 'java') {
  const { holdOptimizer } = await import('./java/optimizer.js');
  holdOptimizer();
  const { loadBundle } = await import('./java/bundle.js');
  const { runJava } = loadBundle()?.java ?? (await import('./java/run.js'));
  process.exitCode = await runJava(process.argv.slice(3));
} else {
  await import('./scotty.js');
}

// A module, although nothing is imported statically.
export {};
