/**
 * The interpreter's own instruction set: what bytecode is decoded to.
 *
 * An instruction is an opcode word and its operands, in the arena. Locals are named by their distance from the frame
 * pointer, branch targets by the word index of the target, constants by value. Instructions that name a constant pool
 * entry start as `Resolve` and are overwritten (quickened) by the form that needs no pool once it is resolved, in
 * the same number of words.
 *
 * `W` moves one word (int, float, reference), `D` two (long, double). Words in brackets are the operands.
 */
export const enum Opcode {
  Nop = 0,
  /** [constant pool index, …]: resolve what the bytecode names, then execute again. */
  Resolve,
  /** First instruction of every method that has not been decoded. */
  Decode,
  /** Body of a native method, of an abstract one, of the VM's stub frames, and of a thread's first frame. */
  Native,
  AbstractError,
  Resume,
  ThreadExit,
  /** Locks the receiver or class; first instruction of a synchronized method. */
  EnterSynchronized,
  /** Body of a signature-polymorphic intrinsic that is reached by an ordinary call. */
  HandleIntrinsic,

  /** [value] [low, high] [word index of a root] */
  ConstW,
  ConstD,
  ConstRoot,
  /** [distance] */
  LoadW,
  LoadD,
  StoreW,
  StoreD,
  /** [distance, amount] */
  Iinc,

  ArrayLoadW,
  ArrayLoadD,
  ArrayLoadB,
  ArrayLoadC,
  ArrayLoadS,
  ArrayStoreW,
  ArrayStoreA,
  ArrayStoreD,
  ArrayStoreB,
  ArrayStoreS,
  ArrayLength,

  Pop,
  Pop2,
  Dup,
  DupX1,
  DupX2,
  Dup2,
  Dup2X1,
  Dup2X2,
  Swap,

  Iadd,
  Isub,
  Imul,
  Idiv,
  Irem,
  Ineg,
  Ishl,
  Ishr,
  Iushr,
  Iand,
  Ior,
  Ixor,
  Ladd,
  Lsub,
  Lmul,
  Ldiv,
  Lrem,
  Lneg,
  Lshl,
  Lshr,
  Lushr,
  Land,
  Lor,
  Lxor,
  Fadd,
  Fsub,
  Fmul,
  Fdiv,
  Frem,
  Fneg,
  Dadd,
  Dsub,
  Dmul,
  Ddiv,
  Drem,
  Dneg,
  I2l,
  I2f,
  I2d,
  L2i,
  L2f,
  L2d,
  F2i,
  F2l,
  F2d,
  D2i,
  D2l,
  D2f,
  I2b,
  I2c,
  I2s,
  Lcmp,
  Fcmpl,
  Fcmpg,
  Dcmpl,
  Dcmpg,

  /** [target]; the `Back` forms go backwards and count. */
  Goto,
  Ifeq,
  Ifne,
  Iflt,
  Ifge,
  Ifgt,
  Ifle,
  IfIcmpeq,
  IfIcmpne,
  IfIcmplt,
  IfIcmpge,
  IfIcmpgt,
  IfIcmple,
  GotoBack,
  IfeqBack,
  IfneBack,
  IfltBack,
  IfgeBack,
  IfgtBack,
  IfleBack,
  IfIcmpeqBack,
  IfIcmpneBack,
  IfIcmpltBack,
  IfIcmpgeBack,
  IfIcmpgtBack,
  IfIcmpleBack,
  /** [low, high, default, targets…] */
  TableSwitch,
  /** [pairs, default, (key, target)…], keys ascending */
  LookupSwitch,
  /** [target, word index of the next instruction] and [distance] */
  Jsr,
  Ret,

  /** [distance of local 0] */
  ReturnV,
  ReturnW,
  ReturnD,
  /** The same in synchronized methods: [distance of local 0, kind 0 V, 1 W, 2 D] */
  ReturnSynchronized,

  /** [distance in words, or in bytes for B, C and S] */
  GetFieldW,
  GetFieldD,
  GetFieldB,
  GetFieldC,
  GetFieldS,
  PutFieldW,
  PutFieldA,
  PutFieldD,
  PutFieldB,
  PutFieldZ,
  PutFieldS,
  /** [index in the view of that width] */
  GetStaticW,
  GetStaticD,
  GetStaticB,
  GetStaticC,
  GetStaticS,
  PutStaticW,
  PutStaticD,
  PutStaticB,
  PutStaticZ,
  PutStaticS,

  /** [method word index] */
  InvokeStatic,
  /** [method word index, distance of the receiver from the stack pointer] */
  InvokeSpecial,
  /** [word of the vtable entry relative to the klass, distance of the receiver] */
  InvokeVirtual,
  /** [method word index, distance of the receiver, klass and method word index of the last call] */
  InvokeInterface,
  /** [adapter's method word index, word index of the appendix's root or 0] */
  InvokeAdapter,
  /** [distance of the receiver] */
  InvokeBasic,
  /** [kind: 0 static, 1 special, 2 virtual, 3 interface; distance of the receiver] */
  LinkTo,

  /** [klass, bytes] */
  New,
  /** [klass, log2 of the element size] */
  NewArray,
  /** [klass, dimensions] */
  MultiNewArray,
  /** [klass, bytes]: as New, of a class whose instances are not allocated by the loop. */
  NewSlowly,
  /** [klass] */
  CheckCast,
  InstanceOf,
  MonitorEnter,
  MonitorExit,
  Throw,
  /** [intrinsic number, …]: a call to a method that the interpreter does itself. */
  Intrinsic,

  // Fused: what compilers of Java emit most, in one dispatch.
  /** [distance, distance] */
  LoadWLoadW,
  /** [distance, field distance in words] */
  LoadGetFieldW,
  /** [distance, value] */
  LoadWConstW,
  /** [distance, amount, target] */
  IincGoto,
  IincGotoBack,
  /** [distance, distance, target] */
  LoadLoadIfIcmplt,
  LoadLoadIfIcmpge,
  LoadLoadIfIcmpltBack,
  LoadLoadIfIcmpgeBack,
  /** [distance, distance] */
  LoadLoadIadd,
  /** [distance, value] */
  LoadConstIadd,
  /** [value] */
  ConstIadd,
  /** [distance, distance]: array, index */
  LoadLoadArrayLoadW,
  /** [distance, value, target] */
  LoadConstIfIcmpge,
  LoadConstIfIcmplt,
  LoadConstIfIcmpne,
  LoadConstIfIcmpeq,
  /** [distance, target] */
  LoadIfeq,
  LoadIfne,
  /** [distance of local 0, distance of the value] */
  LoadReturnW,
  LoadLoadArrayLoadD,
  LoadLoadArrayLoadB,
  LoadLoadArrayLoadC,
  /** [distance]: array */
  LoadArrayLength,
  /** [distance, distance] */
  LoadLoadIsub,
  LoadLoadImul,
  LoadLoadIand,
  LoadLoadIor,
  LoadLoadIxor,
  /** [distance]: the second operand */
  LoadIadd,
  LoadIsub,
  LoadImul,
  LoadIand,
  LoadIor,
  LoadIxor,
  /** [value]: the second operand */
  ConstImul,
  ConstIand,
  ConstIshl,
  ConstIshr,
  ConstIushr,
  /** [distance, value] */
  LoadConstImul,
  LoadConstIand,
  LoadConstIshl,
  LoadConstIshr,
  LoadConstIushr,
  /** [value, target] */
  ConstIfIcmpeq,
  ConstIfIcmpne,
  ConstIfIcmplt,
  ConstIfIcmpge,
  ConstIfIcmpgt,
  ConstIfIcmple,
  /** [distance, target] */
  LoadIfIcmpeq,
  LoadIfIcmpne,
  LoadIfIcmplt,
  LoadIfIcmpge,
  LoadIfIcmpgt,
  LoadIfIcmple,
  /** [distance, distance, target] */
  LoadLoadIfIcmpeq,
  LoadLoadIfIcmpne,
  LoadLoadIfIcmpgt,
  LoadLoadIfIcmple,
  /** [distance, value, target] */
  LoadConstIfIcmpgt,
  LoadConstIfIcmple,
  LoadConstIfIcmpltBack,
  /** [distance] */
  IaddStore,
  IsubStore,
  IxorStore,
  /** [distance, value] */
  ConstStore,
  /** [distance, distance of the value] */
  LoadStore,
  /** [distance] or [distance, distance] */
  LoadDadd,
  LoadDsub,
  LoadDmul,
  LoadLoadDadd,
  LoadLoadDsub,
  LoadLoadDmul,
  DaddStore,
  DsubStore,
  DmulStore,
  LoadDLoadD,
  LaddStore,
  LoadLadd,
  I2lLadd,
  /** As LoadGetFieldW. */
  LoadGetFieldD,

  Count,
}
