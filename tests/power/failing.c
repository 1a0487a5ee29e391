/* A disk that fails: from a chosen moment on, writes and syncs of files below one folder answer with an error.
 *
 * Loaded before libc (LD_PRELOAD); FAIL_ROOT is the folder. The process itself says by `fail_from` when and how.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

static int error, left = -1, how_many, syncs_only;

/* After `calls` more of them, the next `times` calls fail with `number` (-1: all); with `only_syncs` writes succeed. */
void fail_from(int number, int calls, int times, int only_syncs)
{
    error = number;
    left = calls;
    how_many = times;
    syncs_only = only_syncs;
}

static int ours(int fd)
{
    char link[64], path[PATH_MAX];
    const char *root = getenv("FAIL_ROOT");
    if (left < 0 || !root) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return !strncmp(path, root, strlen(root)) && path[strlen(root)] == '/';
}

static int fails(int fd, int is_sync)
{
    if (left < 0 || (syncs_only && !is_sync) || !ours(fd)) return 0;
    if (left > 0) {
        left--;
        return 0;
    }
    if (how_many == 0) return 0;
    if (how_many > 0) how_many--;
    errno = error;
    return 1;
}

ssize_t write(int fd, const void *data, size_t size)
{
    return fails(fd, 0) ? -1 : syscall(SYS_write, fd, data, size);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    return fails(fd, 0) ? -1 : syscall(SYS_pwrite64, fd, data, size, offset);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    return pwrite64(fd, data, size, offset);
}

int ftruncate64(int fd, off64_t size)
{
    return fails(fd, 0) ? -1 : syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
    return ftruncate64(fd, size);
}

int fsync(int fd)
{
    return fails(fd, 1) ? -1 : syscall(SYS_fsync, fd);
}

int fdatasync(int fd)
{
    return fails(fd, 1) ? -1 : syscall(SYS_fdatasync, fd);
}
