// What ThreadSanitizer must be told of Swift's Mutex (Linux). Where nobody waits, taking and giving it back is compiled into
// whoever does, and is watched. To wait for one, and to wake who waits, is the kernel's (FUTEX_LOCK_PI), asked by a library
// of the tool chain's that is not watched: that what its last holder did came before, no watcher could know.
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

void __tsan_acquire(void *address);
void __tsan_release(void *address);

// These stand before the library's own: Synchronization._MutexHandle._lockSlow(UInt32) and ._unlockSlow().
__attribute__((swiftcall)) void lock_slow(uint32_t caller, __attribute__((swift_context)) void *mutex) __asm__(LOCK);
__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) __asm__(UNLOCK);

__attribute__((swiftcall)) void lock_slow(uint32_t caller, __attribute__((swift_context)) void *mutex) {
  typedef __attribute__((swiftcall)) void Lock(uint32_t, __attribute__((swift_context)) void *);
  static Lock *original;
  if (!original) original = (Lock *)dlsym(RTLD_NEXT, LOCK);
  original(caller, mutex);
  __tsan_acquire(mutex);
}

__attribute__((swiftcall)) void unlock_slow(__attribute__((swift_context)) void *mutex) {
  typedef __attribute__((swiftcall)) void Unlock(__attribute__((swift_context)) void *);
  static Unlock *original;
  if (!original) original = (Unlock *)dlsym(RTLD_NEXT, UNLOCK);
  __tsan_release(mutex);
  original(mutex);
}
