#include <git2.h>
#include <git2/sys/repository.h>

// Swift cannot call variadic C functions; each use of git_libgit2_opts has its own name here.

static inline int orchestrate_git_accept_extensions(char **names, size_t count) {
    return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, names, count);
}

static inline int orchestrate_git_verify_hashes_on_read(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, enabled);
}

static inline int orchestrate_git_limit_cache(long bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)bytes);
}
