#include "CRe2.h"

#include <re2/re2.h>

#include <cstdio>
#include <new>

struct cre2_pattern {
    RE2 expression;
};

cre2_pattern *cre2_compile(const char *text, size_t length, char *why, size_t capacity) {
    RE2::Options options;
    // What is wrong is the caller's to tell.
    options.set_log_errors(false);
    // Only whether there is a match is asked, not where.
    options.set_never_capture(true);
    // Bounds the compiled pattern and the automaton that is built while it matches; past that RE2 goes on without one,
    // slower, but still linear.
    options.set_max_mem(256 * 1024);
    auto *pattern = new (std::nothrow) cre2_pattern{RE2(re2::StringPiece(text, length), options)};
    if (pattern != nullptr && pattern->expression.ok()) return pattern;
    std::snprintf(why, capacity, "%s", pattern == nullptr ? "no memory" : pattern->expression.error().c_str());
    delete pattern;
    return nullptr;
}

bool cre2_is_found(const cre2_pattern *pattern, const char *text, size_t length) {
    return RE2::PartialMatch(re2::StringPiece(text, length), pattern->expression);
}

void cre2_free(cre2_pattern *pattern) { delete pattern; }
