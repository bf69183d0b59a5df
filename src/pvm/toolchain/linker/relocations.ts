/**
 * RISC-V relocations by number (RISC-V ELF psABI, section "Relocations").
 */

/** The relocations the linker knows; others are refused by number. */
export const enum Relocation {
  None = 0,
  Abs32 = 1,
  Abs64 = 2,
  Branch = 16,
  Jal = 17,
  Call = 18,
  CallPlt = 19,
  GotHi20 = 20,
  TlsGotHi20 = 21,
  TlsGdHi20 = 22,
  PcrelHi20 = 23,
  PcrelLo12I = 24,
  PcrelLo12S = 25,
  Hi20 = 26,
  Lo12I = 27,
  Lo12S = 28,
  TprelHi20 = 29,
  TprelLo12I = 30,
  TprelLo12S = 31,
  TprelAdd = 32,
  Add8 = 33,
  Add16 = 34,
  Add32 = 35,
  Add64 = 36,
  Sub8 = 37,
  Sub16 = 38,
  Sub32 = 39,
  Sub64 = 40,
  Align = 43,
  RvcBranch = 44,
  RvcJump = 45,
  RvcLui = 46,
  Relax = 51,
  Sub6 = 52,
  Set6 = 53,
  Set8 = 54,
  Set16 = 55,
  Set32 = 56,
  Pcrel32 = 57,
  Plt32 = 59,
  SetUleb128 = 60,
  SubUleb128 = 61,
}

const NAMES: Readonly<Record<number, string>> = {
  3: 'RELATIVE',
  4: 'COPY',
  5: 'JUMP_SLOT',
  6: 'TLS_DTPMOD32',
  7: 'TLS_DTPMOD64',
  8: 'TLS_DTPREL32',
  9: 'TLS_DTPREL64',
  10: 'TLS_TPREL32',
  11: 'TLS_TPREL64',
  12: 'TLSDESC',
  1: '32',
  2: '64',
  16: 'BRANCH',
  17: 'JAL',
  18: 'CALL',
  19: 'CALL_PLT',
  20: 'GOT_HI20',
  21: 'TLS_GOT_HI20',
  22: 'TLS_GD_HI20',
  23: 'PCREL_HI20',
  24: 'PCREL_LO12_I',
  25: 'PCREL_LO12_S',
  26: 'HI20',
  27: 'LO12_I',
  28: 'LO12_S',
  29: 'TPREL_HI20',
  30: 'TPREL_LO12_I',
  31: 'TPREL_LO12_S',
  32: 'TPREL_ADD',
  33: 'ADD8',
  34: 'ADD16',
  35: 'ADD32',
  36: 'ADD64',
  37: 'SUB8',
  38: 'SUB16',
  39: 'SUB32',
  40: 'SUB64',
  41: 'GOT32_PCREL',
  43: 'ALIGN',
  44: 'RVC_BRANCH',
  45: 'RVC_JUMP',
  46: 'RVC_LUI',
  47: 'GPREL_I',
  48: 'GPREL_S',
  49: 'TPREL_I',
  50: 'TPREL_S',
  51: 'RELAX',
  52: 'SUB6',
  53: 'SET6',
  54: 'SET8',
  55: 'SET16',
  56: 'SET32',
  57: '32_PCREL',
  58: 'IRELATIVE',
  59: 'PLT32',
  60: 'SET_ULEB128',
  61: 'SUB_ULEB128',
  62: 'TLSDESC_HI20',
  63: 'TLSDESC_LOAD_LO12',
  64: 'TLSDESC_ADD_LO12',
  65: 'TLSDESC_CALL',
};

/** The name of a relocation, or its number. */
export function relocationName(type: number): string {
  const name = NAMES[type];
  return name === undefined ? `relocation type ${type}` : `R_RISCV_${name}`;
}

/** Whether a relocation is for thread-local storage. */
export function isThreadLocal(type: number): boolean {
  return (
    (type >= 6 && type <= 12) ||
    type === 21 ||
    type === 22 ||
    (type >= 29 && type <= 32) ||
    (type >= 49 && type <= 50) ||
    (type >= 62 && type <= 65)
  );
}
