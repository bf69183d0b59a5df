/** The operating system, as the rest of Scotty sees it. Importing works on every platform; using needs `nativeSupport()`. */

export {
  commit,
  copyFrom,
  copyTo,
  decommit,
  type PageAccess,
  protect,
  type ReserveOptions,
  release,
  reserve,
  SharedImage,
  view,
} from './address-space.js';
export { CodeArena, DEFAULT_ARENA_CAPACITY, sharedArena } from './code-arena.js';
export { type CpuFeatures, cpuFeatures } from './cpu.js';
export { type EntryLayout, NativeEntry } from './entry.js';
export { type CodeRegion, FaultHandler, installFaultHandler, type RegionId } from './fault-handler.js';
export { HOST_PAGE_SIZE, SystemError } from './libc.js';
export { disablePerfMap, enablePerfMap, perfMapAdd, perfMapPath } from './perf-map.js';
export { PollEvent, pollDescriptors } from './poll.js';
export { type SignalFlags, signalFlags } from './signals.js';
export { makePipe } from './pipe.js';
export { type NativeSupport, nativeSupport, requireNativeSupport } from './support.js';
export {
  AT_CURRENT_FOLDER,
  AT_REMOVEDIR,
  AT_SYMLINK_NOFOLLOW,
  Advice,
  access,
  advise,
  changeLinkOwner,
  changeMode,
  changeModeOf,
  changeOwner,
  changeOwnerOf,
  duplicate,
  duplicateTo,
  type FileSystemSize,
  type FileTime,
  fileSystemSize,
  getAttribute,
  LockKind,
  link,
  listAttributes,
  lockRange,
  longestName,
  MapKind,
  makeFolder,
  makeNode,
  makePipeEnds,
  mapFile,
  openAt,
  readableBytes,
  readFolder,
  readLink,
  readVector,
  removeAttribute,
  renameAt,
  residentPages,
  Seek,
  StatBytes,
  seek,
  sendFile,
  setAttribute,
  setEcho,
  setNonBlocking,
  setTimes,
  setTimesOf,
  statAt,
  statOf,
  symbolicLink,
  synchronize,
  unlinkAt,
  writeVector,
} from './files.js';
