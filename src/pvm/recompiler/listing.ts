/**
 * Listings: the guest's instructions and the machine code made from them, side by side.
 */
import { disassemble } from '../../x64/disassembler.js';
import { CHARGE_START, Field, STRIDE } from '../isa/decode.js';
import { formatInstruction } from '../toolchain/disassembler.js';
import type { NativeCode } from './native-code.js';

const GUEST_COLUMN = 44;

/** The whole program: one line a machine instruction, the guest instruction beside its first. */
export function formatNativeListing(code: NativeCode): string {
  const { decoded, buffer, bytes } = code;
  const lines: string[] = [];
  const machine = (from: number, to: number) => disassemble(bytes.subarray(from, to), code.base + from);
  const put = (left: string, right: string) => lines.push(`${left.padEnd(GUEST_COLUMN)}| ${right}`.trimEnd());

  lines.push(`; ${decoded.count} instructions, ${bytes.length} bytes of machine code at 0x${code.base.toString(16)}`);
  lines.push('; shared stubs: enter the guest, leave it');
  for (const line of machine(buffer.enterStub, buffer.blocksStart)) put('', line.text);
  for (let n = 0; n < decoded.count; n++) {
    const pc = decoded.stream[n * STRIDE + Field.Pc] as number;
    if ((decoded.flags[n] as number) & CHARGE_START) lines.push('', `; block at ${pc}`);
    const guest = `${String(pc).padStart(7)}  ${formatInstruction(decoded, n)}`;
    const emitted = machine(buffer.offsetOf[n] as number, buffer.offsetOf[n + 1] as number);
    put(guest, emitted[0]?.text ?? '');
    for (const line of emitted.slice(1)) put('', line.text);
  }
  lines.push('', `; ${buffer.stubEntries.length} cold stubs of one call each follow`);
  return `${lines.join('\n')}\n`;
}
