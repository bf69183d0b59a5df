/**
 * The `-XX` flags. A few mean something here; many others of HotSpot's tune or observe machinery that Scotty has not,
 * or has in another form, so that a command line with them runs all the same: those are listed with their types, and
 * taken in silence. One that is not listed is reported and ignored, where `java` would refuse to start.
 */
import { initializationError, optionError, optionErrorOut } from './launch-error.js';
import { parseNumber } from './sizes.js';
import type { VmOptions } from './vm-options.js';

/** Limits of a thread's stack, in KiB: HotSpot's, for equal messages. */
const SMALLEST_STACK_KIB = 136;
const LARGEST_STACK_KIB = 1024 * 1024;

type Kind = 'bool' | 'number' | 'double' | 'string';

interface Flag {
  kind: Kind;
  /** Needs this flag before it. */
  unlock?: 'UnlockDiagnosticVMOptions' | 'UnlockExperimentalVMOptions';
  /** Smallest and largest value. */
  range?: readonly [number, number];
  /** What HotSpot calls the flag's type in a message on its range. */
  type?: string;
  apply?: (options: VmOptions, value: never, text: string) => void;
}

const on = (apply: (options: VmOptions, value: boolean) => void): Flag => ({ kind: 'bool', apply });

/** Flags with an effect. */
const EFFECTIVE: Readonly<Record<string, Flag>> = {
  MaxHeapSize: {
    kind: 'number',
    apply: (options, value: number) => {
      options.maxHeap = value;
    },
  },
  InitialHeapSize: {
    kind: 'number',
    apply: (options, value: number) => {
      options.initialHeap = value;
    },
  },
  NewSize: {
    kind: 'number',
    apply: (options, value: number) => {
      options.youngSize = value;
    },
  },
  MaxNewSize: {
    kind: 'number',
    apply: (options, value: number) => {
      options.youngSize = value;
    },
  },
  MaxRAMPercentage: {
    kind: 'double',
    range: [0, 100],
    type: 'double',
    apply: (options, value: number) => {
      options.maxHeapPercentage = value;
    },
  },
  ThreadStackSize: {
    kind: 'number',
    range: [0, LARGEST_STACK_KIB],
    type: 'intx',
    apply: (options, value: number) => setStackSize(options, value * 1024),
  },
  MaxJavaStackTraceDepth: {
    kind: 'number',
    range: [0, 2 ** 30 - 1],
    type: 'intx',
    apply: (options, value: number) => {
      options.maxStackTraceDepth = value;
    },
  },
  SoftRefLRUPolicyMSPerMB: {
    kind: 'number',
    range: [0, Number.MAX_SAFE_INTEGER],
    type: 'intx',
    apply: (options, value: number) => {
      options.softReferenceMillisPerMiB = value;
    },
  },
  StackTraceInThrowable: on((options, value) => {
    options.stackTraces = value;
  }),
  ShowCodeDetailsInExceptionMessages: on((options, value) => {
    options.codeDetails = value;
  }),
  DisableExplicitGC: on((options, value) => {
    options.explicitGc = !value;
  }),
  ExitOnOutOfMemoryError: on((options, value) => {
    options.exitOnOutOfMemory = value;
  }),
  BytecodeVerificationRemote: {
    kind: 'bool',
    unlock: 'UnlockDiagnosticVMOptions',
    apply: (options, value: boolean) => {
      if (!value) options.verify = 'none';
      else if (options.verify === 'none') options.verify = 'remote';
    },
  },
  BytecodeVerificationLocal: {
    kind: 'bool',
    unlock: 'UnlockDiagnosticVMOptions',
    apply: (options, value: boolean) => {
      if (value) options.verify = 'all';
      else if (options.verify === 'all') options.verify = 'remote';
    },
  },
};

const COLLECTORS = new Set(['UseSerialGC', 'UseParallelGC', 'UseG1GC', 'UseZGC', 'UseShenandoahGC', 'UseEpsilonGC']);

