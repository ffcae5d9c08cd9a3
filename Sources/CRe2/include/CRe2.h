#pragma once

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A compiled regular expression of RE2. It does not change: any number of threads may use it at once.
typedef struct cre2_pattern cre2_pattern;

/// Compiles a regular expression.
///
/// - why: gets what is wrong with it, cut to `capacity` bytes and ended by 0.
/// - Returns: NULL when it is none, or one that needs more memory than a pattern may have.
cre2_pattern *_Nullable cre2_compile(const char *_Nonnull text, size_t length, char *_Nonnull why, size_t capacity);

/// Whether the pattern is found anywhere in the text. Takes time that grows with the text's length and no faster.
bool cre2_is_found(const cre2_pattern *_Nonnull pattern, const char *_Nonnull text, size_t length);

void cre2_free(cre2_pattern *_Nonnull pattern);

#ifdef __cplusplus
}
#endif
