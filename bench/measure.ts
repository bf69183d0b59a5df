/**
 * Measuring on a machine that is doing other things too.
 *
 * A ratio of two times taken minutes apart says as much about the machine as about the programs. So contenders take
 * turns, a short sample each, and ratios are made within a round, where both met the same machine; what is reported is
 * the median over the rounds, with the smallest and the largest beside it. The order turns round from one round to the
 * next, so that nobody always runs behind the same neighbour.
 */

let processorTime = false;

/** Has `now` count processor time of this process from now on: on a busy machine, what the guests themselves take. */
export function useProcessorTime(): void {
  processorTime = true;
}

/** Whether `now` counts processor time. */
export function usesProcessorTime(): boolean {
  return processorTime;
}

/** Milliseconds since some moment. */
export function now(): number {
  if (!processorTime) return performance.now();
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Samples and where they lie. */
export interface Summary {
  readonly samples: readonly number[];
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** Something that is measured in turns with others. */
export interface Contender {
  readonly name: string;
  /** Takes one sample: a cost, in a unit that all contenders of a comparison share. */
  sample(): number;
}

/** Something whose every sample is several costs, by name. */
export interface PhasedContender {
  readonly name: string;
  sample(): Readonly<Record<string, number | undefined>>;
}

/** Where samples lie. */
export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('no samples to summarize');
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  const median = sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] as number)) / 2;
  return { samples, min: sorted[0] as number, median, max: sorted[sorted.length - 1] as number };
}

/** The costs of contenders that took turns. */
export class Rounds {
  private readonly costs = new Map<string, number[]>();

  /**
   * Lets contenders take turns.
   *
   * @param warmUps rounds that are run first and thrown away
   */
  static run(contenders: readonly Contender[], count: number, warmUps: number): Rounds {
    return Rounds.take(contenders, count, warmUps, ({ name, sample }) => [[name, sample()]]);
  }

  /** The same with several costs a sample; each is called `CONTENDER.COST`. */
  static runPhases(contenders: readonly PhasedContender[], count: number, warmUps: number): Rounds {
    return Rounds.take(contenders, count, warmUps, ({ name, sample }) => {
      return Object.entries(sample()).flatMap(([phase, cost]) =>
        cost === undefined ? [] : [[`${name}.${phase}`, cost]],
      );
    });
  }

  private static take<C>(
    contenders: readonly C[],
    count: number,
    warmUps: number,
    sample: (contender: C) => (readonly [string, number])[],
  ): Rounds {
    const rounds = new Rounds();
    for (let round = -warmUps; round < count; round++) {
      const order = round % 2 === 0 ? contenders : [...contenders].reverse();
      for (const contender of order) {
        // Nobody pays for the garbage of the one before.
        globalThis.gc?.();
        for (const [name, cost] of sample(contender)) {
          if (round < 0) continue;
          const costs = rounds.costs.get(name);
          if (costs === undefined) rounds.costs.set(name, [cost]);
          else costs.push(cost);
        }
      }
    }
    return rounds;
  }

  /** Takes over the costs of contenders that took turns among themselves. */
  add(others: Rounds): void {
    for (const [name, costs] of others.costs) this.costs.set(name, costs);
  }

  has(name: string): boolean {
    return this.costs.has(name);
  }

  /** What a contender cost, round by round. */
  cost(name: string): readonly number[] {
    const costs = this.costs.get(name);
    if (costs === undefined) throw new RangeError(`no contender '${name}'`);
    return costs;
  }

  /** How many times what `name` cost `other` cost, round by round. */
  ratio(other: string, name: string): number[] {
    const own = this.cost(name);
    return this.cost(other).map((cost, round) => cost / (own[round] as number));
  }
}

/**
 * A count at which `run` takes about `milliseconds`: tried with more and more until the time can be trusted. Warms
 * `run` up on the way.
 */
export function calibrate(run: (count: number) => number, milliseconds: number, start = 1000): number {
  let count = start;
  for (;;) {
    const taken = run(count);
    if (taken >= milliseconds / 4) return Math.max(1, Math.round((count * milliseconds) / taken));
    // Not straight to the goal: the first runs are slow ones, before the engine's own compilers are done.
    count *= taken > milliseconds / 16 ? 2 : 4;
  }
}
