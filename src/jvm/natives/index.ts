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
import { natives as java_net_AbstractPlainDatagramSocketImpl } from './java/net/AbstractPlainDatagramSocketImpl.js';
import { natives as java_net_AbstractPlainSocketImpl } from './java/net/AbstractPlainSocketImpl.js';
import { natives as java_net_DatagramPacket } from './java/net/DatagramPacket.js';
import { natives as java_net_Inet4Address } from './java/net/Inet4Address.js';
import { natives as java_net_Inet4AddressImpl } from './java/net/Inet4AddressImpl.js';
import { natives as java_net_Inet6Address } from './java/net/Inet6Address.js';
import { natives as java_net_Inet6AddressImpl } from './java/net/Inet6AddressImpl.js';
import { natives as java_net_InetAddress } from './java/net/InetAddress.js';
import { natives as java_net_InetAddressImplFactory } from './java/net/InetAddressImplFactory.js';
import { natives as java_net_NetworkInterface } from './java/net/NetworkInterface.js';
import { natives as java_net_SocketCleanable } from './java/net/SocketCleanable.js';
import { natives as java_nio_MappedMemoryUtils } from './java/nio/MappedMemoryUtils.js';
import { natives as java_security_AccessController } from './java/security/AccessController.js';
import { natives as java_util_concurrent_atomic_AtomicLong } from './java/util/concurrent/atomic/AtomicLong.js';
import { natives as java_util_prefs_FileSystemPreferences } from './java/util/prefs/FileSystemPreferences.js';
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
import { natives as jdk_net_LinuxSocketOptions } from './jdk/net/LinuxSocketOptions.js';
import type { NativeTables } from './registry.js';
import { natives as sun_management_GarbageCollectorImpl } from './sun/management/GarbageCollectorImpl.js';
import { natives as sun_management_MemoryImpl } from './sun/management/MemoryImpl.js';
import { natives as sun_management_MemoryManagerImpl } from './sun/management/MemoryManagerImpl.js';
import { natives as sun_management_ThreadImpl } from './sun/management/ThreadImpl.js';
import { natives as sun_management_VMManagementImpl } from './sun/management/VMManagementImpl.js';
import { natives as sun_net_dns_ResolverConfigurationImpl } from './sun/net/dns/ResolverConfigurationImpl.js';
import { natives as sun_net_PortConfig } from './sun/net/PortConfig.js';
import { natives as sun_net_spi_DefaultProxySelector } from './sun/net/spi/DefaultProxySelector.js';
import { natives as sun_nio_ch_DatagramChannelImpl } from './sun/nio/ch/DatagramChannelImpl.js';
import { natives as sun_nio_ch_DatagramDispatcher } from './sun/nio/ch/DatagramDispatcher.js';
import { natives as sun_nio_ch_EPoll } from './sun/nio/ch/EPoll.js';
import { natives as sun_nio_ch_EventFD } from './sun/nio/ch/EventFD.js';
import { natives as sun_nio_ch_FileChannelImpl } from './sun/nio/ch/FileChannelImpl.js';
import { natives as sun_nio_ch_FileDispatcherImpl } from './sun/nio/ch/FileDispatcherImpl.js';
import { natives as sun_nio_ch_FileKey } from './sun/nio/ch/FileKey.js';
import { natives as sun_nio_ch_InheritedChannel } from './sun/nio/ch/InheritedChannel.js';
import { natives as sun_nio_ch_IOUtil } from './sun/nio/ch/IOUtil.js';
import { natives as sun_nio_ch_multicast } from './sun/nio/ch/multicast.js';
import { natives as sun_nio_ch_NativeSocketAddress } from './sun/nio/ch/NativeSocketAddress.js';
import { natives as sun_nio_ch_NativeThread } from './sun/nio/ch/NativeThread.js';
import { natives as sun_nio_ch_Net } from './sun/nio/ch/Net.js';
import { natives as sun_nio_ch_PollSelectorImpl } from './sun/nio/ch/PollSelectorImpl.js';
import { natives as sun_nio_ch_SocketDispatcher } from './sun/nio/ch/SocketDispatcher.js';
import { natives as sun_nio_ch_UnixAsynchronousSocketChannelImpl } from './sun/nio/ch/UnixAsynchronousSocketChannelImpl.js';
import { natives as sun_nio_ch_UnixDomainSockets } from './sun/nio/ch/UnixDomainSockets.js';
import { natives as sun_nio_fs_LinuxNativeDispatcher } from './sun/nio/fs/LinuxNativeDispatcher.js';
import { natives as sun_nio_fs_LinuxWatchService } from './sun/nio/fs/LinuxWatchService.js';
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
  'java/net/AbstractPlainDatagramSocketImpl': java_net_AbstractPlainDatagramSocketImpl,
  'java/net/AbstractPlainSocketImpl': java_net_AbstractPlainSocketImpl,
  'java/net/DatagramPacket': java_net_DatagramPacket,
  'java/net/Inet4Address': java_net_Inet4Address,
  'java/net/Inet4AddressImpl': java_net_Inet4AddressImpl,
  'java/net/Inet6Address': java_net_Inet6Address,
  'java/net/Inet6AddressImpl': java_net_Inet6AddressImpl,
  'java/net/InetAddress': java_net_InetAddress,
  'java/net/InetAddressImplFactory': java_net_InetAddressImplFactory,
  'java/net/NetworkInterface': java_net_NetworkInterface,
  'java/net/SocketCleanable': java_net_SocketCleanable,
  'java/nio/MappedMemoryUtils': java_nio_MappedMemoryUtils,
  'java/security/AccessController': java_security_AccessController,
  'java/util/TimeZone': java_util_TimeZone,
  'java/util/concurrent/atomic/AtomicLong': java_util_concurrent_atomic_AtomicLong,
  'java/util/prefs/FileSystemPreferences': java_util_prefs_FileSystemPreferences,
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
  'jdk/net/LinuxSocketOptions': jdk_net_LinuxSocketOptions,
  'sun/management/GarbageCollectorImpl': sun_management_GarbageCollectorImpl,
  'sun/management/MemoryImpl': sun_management_MemoryImpl,
  'sun/management/MemoryManagerImpl': sun_management_MemoryManagerImpl,
  'sun/management/ThreadImpl': sun_management_ThreadImpl,
  'sun/management/VMManagementImpl': sun_management_VMManagementImpl,
  'sun/net/PortConfig': sun_net_PortConfig,
  'sun/net/dns/ResolverConfigurationImpl': sun_net_dns_ResolverConfigurationImpl,
  'sun/net/spi/DefaultProxySelector': sun_net_spi_DefaultProxySelector,
  'sun/nio/ch/DatagramChannelImpl': sun_nio_ch_DatagramChannelImpl,
  'sun/nio/ch/DatagramDispatcher': sun_nio_ch_DatagramDispatcher,
  'sun/nio/ch/EPoll': sun_nio_ch_EPoll,
  'sun/nio/ch/EventFD': sun_nio_ch_EventFD,
  'sun/nio/ch/FileChannelImpl': sun_nio_ch_FileChannelImpl,
  'sun/nio/ch/FileDispatcherImpl': sun_nio_ch_FileDispatcherImpl,
  'sun/nio/ch/FileKey': sun_nio_ch_FileKey,
  'sun/nio/ch/IOUtil': sun_nio_ch_IOUtil,
  'sun/nio/ch/InheritedChannel': sun_nio_ch_InheritedChannel,
  'sun/nio/ch/NativeSocketAddress': sun_nio_ch_NativeSocketAddress,
  'sun/nio/ch/NativeThread': sun_nio_ch_NativeThread,
  'sun/nio/ch/Net': sun_nio_ch_Net,
  'sun/nio/ch/PollSelectorImpl': sun_nio_ch_PollSelectorImpl,
  'sun/nio/ch/SocketDispatcher': sun_nio_ch_SocketDispatcher,
  'sun/nio/ch/UnixAsynchronousSocketChannelImpl': sun_nio_ch_UnixAsynchronousSocketChannelImpl,
  'sun/nio/ch/UnixDomainSockets': sun_nio_ch_UnixDomainSockets,
  'sun/nio/ch/multicast': sun_nio_ch_multicast,
  'sun/nio/fs/LinuxNativeDispatcher': sun_nio_fs_LinuxNativeDispatcher,
  'sun/nio/fs/LinuxWatchService': sun_nio_fs_LinuxWatchService,
  'sun/nio/fs/UnixCopyFile': sun_nio_fs_UnixCopyFile,
  'sun/nio/fs/UnixNativeDispatcher': sun_nio_fs_UnixNativeDispatcher,
};
