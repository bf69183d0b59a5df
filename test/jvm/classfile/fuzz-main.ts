/** Runs the mutation fuzzer from the command line: `fuzz-main.js [COUNT] [SEED]`. */
import { baseClasses } from './jdk.js';
import { fuzz } from './mutations.js';

const count = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
const small = baseClasses().filter(({ bytes }) => bytes.length < 6000);
console.log(`${count} mutants of ${small.length} classes, seed ${seed}`, fuzz(small, count, seed));
