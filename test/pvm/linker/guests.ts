/** Runs linked programs: a standard program around each, and both engines. */
import { writeStandard } from '../../../src/pvm/program/standard.js';
import { type Engine, Program } from '../../../src/pvm/program.js';
import type { LinkedProgram } from '../../../src/pvm/toolchain/linker/index.js';

const PAGE = 4096;

/** A linked program in the container services have. */
export function programOf(linked: LinkedProgram): Program {
  const { readOnly, readWrite } = linked;
  const pages = (bytes: number): number => Math.ceil(bytes / PAGE);
  return Program.load(
    writeStandard({
      ...linked,
      readOnly: padded(readOnly.data, readOnly.size),
      readWrite: readWrite.data,
      heapPages: Math.max(0, pages(readWrite.size) - pages(readWrite.data.length)),
    }),
  );
}

/** Read-only data has no zeros behind it in this container. */
function padded(data: Uint8Array, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes.set(data);
  return bytes;
}

/** How a run ended: `halt` and a0, or the exit. */
export function runGuest(
  program: Program,
  engine: Engine,
  args: readonly bigint[] = [],
  gas = 1_000_000_000n,
): { exit: string; result: bigint; gas: bigint } {
  const registers = program.image.registers.map((value, i) => (i < 7 ? value : (args[i - 7] ?? 0n)));
  const instance = program.instantiate({ engine, gas, registers });
  const exit = instance.run();
  const result = BigInt.asUintN(64, instance.getRegister(7));
  const left = instance.gas;
  instance.dispose();
  const where = exit.kind === 'page-fault' ? ` at ${exit.address}` : '';
  return {
    exit: `${exit.kind}${where}`,
    result,
    gas: gas - left,
  };
}
