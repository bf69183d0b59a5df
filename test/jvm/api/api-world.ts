/**
 * What the tests of the Java API share: the compiled specimen, VMs that write into memory, and a way to see an error.
 */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { JavaError, Jvm, JvmError, type JvmErrorCode, type JvmOptions } from '../../../src/jvm/index.js';
import { compileJava, findJdk, type Jdk, ROOT } from '../jdk.js';

export const jdk = findJdk();
/** For `describe`: why there is nothing to test with, or false. */
export const skip = typeof jdk === 'string' ? jdk : false;

let folder: string | undefined;

/** Folder of the specimen's classes. */
export function classes(): string {
  if (typeof jdk === 'string') throw new Error(jdk);
  folder ??= compileJava(jdk, [{ name: 'api', files: [join(ROOT, 'test', 'jvm', 'api', 'Specimen.java')] }])[0]!;
  return folder;
}

/** A stream that keeps what is written to it. */
export class Collected extends Writable {
  private readonly chunks: Buffer[] = [];

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk);
    done();
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }
}

/** A VM with the specimen on its class path. */
export function createJvm(options: JvmOptions = {}): Promise<Jvm> {
  return Jvm.create({ classPath: classes(), javaHome: (jdk as Jdk).home, maxHeap: '128m', ...options });
}

/** The JvmError that a promise must reject with. */
export async function jvmError(promise: Promise<unknown>, code: JvmErrorCode): Promise<string> {
  const error = await failure(promise);
  assert.ok(error instanceof JvmError, String(error));
  assert.equal(error.code, code, error.message);
  return error.message;
}

/** The JavaError that a promise must reject with. */
export async function javaError(promise: Promise<unknown>, className: string): Promise<JavaError> {
  const error = await failure(promise);
  assert.ok(error instanceof JavaError, String(error));
  assert.equal(error.className, className);
  return error;
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new assert.AssertionError({ message: 'nothing was thrown' });
}