/** Flags of HotSpot that are taken without effect, by type. */
const HARMLESS: Readonly<Record<Kind, ReadonlySet<string>>> = {
  bool: new Set([
    ...COLLECTORS,
    ...words(`UnlockDiagnosticVMOptions UnlockExperimentalVMOptions IgnoreUnrecognizedVMOptions
      AlwaysPreTouch UseNUMA UseLargePages UseTransparentHugePages UseCompressedOops UseCompressedClassPointers
      UseStringDeduplication UseContainerSupport UseAdaptiveSizePolicy UseTLAB ResizeTLAB ParallelRefProcEnabled
      ClassUnloading ClassUnloadingWithConcurrentMark ExplicitGCInvokesConcurrent ScavengeBeforeFullGC
      UseGCOverheadLimit
      UseDynamicNumberOfGCThreads ShrinkHeapInSteps ZUncommit ZProactive
      TieredCompilation BackgroundCompilation UseCodeCacheFlushing SegmentedCodeCache UseOnStackReplacement
      UseJVMCICompiler EnableJVMCI DoEscapeAnalysis EliminateAllocations EliminateLocks Inline OptimizeStringConcat
      UseSuperWord UseLoopPredicate UseFMA UseSSE42Intrinsics UseAES UseAESIntrinsics UseSHA UseTypeProfile
      AggressiveUnboxing UseBiasedLocking UseCountedLoopSafepoints CICompilerCountPerCPU UseFastJNIAccessors
      UseInlineCaches RewriteBytecodes RewriteFrequentPairs UseInterpreter UseCompiler UseVectorizedMismatchIntrinsic
      HeapDumpOnOutOfMemoryError CrashOnOutOfMemoryError HeapDumpBeforeFullGC HeapDumpAfterFullGC
      OmitStackTraceInFastThrow UsePerfData PerfDisableSharedMem UseSignalChaining ReduceSignalUsage
      AllowUserSignalHandlers DisableAttachMechanism StartAttachListener EnableDynamicAgentLoading FlightRecorder
      ManagementServer
      UseSharedSpaces RecordDynamicDumpInfo DumpSharedSpaces RestrictContended EnableContended
      ShowMessageBoxOnError CreateCoredumpOnCrash SuppressFatalErrorMessage DebugNonSafepoints LogVMOutput
      LogCompilation UseThreadPriorities UseCriticalJavaThreadPriority PreserveFramePointer
      AllowRedefinitionToAddDeleteMethods
      RelaxAccessControlCheck RegisterFinalizersAtInit MaxFDLimit UseStringCache CompactStrings DisplayVMOutputToStderr
      DisplayVMOutputToStdout PrintWarnings UseVtableBasedCHA UseMaximumCompactionOnSystemGC
      ShowHiddenFrames EnableJVMCIProduct UseHeavyMonitors UseEmptySlotsInSupers`),
  ]),
  number: new Set(
    words(`MinHeapSize SoftMaxHeapSize NewRatio SurvivorRatio MaxTenuringThreshold InitialTenuringThreshold
      TargetSurvivorRatio PretenureSizeThreshold MetaspaceSize MaxMetaspaceSize MinMetaspaceFreeRatio
      MaxMetaspaceFreeRatio
      CompressedClassSpaceSize MaxDirectMemorySize MinHeapFreeRatio MaxHeapFreeRatio MaxRAM GCTimeRatio MaxGCPauseMillis
      GCPauseIntervalMillis ParallelGCThreads ConcGCThreads G1HeapRegionSize G1ReservePercent G1NewSizePercent
      G1MaxNewSizePercent InitiatingHeapOccupancyPercent G1MixedGCCountTarget G1HeapWastePercent
      G1MixedGCLiveThresholdPercent G1PeriodicGCInterval G1ConcRefinementThreads ZCollectionInterval
      ZAllocationSpikeTolerance GCHeapFreeLimit GCTimeLimit TLABSize MinTLABSize
      VMThreadStackSize CompilerThreadStackSize ReservedCodeCacheSize InitialCodeCacheSize NonNMethodCodeHeapSize
      ProfiledCodeHeapSize NonProfiledCodeHeapSize CICompilerCount CompileThreshold BackEdgeThreshold
      TieredStopAtLevel Tier3InvocationThreshold Tier4InvocationThreshold Tier3BackEdgeThreshold Tier4BackEdgeThreshold
      MaxInlineSize FreqInlineSize MaxInlineLevel InlineSmallCode LoopUnrollLimit UseSSE UseAVX
      ObjectAlignmentInBytes AutoBoxCacheMax StringTableSize SymbolTableSize ContendedPaddingWidth
      ActiveProcessorCount ThreadPriorityPolicy hashCode PerfDataSamplingInterval AllocatePrefetchStyle
      LargePageSizeInBytes ErrorLogTimeout GuaranteedSafepointInterval StackShadowPages StackYellowPages StackRedPages
      StackReservedPages BiasedLockingStartupDelay PerMethodRecompilationCutoff TypeProfileWidth`),
  ),
  double: new Set(words('InitialRAMPercentage MinRAMPercentage CompileThresholdScaling')),
  string: new Set(
    words(`HeapDumpPath ErrorFile OnError OnOutOfMemoryError NativeMemoryTracking PerfDataSaveFile SharedArchiveFile
      ArchiveClassesAtExit StartFlightRecording FlightRecorderOptions CompileCommand CompileCommandFile LogFile
      AOTLibrary AllocateHeapAt ShenandoahGCHeuristics ShenandoahGCMode JVMCILibPath`),
  ),
};

