/**
 * `-Xlog`, as far as Scotty has what it selects: loaded classes, collections, modules. The rest is reported and
 * ignored.
 *
 * The form is `-Xlog[:what[:output[:decorators[:output-options]]]]`, `what` a list of `tags[=level]` with tags joined
 * by `+`, a `*` at the end for more tags than those.
 */
import type { VmOptions } from './vm-options.js';

/** Levels at which what Scotty reports is left out. */
const QUIET = new Set(['off', 'warning', 'error']);
const LEVELS = new Set([...QUIET, 'info', 'debug', 'trace']);

/**
 * Reads one `-Xlog` option.
 *
 * @param options what it changes
 * @param warn takes a line about what is ignored
 */
export function parseLog(option: string, options: VmOptions, warn: (text: string) => void): void {
  const [what, output] = option.slice('-Xlog'.length).replace(/^:/, '').split(':');
  if (what === 'disable') {
    options.verboseClass = false;
    options.verboseGc = false;
    options.verboseModule = false;
    return;
  }
  if (output === 'stderr') options.verboseTo = 'stderr';
  else if (output && output !== 'stdout') {
    warn(`Ignoring option ${option}; logs go to stdout or stderr only`);
    return;
  }
  for (const selection of (what || 'all').split(',')) {
    const [tags, level = 'info'] = selection.split('=');
    const isOn = !QUIET.has(level);
    const known = LEVELS.has(level);
    if (known && /^(all|class\+load\*?|class\*)$/.test(tags)) options.verboseClass = isOn;
    if (known && /^(all|gc\*?|gc\+[\w+]+\*?)$/.test(tags)) options.verboseGc = isOn;
    if (known && /^(all|module(\+load)?\*?)$/.test(tags)) options.verboseModule = isOn;
    if (!known || !/^(all|class\+load\*?|class\*|gc(\+[\w+]+)?\*?|module(\+load)?\*?)$/.test(tags)) {
      warn(`Ignoring '${selection}' of option ${option}; known are class+load, gc and module`);
    }
  }
}
