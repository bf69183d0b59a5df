/** Numbers and sizes as HotSpot reads them. */

/**
 * A whole number with an optional unit: decimal or `0x` hexadecimal digits, then nothing or one of k, m, g, t in
 * either case.
 *
 * @returns the number, or undefined where the text is none or needs more than 64 bits
 */
export function parseNumber(text: string): number | undefined {
  const [, digits, unit] = /^(0[xX][0-9a-fA-F]+|\d+)([kKmMgGtT]?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const value = BigInt(digits) << BigInt(10 * ' kmgt'.indexOf(unit.toLowerCase() || ' '));
  return value >> 64n === 0n ? Number(value) : undefined;
}
