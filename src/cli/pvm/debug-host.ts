/**
 * The host of `scotty pvm run --host debug`: enough for a program to say something.
 *
 * | `ecalli` | does |
 * | --- | --- |
 * | 0 | prints the text at r7, r8 bytes long |
 * | 1 | prints r7 as an unsigned decimal number and a line end |
 * | 100 | prints a JAM log message (JIP-1): level r7, target at r8 with length r9, text at r10 with length r11 |
 *
 * Every call answers 0 in r7 where it worked and 2^64 − 1 where the text is not readable memory, so a program
 * cannot bring its host down.
 */
import type { Instance } from '../../pvm/instance.js';
import { Access } from '../../pvm/program/image.js';

const NOT_READABLE = 0xffff_ffff_ffff_ffffn;

const LEVELS = ['fatal', 'warn', 'info', 'debug', 'trace'];

/**
 * Serves a host call.
 *
 * @returns whether the debugging host knows the call
 */
export function serveDebugCall(id: number, instance: Instance, print: (text: string) => void): boolean {
  const text = (register: number) => textAt(instance, register);
  let output: string | undefined;
  switch (id) {
    case 0:
      output = text(7);
      break;
    case 1:
      output = `${instance.getRegister(7)}\n`;
      break;
    case 100: {
      const [target, message] = [text(8), text(10)];
      const level = LEVELS[Number(instance.getRegister(7))] ?? 'log';
      if (target !== undefined && message !== undefined) output = `[${level}] ${target}: ${message}\n`;
      break;
    }
    default:
      return false;
  }
  if (output !== undefined) print(output);
  instance.setRegister(7, output === undefined ? NOT_READABLE : 0n);
  return true;
}

/** The text whose address is in a register and whose length is in the next; undefined where it is not readable. */
function textAt(instance: Instance, register: number): string | undefined {
  const bytes = readableBytes(instance, instance.getRegister(register), instance.getRegister(register + 1));
  return bytes && new TextDecoder().decode(bytes);
}

/** Guest memory where all of it is readable to the guest. */
export function readableBytes(instance: Instance, address: bigint, length: bigint): Uint8Array | undefined {
  if (address + length > 0x1_0000_0000n) return undefined;
  const [start, size] = [Number(address), Number(length)];
  if (size > 0 && !instance.memory.isAccessible(start, size, Access.Read)) return undefined;
  return size === 0 ? new Uint8Array(0) : instance.memory.read(start, size);
}
