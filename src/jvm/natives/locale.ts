/**
 * The locale of the environment, as a C program sees it after `setlocale(LC_ALL, "")`: language, country, script,
 * variant and character set. Java takes its defaults from it.
 */
import { existsSync, readFileSync } from 'node:fs';

/** A locale category, in Java's terms; `undefined` where the environment says nothing. */
export interface HostLocale {
  readonly language: string;
  readonly script?: string;
  readonly country?: string;
  readonly variant?: string;
  /** Name of the character set, as `nl_langinfo(CODESET)` gives it. */
  readonly encoding: string;
}

/** What the C locale's character set is called. */
const ASCII = 'ANSI_X3.4-1968';
const LOCALES = '/usr/lib/locale';

const LANGUAGES: Readonly<Record<string, string>> = { C: 'en', POSIX: 'en', cz: 'cs', he: 'he', sh: 'sr' };
const SCRIPTS: Readonly<Record<string, string>> = { latin: 'Latn', cyrillic: 'Cyrl', devanagari: 'Deva' };
const VARIANTS: Readonly<Record<string, string>> = { nynorsk: 'NY' };

/** Character sets by normalized name, as the C library spells them. */
const CODESETS: Readonly<Record<string, string>> = {
  utf8: 'UTF-8',
  iso88591: 'ISO-8859-1',
  iso88592: 'ISO-8859-2',
  iso88595: 'ISO-8859-5',
  iso88597: 'ISO-8859-7',
  iso88599: 'ISO-8859-9',
  iso885915: 'ISO-8859-15',
  koi8r: 'KOI8-R',
  koi8u: 'KOI8-U',
  eucjp: 'EUC-JP',
  euckr: 'EUC-KR',
  gb2312: 'GB2312',
  gbk: 'GBK',
  gb18030: 'GB18030',
  big5: 'BIG5',
};

interface LocaleName {
  readonly language: string;
  readonly country: string;
  readonly codeset: string;
  readonly modifier: string;
}

function split(name: string): LocaleName {
  const [, language = '', country = '', codeset = '', modifier = ''] =
    /^([^_.@]*)(?:_([^.@]*))?(?:\.([^@]*))?(?:@(.*))?$/.exec(name) ?? [];
  return { language, country, codeset: codeset.toLowerCase().replaceAll(/[^a-z0-9]/g, ''), modifier };
}

/** Whether the system has the locale. Where it has not, a C program runs in the C locale. */
function isInstalled(name: LocaleName): boolean {
  const { language, country, codeset, modifier } = name;
  if (language === 'C' && codeset === 'utf8') return true;
  const full = language + (country && `_${country}`) + (codeset && `.${codeset}`) + (modifier && `@${modifier}`);
  if (existsSync(`${LOCALES}/${full}`)) return true;
  try {
    return readFileSync(`${LOCALES}/locale-archive`).includes(`\0${full}\0`);
  } catch {
    return false;
  }
}

/**
 * The locale that `category` has in an environment: `LC_ALL`, the category's own variable, `LANG`, in this order, the
 * first that is set and not empty.
 */
export function hostLocale(category: 'LC_CTYPE' | 'LC_MESSAGES', environment: NodeJS.ProcessEnv): HostLocale {
  const name = environment.LC_ALL || environment[category] || environment.LANG || 'C';
  if (name === 'C' || name === 'POSIX') return { language: 'en', encoding: ASCII };
  const parts = split(name);
  if (!isInstalled(parts)) return { language: 'en', encoding: ASCII };
  const { language, country, codeset, modifier } = parts;
  return {
    language: LANGUAGES[language] ?? language,
    ...(country !== '' && { country }),
    ...(SCRIPTS[modifier] !== undefined && { script: SCRIPTS[modifier] }),
    ...(VARIANTS[modifier] !== undefined && { variant: VARIANTS[modifier] }),
    encoding: CODESETS[codeset] ?? (codeset === '' ? 'ISO-8859-1' : codeset.toUpperCase()),
  };
}
