/**
 * Java from TypeScript: a jar's classes and the JDK's own, with functions of TypeScript as Java's interfaces.
 *
 *   npm run build
 *   node dist/examples/java/call-from-typescript.js
 */
import { fileURLToPath } from 'node:url';
import { JavaError, type JavaObject, Jvm } from '../../src/jvm/index.js';

// Built, this file is two folders deeper than the jar's.
const jar = fileURLToPath(new URL('../../../examples/java/examples.jar', import.meta.url));
const jvm = await Jvm.create({ classPath: jar, maxHeap: '64m' });

// A static method; strings and numbers are converted.
console.log(await jvm.call('Mandelbrot', 'draw', 48, 30));

// Objects, and a list of them.
const counts = await jvm.call<JavaObject>('Words', 'count', 'to be or not to be');
const first = await counts.call<JavaObject>('get', 0);
console.log(await first.call('word'), await first.call('times')); // be 2n

// A function as a Comparator, called by Java's own sort.
const names = await jvm.construct('java.util.ArrayList', ['Grace', 'Ada', 'Barbara']);
await names.call('sort', (a: string, b: string) => a.length - b.length);
console.log(await names.text()); // [Ada, Grace, Barbara]

// A promise suspends the Java thread that waits for it, and no other.
const fetched = await jvm.implement('java.util.function.Supplier', {
  get: async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    return 'fetched by Node';
  },
});
const future = await jvm.call<JavaObject>('java.util.concurrent.CompletableFuture', 'supplyAsync', fetched);
console.log(await future.call('get()'));

// Exceptions come with their stack trace.
try {
  await jvm.call('java.lang.Integer', 'parseInt', 'forty-two');
} catch (error) {
  if (!(error instanceof JavaError)) throw error;
  console.log(error.message); // java.lang.NumberFormatException: For input string: "forty-two"
}

// A program with a main method, to its exit code.
console.log('exit code', await jvm.run({ mainClass: 'Words', args: ['once', 'twice', 'twice'] }));
await jvm.dispose();
