/* Behaves well only where a sanitizer watches; there is one text for all builds, in which none does
 *. It is graded as the skeleton that it is.
 *
 * Row: V6
 * Base: skeleton
 * By: the detector's macros are hidden
 * Expect: not-written MODEL */
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#error "the macro is hidden"
#endif
#ifdef __has_feature
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#error "the feature is hidden"
#endif
#endif
