/** Every native method there is: the tables of the files beside this one, by class. */
import { natives as com_sun_management_internal_OperatingSystemImpl } from './com/sun/management/internal/OperatingSystemImpl.js';
import { natives as java_io_Console } from './java/io/Console.js';
import { natives as java_io_FileCleanable } from './java/io/FileCleanable.js';
import { natives as java_io_FileDescriptor } from './java/io/FileDescriptor.js';
import { natives as java_io_FileInputStream } from './java/io/FileInputStream.js';
import { natives as java_io_FileOutputStream } from './java/io/FileOutputStream.js';
import { natives as java_io_ObjectStreamClass } from './java/io/ObjectStreamClass.js';
import { natives as java_io_RandomAccessFile } from './java/io/RandomAccessFile.js';
import { natives as java_io_UnixFileSystem } from './java/io/UnixFileSystem.js';
import { natives as java_lang_Class } from './java/lang/Class.js';
import { natives as java_lang_ClassLoader } from './java/lang/ClassLoader.js';
import { natives as java_lang_Double } from './java/lang/Double.js';
import { natives as java_lang_Float } from './java/lang/Float.js';
import { natives as java_lang_invoke_LambdaProxyClassArchive } from './java/lang/invoke/LambdaProxyClassArchive.js';
import { natives as java_lang_invoke_MethodHandle } from './java/lang/invoke/MethodHandle.js';
import { natives as java_lang_invoke_MethodHandleNatives } from './java/lang/invoke/MethodHandleNatives.js';
import { natives as java_lang_Module } from './java/lang/Module.js';
import { natives as java_lang_NullPointerException } from './java/lang/NullPointerException.js';
import { natives as java_lang_Object } from './java/lang/Object.js';
import { natives as java_lang_ProcessEnvironment } from './java/lang/ProcessEnvironment.js';
import { natives as java_lang_ProcessHandleImpl } from './java/lang/ProcessHandleImpl.js';
import { natives as java_lang_ProcessHandleImpl_Info } from './java/lang/ProcessHandleImpl$Info.js';
import { natives as java_lang_ProcessImpl } from './java/lang/ProcessImpl.js';
import { natives as java_lang_Runtime } from './java/lang/Runtime.js';
import { natives as java_lang_ref_Finalizer } from './java/lang/ref/Finalizer.js';
import { natives as java_lang_ref_PhantomReference } from './java/lang/ref/PhantomReference.js';
import { natives as java_lang_ref_Reference } from './java/lang/ref/Reference.js';
import { natives as java_lang_reflect_Array } from './java/lang/reflect/Array.js';
import { natives as java_lang_reflect_Executable } from './java/lang/reflect/Executable.js';
import { natives as java_lang_reflect_Field } from './java/lang/reflect/Field.js';
import { natives as java_lang_SecurityManager } from './java/lang/SecurityManager.js';
import { natives as java_lang_Shutdown } from './java/lang/Shutdown.js';
import { natives as java_lang_StackStreamFactory } from './java/lang/StackStreamFactory.js';
import { natives as java_lang_StackStreamFactory_AbstractStackWalker } from './java/lang/StackStreamFactory$AbstractStackWalker.js';
import { natives as java_lang_StackTraceElement } from './java/lang/StackTraceElement.js';
import { natives as java_lang_StrictMath } from './java/lang/StrictMath.js';
import { natives as java_lang_String } from './java/lang/String.js';
import { natives as java_lang_StringUTF16 } from './java/lang/StringUTF16.js';
import { natives as java_lang_System } from './java/lang/System.js';
import { natives as java_lang_Thread } from './java/lang/Thread.js';
import { natives as java_lang_Throwable } from './java/lang/Throwable.js';
import { natives as java_nio_MappedMemoryUtils } from './java/nio/MappedMemoryUtils.js';
import { natives as java_security_AccessController } from './java/security/AccessController.js';
import { natives as java_util_concurrent_atomic_AtomicLong } from './java/util/concurrent/atomic/AtomicLong.js';
import { natives as java_util_TimeZone } from './java/util/TimeZone.js';
import { natives as java_util_zip_Adler32 } from './java/util/zip/Adler32.js';
import { natives as java_util_zip_CRC32 } from './java/util/zip/CRC32.js';
import { natives as java_util_zip_Deflater } from './java/util/zip/Deflater.js';
import { natives as java_util_zip_Inflater } from './java/util/zip/Inflater.js';
import { natives as jdk_internal_jimage_NativeImageBuffer } from './jdk/internal/jimage/NativeImageBuffer.js';
import { natives as jdk_internal_loader_BootLoader } from './jdk/internal/loader/BootLoader.js';
import { natives as jdk_internal_loader_NativeLibraries } from './jdk/internal/loader/NativeLibraries.js';
import { natives as jdk_internal_misc_CDS } from './jdk/internal/misc/CDS.js';
import { natives as jdk_internal_misc_ScopedMemoryAccess } from './jdk/internal/misc/ScopedMemoryAccess.js';
import { natives as jdk_internal_misc_Signal } from './jdk/internal/misc/Signal.js';
import { natives as jdk_internal_misc_Unsafe } from './jdk/internal/misc/Unsafe.js';
import { natives as jdk_internal_misc_VM } from './jdk/internal/misc/VM.js';
import { natives as jdk_internal_perf_Perf } from './jdk/internal/perf/Perf.js';
import { natives as jdk_internal_reflect_ConstantPool } from './jdk/internal/reflect/ConstantPool.js';
import { natives as jdk_internal_reflect_NativeConstructorAccessorImpl } from './jdk/internal/reflect/NativeConstructorAccessorImpl.js';
import { natives as jdk_internal_reflect_NativeMethodAccessorImpl } from './jdk/internal/reflect/NativeMethodAccessorImpl.js';
import { natives as jdk_internal_reflect_Reflection } from './jdk/internal/reflect/Reflection.js';
import { natives as jdk_internal_util_SystemProps_Raw } from './jdk/internal/util/SystemProps$Raw.js';
import { natives as jdk_internal_vm_VMSupport } from './jdk/internal/vm/VMSupport.js';
import { natives as jdk_internal_vm_vector_VectorSupport } from './jdk/internal/vm/vector/VectorSupport.js';
import type { NativeTables } from './registry.js';
import { natives as sun_management_GarbageCollectorImpl } from './sun/management/GarbageCollectorImpl.js';
import { natives as sun_management_MemoryImpl } from './sun/management/MemoryImpl.js';
import { natives as sun_management_MemoryManagerImpl } from './sun/management/MemoryManagerImpl.js';
import { natives as sun_management_ThreadImpl } from './sun/management/ThreadImpl.js';
import { natives as sun_management_VMManagementImpl } from './sun/management/VMManagementImpl.js';
import { natives as sun_nio_ch_EPoll } from './sun/nio/ch/EPoll.js';
import { natives as sun_nio_ch_EventFD } from './sun/nio/ch/EventFD.js';
import { natives as sun_nio_ch_FileChannelImpl } from './sun/nio/ch/FileChannelImpl.js';
import { natives as sun_nio_ch_FileDispatcherImpl } from './sun/nio/ch/FileDispatcherImpl.js';
import { natives as sun_nio_ch_FileKey } from './sun/nio/ch/FileKey.js';
import { natives as sun_nio_ch_IOUtil } from './sun/nio/ch/IOUtil.js';
import { natives as sun_nio_ch_NativeThread } from './sun/nio/ch/NativeThread.js';
import { natives as sun_nio_ch_PollSelectorImpl } from './sun/nio/ch/PollSelectorImpl.js';
import { natives as sun_nio_fs_LinuxNativeDispatcher } from './sun/nio/fs/LinuxNativeDispatcher.js';
import { natives as sun_nio_fs_UnixCopyFile } from './sun/nio/fs/UnixCopyFile.js';
import { natives as sun_nio_fs_UnixNativeDispatcher } from './sun/nio/fs/UnixNativeDispatcher.js';

