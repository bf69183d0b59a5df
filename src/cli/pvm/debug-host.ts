/**
 * The host of `scotty pvm run --host debug`: enough for a program to say something.
 *
 * | `ecalli` | protocol | does |
 * | --- | --- | --- |
 * | 0 | 26 | prints the text at r7, r8 bytes long |
 * | 1 | 27 | prints r7 as an unsigned decimal number and a line end |
 * | 100 | 28 | prints a JAM log message (JIP-1): level r7, target at r8 with length r9, text at r10 with length r11 |
 *
 * Every call answers 0 in r7 where it worked and 2^64 − 1 where the text is not readable memory, so a program
 * cannot bring its host down. Programs of the kernel reach it through the last of their protocol capabilities; those
 * before have a meaning in JAM.
 */
import { Access } from '../../pvm/program/image.js';

/** Who makes a call: an instance, or a VM of the kernel. */
export interface Guest {
  getRegister(index: number): bigint;
  setRegister(index: number, value: bigint): void;
  readonly memory: {
    read(address: number, length: number): Uint8Array;
    isAccessible(address: number, length: number, access: Access): boolean;
  };
}

/** The debugging host's calls by the protocol number they have in the kernel. */
export const DEBUG_PROTOCOLS: Readonly<Record<number, number>> = { 26: 0, 27: 1, 28: 100 };

const NOT_READABLE = 0xffff_ffff_ffff_ffffn;

const LEVELS = ['fatal', 'warn', 'info', 'debug', 'trace'];

/**
 * Serves a host call.
 *
 * @returns whether the debugging host knows the call
 */
export function serveDebugCall(id: number, guest: Guest, print: (text: string) => void): boolean {
  const text = (register: number) => textAt(guest, register);
  let output: string | undefined;
  switch (id) {
    case 0:
      output = text(7);
      break;
    case 1:
      output = `${guest.getRegister(7)}\n`;
      break;
    case 100: {
      const [target, message] = [text(8), text(10)];
      const level = LEVELS[Number(guest.getRegister(7))] ?? 'log';
      if (target !== undefined && message !== undefined) output = `[${level}] ${target}: ${message}\n`;
      break;
    }
    default:
      return false;
  }
  if (output !== undefined) print(output);
  guest.setRegister(7, output === undefined ? NOT_READABLE : 0n);
  return true;
}

/** The text whose address is in a register and whose length is in the next; undefined where it is not readable. */
function textAt(guest: Guest, register: number): string | undefined {
  const bytes = readableBytes(guest, guest.getRegister(register), guest.getRegister(register + 1));
  return bytes && new TextDecoder().decode(bytes);
}

/** Guest memory where all of it is readable to the guest. */
export function readableBytes(guest: Guest, address: bigint, length: bigint): Uint8Array | undefined {
  if (address + length > 0x1_0000_0000n) return undefined;
  const [start, size] = [Number(address), Number(length)];
  if (size > 0 && !guest.memory.isAccessible(start, size, Access.Read)) return undefined;
  return size === 0 ? new Uint8Array(0) : guest.memory.read(start, size);
}