function words(text: string): string[] {
  return text.split(/\s+/);
}

/** Reading the flags of one command line. */
export class FlagReader {
  readonly #unlocked = new Set<string>();
  readonly #collectors = new Set<string>();

  /**
   * @param options what the flags change
   * @param warn takes a line about a flag that is ignored
   */
  constructor(
    private readonly options: VmOptions,
    private readonly warn: (text: string) => void,
  ) {}

  /**
   * Reads one flag.
   *
   * @param text what follows `-XX:`
   * @param ignoreUnknown whether a flag nobody knows is passed over in silence
   * @throws LaunchError when a known flag is given in a way it cannot be
   */
  read(text: string, ignoreUnknown: boolean): void {
    const [, sign, name, equals, value] = /^([+-]?)([^=]*)(=?)([\s\S]*)$/.exec(text)!;
    const flag = EFFECTIVE[name] ?? harmless(name);
    if (flag === undefined) {
      if (!ignoreUnknown) this.warn(`Ignoring option -XX:${text}; no such option is known`);
      return;
    }
    const shown = sign ? text.slice(1) : text;
    const improper = () => optionError(`Improperly specified VM option '${shown}'`);
    this.#checkUnlocked(name, flag);
    if (flag.kind === 'bool') {
      if (!sign) throw optionError(`Missing +/- setting for VM option '${shown}'`);
      if (equals) throw improper();
      this.#setBool(name, flag, sign === '+');
      return;
    }
    if (sign) throw optionError(`Unexpected +/- setting in VM option '${shown}'`);
    if (!equals) throw improper();
    if (flag.kind === 'string') {
      this.#apply(flag, value, text);
      return;
    }
    // The largest size has a message of its own.
    if (name === 'MaxHeapSize' && !parseNumber(value)) throw optionError(`Invalid maximum heap size: -XX:${text}`);
    const negative = flag.type === 'intx' && value.startsWith('-');
    const magnitude = flag.kind === 'double' ? parseDouble(value) : parseNumber(negative ? value.slice(1) : value);
    if (magnitude === undefined) throw improper();
    const number = negative ? -magnitude : magnitude;
    if (flag.range !== undefined && (number < flag.range[0] || number > flag.range[1])) {
      const digits = (n: number) => (flag.kind === 'double' ? n.toFixed(6) : String(n));
      const [low, high] = flag.range.map(digits);
      const message = `${flag.type} ${name}=${digits(number)} is outside the allowed range [ ${low} ... ${high} ]`;
      throw optionError(`${message}\nImproperly specified VM option '${shown}'`);
    }
    this.#apply(flag, number, text);
  }

  #checkUnlocked(name: string, { unlock }: Flag): void {
    if (unlock === undefined || this.#unlocked.has(unlock)) return;
    const kind = unlock === 'UnlockDiagnosticVMOptions' ? 'diagnostic' : 'experimental';
    throw optionError(
      `Error: VM option '${name}' is ${kind} and must be enabled via -XX:+${unlock}.\n` +
        `Error: The unlock option must precede '${name}'.`,
    );
  }

  #setBool(name: string, flag: Flag, value: boolean): void {
    if (name.startsWith('Unlock')) {
      if (value) this.#unlocked.add(name);
      else this.#unlocked.delete(name);
    }
    if (COLLECTORS.has(name)) {
      if (value) this.#collectors.add(name);
      else this.#collectors.delete(name);
    }
    this.#apply(flag, value, name);
  }

  #apply(flag: Flag, value: boolean | number | string, text: string): void {
    flag.apply?.(this.options, value as never, text);
  }

  /** Checks the flags against each other. */
  finish(): void {
    if (this.#collectors.size > 1) throw initializationError('Multiple garbage collectors selected');
  }
}

function harmless(name: string): Flag | undefined {
  for (const kind of ['bool', 'number', 'double', 'string'] as const) {
    if (HARMLESS[kind].has(name)) return { kind };
  }
  return undefined;
}

function parseDouble(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/**
 * Sets the size of a thread's stack; 0 stands for the usual one.
 *
 * @param bytes at most 1 GiB
 * @throws LaunchError when that is too little
 */
export function setStackSize(options: VmOptions, bytes: number): void {
  if (bytes !== 0 && bytes < SMALLEST_STACK_KIB * 1024) {
    throw optionErrorOut(
      `\nThe Java thread stack size specified is too small. Specify at least ${SMALLEST_STACK_KIB}k`,
    );
  }
  if (bytes === 0) delete options.stackSize;
  else options.stackSize = bytes;
}

/** Largest size of a thread's stack, in bytes. */
export const LARGEST_STACK = LARGEST_STACK_KIB * 1024;