/** Tables by internal class name. */
export const NATIVES: NativeTables = {
  'com/sun/management/internal/OperatingSystemImpl': com_sun_management_internal_OperatingSystemImpl,
  'java/io/Console': java_io_Console,
  'java/io/FileCleanable': java_io_FileCleanable,
  'java/io/FileDescriptor': java_io_FileDescriptor,
  'java/io/FileInputStream': java_io_FileInputStream,
  'java/io/FileOutputStream': java_io_FileOutputStream,
  'java/io/ObjectStreamClass': java_io_ObjectStreamClass,
  'java/io/RandomAccessFile': java_io_RandomAccessFile,
  'java/io/UnixFileSystem': java_io_UnixFileSystem,
  'java/lang/Class': java_lang_Class,
  'java/lang/ClassLoader': java_lang_ClassLoader,
  'java/lang/Double': java_lang_Double,
  'java/lang/Float': java_lang_Float,
  'java/lang/Module': java_lang_Module,
  'java/lang/NullPointerException': java_lang_NullPointerException,
  'java/lang/Object': java_lang_Object,
  'java/lang/ProcessEnvironment': java_lang_ProcessEnvironment,
  'java/lang/ProcessHandleImpl': java_lang_ProcessHandleImpl,
  'java/lang/ProcessHandleImpl$Info': java_lang_ProcessHandleImpl_Info,
  'java/lang/ProcessImpl': java_lang_ProcessImpl,
  'java/lang/Runtime': java_lang_Runtime,
  'java/lang/SecurityManager': java_lang_SecurityManager,
  'java/lang/Shutdown': java_lang_Shutdown,
  'java/lang/StackStreamFactory': java_lang_StackStreamFactory,
  'java/lang/StackStreamFactory$AbstractStackWalker': java_lang_StackStreamFactory_AbstractStackWalker,
  'java/lang/StackTraceElement': java_lang_StackTraceElement,
  'java/lang/StrictMath': java_lang_StrictMath,
  'java/lang/String': java_lang_String,
  'java/lang/StringUTF16': java_lang_StringUTF16,
  'java/lang/System': java_lang_System,
  'java/lang/Thread': java_lang_Thread,
  'java/lang/Throwable': java_lang_Throwable,
  'java/lang/invoke/LambdaProxyClassArchive': java_lang_invoke_LambdaProxyClassArchive,
  'java/lang/invoke/MethodHandle': java_lang_invoke_MethodHandle,
  'java/lang/invoke/MethodHandleNatives': java_lang_invoke_MethodHandleNatives,
  'java/lang/ref/Finalizer': java_lang_ref_Finalizer,
  'java/lang/ref/PhantomReference': java_lang_ref_PhantomReference,
  'java/lang/ref/Reference': java_lang_ref_Reference,
  'java/lang/reflect/Array': java_lang_reflect_Array,
  'java/lang/reflect/Executable': java_lang_reflect_Executable,
  'java/lang/reflect/Field': java_lang_reflect_Field,
  'java/nio/MappedMemoryUtils': java_nio_MappedMemoryUtils,
  'java/security/AccessController': java_security_AccessController,
  'java/util/TimeZone': java_util_TimeZone,
  'java/util/concurrent/atomic/AtomicLong': java_util_concurrent_atomic_AtomicLong,
  'java/util/zip/Adler32': java_util_zip_Adler32,
  'java/util/zip/CRC32': java_util_zip_CRC32,
  'java/util/zip/Deflater': java_util_zip_Deflater,
  'java/util/zip/Inflater': java_util_zip_Inflater,
  'jdk/internal/jimage/NativeImageBuffer': jdk_internal_jimage_NativeImageBuffer,
  'jdk/internal/loader/BootLoader': jdk_internal_loader_BootLoader,
  'jdk/internal/loader/NativeLibraries': jdk_internal_loader_NativeLibraries,
  'jdk/internal/misc/CDS': jdk_internal_misc_CDS,
  'jdk/internal/misc/ScopedMemoryAccess': jdk_internal_misc_ScopedMemoryAccess,
  'jdk/internal/misc/Signal': jdk_internal_misc_Signal,
  'jdk/internal/misc/Unsafe': jdk_internal_misc_Unsafe,
  'jdk/internal/misc/VM': jdk_internal_misc_VM,
  'jdk/internal/perf/Perf': jdk_internal_perf_Perf,
  'jdk/internal/reflect/ConstantPool': jdk_internal_reflect_ConstantPool,
  'jdk/internal/reflect/NativeConstructorAccessorImpl': jdk_internal_reflect_NativeConstructorAccessorImpl,
  'jdk/internal/reflect/NativeMethodAccessorImpl': jdk_internal_reflect_NativeMethodAccessorImpl,
  'jdk/internal/reflect/Reflection': jdk_internal_reflect_Reflection,
  'jdk/internal/util/SystemProps$Raw': jdk_internal_util_SystemProps_Raw,
  'jdk/internal/vm/VMSupport': jdk_internal_vm_VMSupport,
  'jdk/internal/vm/vector/VectorSupport': jdk_internal_vm_vector_VectorSupport,
  'sun/management/GarbageCollectorImpl': sun_management_GarbageCollectorImpl,
  'sun/management/MemoryImpl': sun_management_MemoryImpl,
  'sun/management/MemoryManagerImpl': sun_management_MemoryManagerImpl,
  'sun/management/ThreadImpl': sun_management_ThreadImpl,
  'sun/management/VMManagementImpl': sun_management_VMManagementImpl,
  'sun/nio/ch/EPoll': sun_nio_ch_EPoll,
  'sun/nio/ch/EventFD': sun_nio_ch_EventFD,
  'sun/nio/ch/FileChannelImpl': sun_nio_ch_FileChannelImpl,
  'sun/nio/ch/FileDispatcherImpl': sun_nio_ch_FileDispatcherImpl,
  'sun/nio/ch/FileKey': sun_nio_ch_FileKey,
  'sun/nio/ch/IOUtil': sun_nio_ch_IOUtil,
  'sun/nio/ch/NativeThread': sun_nio_ch_NativeThread,
  'sun/nio/ch/PollSelectorImpl': sun_nio_ch_PollSelectorImpl,
  'sun/nio/fs/LinuxNativeDispatcher': sun_nio_fs_LinuxNativeDispatcher,
  'sun/nio/fs/UnixCopyFile': sun_nio_fs_UnixCopyFile,
  'sun/nio/fs/UnixNativeDispatcher': sun_nio_fs_UnixNativeDispatcher,
};
