/**
 * Scotty's public API.
 *
 * Programs of the PVM are at the top level; the assembler that the compilers are built on has its own entry,
 * `scotty/x64`, and stands here as `x64`.
 */
export * from './pvm/index.js';
export * as x64 from './x64/index.js';
