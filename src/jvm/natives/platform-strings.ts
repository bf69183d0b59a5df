/**
 * Strings for the operating system: names of files and hosts, in the platform's character set (`sun.jnu.encoding`).
 *
 * As in the JDK three sets are converted directly; a character that the set lacks becomes `?`. Every other set is treated
 * as UTF-8.
 */
import { hostLocale } from './locale.js';

let encoding: string | undefined;

function platformEncoding(): string {
  encoding ??= hostLocale('LC_CTYPE', process.env).encoding;
  return encoding;
}

/** Bytes of a string for the operating system, without a terminating zero. */
export function encodePlatform(text: string): Buffer {
  const set = platformEncoding();
  const limit = set === 'ANSI_X3.4-1968' ? 0x7f : set === 'ISO-8859-1' ? 0xff : 0;
  if (limit === 0) return Buffer.from(/[\ud800-\udfff]/.test(text) ? withoutLoneSurrogates(text) : text);
  const bytes = Buffer.allocUnsafe(text.length);
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    bytes[i] = c <= limit ? c : 0x3f;
  }
  return bytes;
}

function withoutLoneSurrogates(text: string): string {
  return text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '?');
}

/** The string that bytes from the operating system are. */
export function decodePlatform(bytes: Uint8Array): string {
  const set = platformEncoding();
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (set === 'ISO-8859-1') return buffer.toString('latin1');
  if (set === 'ANSI_X3.4-1968') return buffer.toString('latin1').replace(/[\x80-\xff]/g, '?');
  return buffer.toString('utf8');
}
