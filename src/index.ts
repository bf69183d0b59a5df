/**
 * Scotty's public API.
 *
 * Programs of the PVM and the Java VM are at the top level, and have entries of their own, `scotty/pvm` and `scotty/jvm`,
 * for who wants to load one of them only. The parser and verifier of class files is `scotty/classfile`, here `classfile`;
 * the assembler that the compilers are built on is `scotty/x64`, here `x64`.
 */
export * as classfile from './jvm/classfile/index.js';
export * from './jvm/index.js';
export * from './pvm/index.js';
export * as x64 from './x64/index.js';
