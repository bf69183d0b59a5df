/**
 * The chart of the workloads: times of execution as multiples of native C's, drawn by Vega-Lite without a browser.
 */
import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** One bar. */
export interface Bar {
  readonly workload: string;
  readonly contender: string;
  readonly milliseconds: number;
}

/** Colours that stay apart in print and for most colour-blind eyes; ours is the strong one. */
const COLOURS = ['#8c8c8c', '#0072b2', '#e69f00', '#f0e442', '#56b4e9', '#cc79a7'];

/** Where bars begin, milliseconds: on a logarithmic scale there is no zero. */
const START = 0.01;

/** Draws bars in the order they come: a group a workload, a colour a contender. Answers SVG. */
export async function drawChart(bars: readonly Bar[]): Promise<string> {
  const contenders = [...new Set(bars.map(({ contender }) => contender))];
  const workloads = [...new Set(bars.map(({ workload }) => workload))];
  const spec: TopLevelSpec = {
    background: 'white',
    padding: 12,
    title: { text: 'Time to execute (milliseconds, logarithmic; shorter is better)', anchor: 'start', fontSize: 14 },
    data: { values: bars.map((bar) => ({ ...bar, label: label(bar.milliseconds) })) },
    width: 620,
    height: { step: 11 },
    layer: [
      { mark: { type: 'bar', tooltip: null }, encoding: { x2: { datum: START } } },
      {
        mark: { type: 'text', align: 'left', baseline: 'middle', dx: 3, fontSize: 8.5, color: '#333333' },
        encoding: { text: { field: 'label' }, color: { value: '#333333' } },
      },
    ],
    encoding: {
      y: { field: 'workload', type: 'nominal', sort: workloads, title: null, axis: { labelLimit: 400, ticks: false } },
      yOffset: { field: 'contender', type: 'nominal', sort: contenders },
      x: {
        field: 'milliseconds',
        type: 'quantitative',
        stack: null,
        scale: { type: 'log', domainMin: START, nice: false },
        title: null,
        axis: { format: '~g', grid: true, gridColor: '#e5e5e5', values: [0.01, 0.1, 1, 10, 100, 1000] },
      },
      color: {
        field: 'contender',
        type: 'nominal',
        scale: { domain: contenders, range: COLOURS.slice(0, contenders.length) },
        legend: { title: null, orient: 'top', columns: 3, labelLimit: 260 },
      },
    },
    config: { font: 'Helvetica, Arial, sans-serif', view: { stroke: null } },
  };
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

function label(milliseconds: number): string {
  return milliseconds < 1 ? milliseconds.toFixed(2) : milliseconds.toPrecision(3);
}
