/** The PVM side of Scotty: programs, instances, hosts, and the text toolchain. */
export type { GasModel } from './gas/index.js';
export type { Host, HostFunction, HostOutcome } from './host-calls.js';
export { type ExitResult, type FinalExit, Instance, type InstanceOptions, MAX_GAS } from './instance.js';
export type { DecodedProgram } from './isa/decode.js';
export * from './kernel/index.js';
export { GuestMemory, MemoryAccessError, type MemoryBacking, type Region } from './memory/guest-memory.js';
export { type CodeBlob, writeCodeBlob } from './program/code-blob.js';
export { Access, FormatError, type Heap, type ProgramImage, type ProgramKind, type Segment } from './program/image.js';
export type { Container, LoadOptions } from './program/load.js';
export {
  isManifest,
  type Manifest,
  type ManifestCode,
  type ManifestData,
  type ManifestSource,
  readManifest,
  writeManifest,
} from './program/manifest.js';
export type { PolkavmInstructionSet } from './program/polkavm-writer.js';
export { type StandardProgram, writeStandard } from './program/standard.js';
export { type Engine, Program } from './program.js';
export type { CodeBuffer, StubKind } from './recompiler/code-buffer.js';
export type { NativeCode } from './recompiler/native-code.js';
export type { Snapshot, SnapshotRegion } from './snapshot.js';
export { AssemblyError, assemble } from './toolchain/assembler.js';
export { type DisassemblyOptions, disassemble } from './toolchain/disassembler.js';
export { LinkError, type LinkedData, type LinkedProgram, type LinkOptions, linkElf } from './toolchain/linker/index.js';
export { type LinkedFile, linkProgram, type OutputFormat, type ProgramOptions } from './toolchain/output.js';
