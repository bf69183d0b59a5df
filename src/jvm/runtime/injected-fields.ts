/**
 * Fields the VM adds to classes of the library, for what it must find from an object of theirs.
 *
 * They are laid out like declared fields, after them, and are invisible to Java: reflection lists the class file's.
 */

/** Name and descriptor of an injected field. */
export type InjectedField = readonly [name: string, descriptor: string];

/** By internal class name. */
export const INJECTED_FIELDS: ReadonlyMap<string, readonly InjectedField[]> = new Map<string, readonly InjectedField[]>(
  [
    // Klass pointer of the class a mirror stands for.
    ['java/lang/Class', [['klass', 'I']]],
    // Index into `vm.loaders`, 0 as long as the VM has not met the loader (the boot loader, 0, has no object).
    ['java/lang/ClassLoader', [['vmLoader', 'I']]],
    // One more than the index of the module's `ModuleData`; 0: the VM has not met the module.
    ['java/lang/Module', [['vmModule', 'I']]],
    // Field offset, vtable index or -1.
    ['java/lang/invoke/MemberName', [['vmindex', 'I']]],
    // Method pointer, and the class that keeps it meaningful.
    [
      'java/lang/invoke/ResolvedMethodName',
      [
        ['vmtarget', 'I'],
        ['vmholder', 'Ljava/lang/Class;'],
      ],
    ],
    // Bytecode index and method pointer of a frame that a StackWalker has seen.
    [
      'java/lang/StackFrameInfo',
      [
        ['vmMethod', 'I'],
        ['vmVersion', 'I'],
      ],
    ],
  ],
);
