/** Every native method there is: the tables of the files beside this one, by class. */
import { natives as java_lang_Class } from './java/lang/Class.js';
import { natives as java_lang_Double } from './java/lang/Double.js';
import { natives as java_lang_Float } from './java/lang/Float.js';
import { natives as java_lang_NullPointerException } from './java/lang/NullPointerException.js';
import { natives as java_lang_ProcessEnvironment } from './java/lang/ProcessEnvironment.js';
import { natives as java_lang_SecurityManager } from './java/lang/SecurityManager.js';
import { natives as java_lang_StackTraceElement } from './java/lang/StackTraceElement.js';
import { natives as java_lang_String } from './java/lang/String.js';
import { natives as java_lang_StringUTF16 } from './java/lang/StringUTF16.js';
import { natives as java_lang_System } from './java/lang/System.js';
import { natives as java_lang_Throwable } from './java/lang/Throwable.js';
import { natives as java_lang_reflect_Array } from './java/lang/reflect/Array.js';
import { natives as java_lang_reflect_Executable } from './java/lang/reflect/Executable.js';
import { natives as java_lang_reflect_Field } from './java/lang/reflect/Field.js';
import { natives as java_security_AccessController } from './java/security/AccessController.js';
import { natives as java_util_TimeZone } from './java/util/TimeZone.js';
import { natives as java_util_concurrent_atomic_AtomicLong } from './java/util/concurrent/atomic/AtomicLong.js';
import { natives as jdk_internal_jimage_NativeImageBuffer } from './jdk/internal/jimage/NativeImageBuffer.js';
import { natives as jdk_internal_misc_ScopedMemoryAccess } from './jdk/internal/misc/ScopedMemoryAccess.js';
import { natives as jdk_internal_misc_Unsafe } from './jdk/internal/misc/Unsafe.js';
import { natives as jdk_internal_misc_unsafe_access } from './jdk/internal/misc/unsafe/access.js';
import { natives as jdk_internal_misc_unsafe_classes } from './jdk/internal/misc/unsafe/classes.js';
import { natives as jdk_internal_misc_unsafe_memory } from './jdk/internal/misc/unsafe/memory.js';
import { natives as jdk_internal_perf_Perf } from './jdk/internal/perf/Perf.js';
import { natives as jdk_internal_reflect_ConstantPool } from './jdk/internal/reflect/ConstantPool.js';
import { natives as jdk_internal_reflect_NativeConstructorAccessorImpl } from './jdk/internal/reflect/NativeConstructorAccessorImpl.js';
import { natives as jdk_internal_reflect_NativeMethodAccessorImpl } from './jdk/internal/reflect/NativeMethodAccessorImpl.js';
import { natives as jdk_internal_reflect_Reflection } from './jdk/internal/reflect/Reflection.js';
import { natives as jdk_internal_util_SystemProps_Raw } from './jdk/internal/util/SystemProps$Raw.js';
import { natives as jdk_internal_vm_VMSupport } from './jdk/internal/vm/VMSupport.js';
import { natives as jdk_internal_vm_vector_VectorSupport } from './jdk/internal/vm/vector/VectorSupport.js';
import type { NativeTables } from './registry.js';

/** Tables by internal class name. */
export const NATIVES: NativeTables = {
  'java/lang/Class': java_lang_Class,
  'java/lang/Double': java_lang_Double,
  'java/lang/Float': java_lang_Float,
  'java/lang/NullPointerException': java_lang_NullPointerException,
  'java/lang/ProcessEnvironment': java_lang_ProcessEnvironment,
  'java/lang/SecurityManager': java_lang_SecurityManager,
  'java/lang/StackTraceElement': java_lang_StackTraceElement,
  'java/lang/String': java_lang_String,
  'java/lang/StringUTF16': java_lang_StringUTF16,
  'java/lang/System': java_lang_System,
  'java/lang/Throwable': java_lang_Throwable,
  'java/lang/reflect/Array': java_lang_reflect_Array,
  'java/lang/reflect/Executable': java_lang_reflect_Executable,
  'java/lang/reflect/Field': java_lang_reflect_Field,
  'java/security/AccessController': java_security_AccessController,
  'java/util/TimeZone': java_util_TimeZone,
  'java/util/concurrent/atomic/AtomicLong': java_util_concurrent_atomic_AtomicLong,
  'jdk/internal/jimage/NativeImageBuffer': jdk_internal_jimage_NativeImageBuffer,
  'jdk/internal/misc/ScopedMemoryAccess': jdk_internal_misc_ScopedMemoryAccess,
  'jdk/internal/misc/Unsafe': jdk_internal_misc_Unsafe,
  'jdk/internal/misc/unsafe/access': jdk_internal_misc_unsafe_access,
  'jdk/internal/misc/unsafe/classes': jdk_internal_misc_unsafe_classes,
  'jdk/internal/misc/unsafe/memory': jdk_internal_misc_unsafe_memory,
  'jdk/internal/perf/Perf': jdk_internal_perf_Perf,
  'jdk/internal/reflect/ConstantPool': jdk_internal_reflect_ConstantPool,
  'jdk/internal/reflect/NativeConstructorAccessorImpl': jdk_internal_reflect_NativeConstructorAccessorImpl,
  'jdk/internal/reflect/NativeMethodAccessorImpl': jdk_internal_reflect_NativeMethodAccessorImpl,
  'jdk/internal/reflect/Reflection': jdk_internal_reflect_Reflection,
  'jdk/internal/util/SystemProps$Raw': jdk_internal_util_SystemProps_Raw,
  'jdk/internal/vm/VMSupport': jdk_internal_vm_VMSupport,
  'jdk/internal/vm/vector/VectorSupport': jdk_internal_vm_vector_VectorSupport,
};
