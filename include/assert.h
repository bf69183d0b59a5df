/* A failed assertion says where it is, and panics. NDEBUG takes them away. */
#undef assert
#ifdef NDEBUG
#define assert(condition) ((void)0)
#else
#define assert(condition) ((condition) ? (void)0 : scotty_assertion_failed(#condition, __FILE__, __LINE__))
#endif

#ifndef SCOTTY_ASSERT_H
#define SCOTTY_ASSERT_H
#define static_assert _Static_assert
_Noreturn void scotty_assertion_failed(const char *condition, const char *file, int line);
#endif
