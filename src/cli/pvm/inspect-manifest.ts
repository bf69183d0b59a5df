/**
 * `scotty pvm inspect` for a kernel manifest: the capabilities it starts with, and the code of each CODE capability.
 */
import { chargeTable, type GasModel } from '../../pvm/gas/index.js';
import { decode } from '../../pvm/isa/decode.js';
import { Dialect } from '../../pvm/isa/instructions.js';
import { PAGE_SIZE } from '../../pvm/layout.js';
import type { Manifest, ManifestCode } from '../../pvm/program/manifest.js';
import { formatNativeListing } from '../../pvm/recompiler/listing.js';
import { NativeCode } from '../../pvm/recompiler/native-code.js';
import { columns, counted, grouped, hex32, type Style } from '../terminal.js';
import { describeBlocks } from './blocks.js';

/** What to show. */
export interface InspectManifestOptions {
  readonly native?: true;
  readonly code: boolean;
  readonly gasModel: GasModel;
}

/** Everything there is to show, as lines. */
export function inspectManifest(
  manifest: Manifest,
  file: string,
  options: InspectManifestOptions,
  style: Style,
): string[] {
  const { memoryPages, invokeSlot, capabilities } = manifest;
  const pages = capabilities.reduce((sum, entry) => sum + (entry.kind === 'data' ? entry.pageCount : 0), 0);
  const memory = memoryPages === 0 ? 'none' : `${counted(memoryPages, 'page')}, ${grouped(pages)} taken at the start`;
  const fields = [
    ['file', file],
    ['kind', 'kernel manifest'],
    ['memory', memory],
    ['runs', `the code in slot ${invokeSlot}`],
    ['arguments', describeArguments(manifest)],
    ['gas model', options.gasModel],
  ];
  const lines = fields.map(([name, value]) => `${style.faint((name as string).padEnd(10))} ${value}`);
  const head = ['slot', 'kind', 'base', 'pages', 'access', 'bytes', 'instructions', 'jump table'];
  const rows = capabilities.map((entry) => {
    if (entry.kind === 'data') {
      const access = entry.access === 'write' ? 'read and write' : 'read';
      const base = hex32(entry.basePage * PAGE_SIZE);
      return [`${entry.slot}`, 'data', base, grouped(entry.pageCount), access, grouped(entry.data.length), '', ''];
    }
    const instructions = grouped(decodeEntry(entry).count - 1);
    return [
      `${entry.slot}`,
      'code',
      '',
      '',
      '',
      grouped(entry.code.length),
      instructions,
      grouped(entry.jumpOffsets.length),
    ];
  });
  const table = columns([head, ...rows], [0, 3, 5, 6, 7]);
  lines.push('', style.strong(table[0] as string), ...table.slice(1));
  if (!options.code && !options.native) return lines;

  for (const entry of capabilities) {
    if (entry.kind !== 'code') continue;
    lines.push('', style.strong(`code in slot ${entry.slot}`));
    if (options.native) lines.push(nativeListing(entry, options.gasModel, memoryPages));
    else lines.push(...describeBlocks(decodeEntry(entry), options.gasModel, memoryPages, style));
  }
  return lines;
}

function decodeEntry({ code, bitmask, jumpOffsets }: ManifestCode) {
  return decode(code, bitmask, jumpOffsets, Dialect.Kernel);
}

/** Where arguments go: the DATA capability in slot 0. */
function describeArguments({ capabilities }: Manifest): string {
  const entry = capabilities.find(({ slot }) => slot === 0);
  if (entry?.kind !== 'data') return 'none (no data in slot 0)';
  return `at ${hex32(entry.basePage * PAGE_SIZE)}, at most ${grouped(entry.pageCount * PAGE_SIZE)} bytes`;
}

function nativeListing(entry: ManifestCode, gasModel: GasModel, memoryPages: number): string {
  const decoded = decodeEntry(entry);
  const charges = chargeTable(decoded, gasModel, memoryPages);
  return formatNativeListing(NativeCode.compile(decoded, charges, gasModel, { glue: true, inlineGas: 0 })).trimEnd();
}
