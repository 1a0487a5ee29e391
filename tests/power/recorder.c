/* Records every write, sync and change of names below one folder, in the order in which they happened.
 *
 * Loaded before libc into each process (LD_PRELOAD). RECORD_ROOT is the folder, RECORD_LOG the log. A record is appended
 * by one writev, so the processes' records stand in one order. A write is recorded after it was done, a sync before and
 * after it: what stands before a sync's beginning is covered by it. With RECORD_STDOUT what the process says on standard
 * output is recorded before it is said.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES 65536
static uint64_t inode_of[FILES];   /* 0: not one of ours */
static char root[PATH_MAX];
static size_t root_length;
static struct stat root_itself;
static int log_fd = -1, says;

struct header { uint32_t op; uint32_t first, second, data; uint64_t inode, offset; };

static void record(char op, uint64_t inode, uint64_t offset, const char *first, const char *second, const void *data,
                   size_t size)
{
    if (log_fd < 0) return;
    int kept = errno;
    struct header head = {(uint32_t)op, first ? strlen(first) : 0, second ? strlen(second) : 0, size, inode, offset};
    struct iovec parts[4] = {{&head, sizeof head}, {(void *)first, head.first}, {(void *)second, head.second},
                             {(void *)data, size}};
    syscall(SYS_writev, log_fd, parts, 4);
    errno = kept;
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("RECORD_ROOT"), *log = getenv("RECORD_LOG");
    if (!path || !log || !realpath(path, root)) return;
    struct stat found;
    if (stat(root, &found)) return;
    root_length = strlen(root);
    root_itself = found;
    says = getenv("RECORD_STDOUT") != NULL;
    int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    log_fd = syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 1000);
    syscall(SYS_close, fd);
}

/* The path below the root, or NULL; symbolic links in the folders above are followed. */
static const char *below(int dir, const char *path, char *whole)
{
    char folder[PATH_MAX], made[PATH_MAX];
    if (log_fd < 0 || !path) return NULL;
    if (path[0] == '/') snprintf(made, sizeof made, "%s", path);
    else if (dir == AT_FDCWD) {
        if (!getcwd(folder, sizeof folder)) return NULL;
        if (snprintf(made, sizeof made, "%s/%s", folder, path) >= (int)sizeof made) return NULL;
    } else {
        char link[64];
        snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
        ssize_t length = readlink(link, folder, sizeof folder - 1);
        if (length < 0) return NULL;
        folder[length] = 0;
        if (snprintf(made, sizeof made, "%s/%s", folder, path) >= (int)sizeof made) return NULL;
    }
    char *last = strrchr(made, '/');
    char name[NAME_MAX + 1];
    snprintf(name, sizeof name, "%s", last + 1);
    *last = 0;
    if (!realpath(made[0] ? made : "/", folder)) return NULL;
    if (snprintf(whole, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX) return NULL;
    if (strncmp(whole, root, root_length) || whole[root_length] != '/') return NULL;
    return whole + root_length + 1;
}

static uint64_t inode(int fd)
{
    struct stat found;
    return fstat(fd, &found) ? 0 : found.st_ino;
}

static int is_the_root(int fd)
{
    struct stat found;
    return !fstat(fd, &found) && found.st_ino == root_itself.st_ino && found.st_dev == root_itself.st_dev;
}

static int open_any(int dir, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    const char *name = below(dir, path, whole);
    int existed = name && !faccessat(AT_FDCWD, whole, F_OK, AT_SYMLINK_NOFOLLOW);
    int fd = syscall(SYS_openat, dir, path, flags, mode);
    int is_root = fd >= 0 && !name && log_fd >= 0 && is_the_root(fd);
    if (fd >= 0 && fd < FILES) inode_of[fd] = 0;
    if (fd < 0 || fd >= FILES || (!name && !is_root)) return fd;
    inode_of[fd] = inode(fd);
    if (is_root) return fd;
    if (!existed) record('C', inode_of[fd], 0, name, NULL, NULL, 0);
    else if (flags & O_TRUNC) record('T', inode_of[fd], 0, NULL, NULL, NULL, 0);
    return fd;
}

#define OPEN(name, with_dir, ...) \
    int name(__VA_ARGS__ const char *path, int flags, ...) \
    { \
        va_list more; \
        va_start(more, flags); \
        mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0; \
        va_end(more); \
        return open_any(with_dir, path, flags, mode); \
    }
#define COMMA ,
OPEN(open, AT_FDCWD,)
OPEN(open64, AT_FDCWD,)
OPEN(openat, dir, int dir COMMA)
OPEN(openat64, dir, int dir COMMA)

int close(int fd)
{
    if (fd >= 0 && fd < FILES) inode_of[fd] = 0;
    if (fd >= 0 && fd == log_fd) return 0;
    return syscall(SYS_close, fd);
}

static int ours(int fd) { return fd >= 0 && fd < FILES && inode_of[fd]; }

ssize_t write(int fd, const void *data, size_t size)
{
    if (fd == 1 && says) record('A', 0, 0, NULL, NULL, data, size);
    ssize_t done = syscall(SYS_write, fd, data, size);
    if (done > 0 && ours(fd)) {
        off_t end = syscall(SYS_lseek, fd, 0, SEEK_CUR);
        record('W', inode_of[fd], end - done, NULL, NULL, data, done);
    }
    return done;
}

static ssize_t write_at(int fd, const void *data, size_t size, off_t offset)
{
    ssize_t done = syscall(SYS_pwrite64, fd, data, size, offset);
    if (done > 0 && ours(fd)) record('W', inode_of[fd], offset, NULL, NULL, data, done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset); }
ssize_t pwrite64(int fd, const void *data, size_t size, off_t offset) { return write_at(fd, data, size, offset); }

static int shorten(int fd, off_t size)
{
    int failed = syscall(SYS_ftruncate, fd, size);
    if (!failed && ours(fd)) record('T', inode_of[fd], size, NULL, NULL, NULL, 0);
    return failed;
}

int ftruncate(int fd, off_t size) { return shorten(fd, size); }
int ftruncate64(int fd, off_t size) { return shorten(fd, size); }

static int sync_one(int fd, long call)
{
    if (!ours(fd)) return syscall(call, fd);
    record('S', inode_of[fd], 0, NULL, NULL, NULL, 0);
    int failed = syscall(call, fd);
    if (!failed) record('E', inode_of[fd], 0, NULL, NULL, NULL, 0);
    return failed;
}

int fsync(int fd) { return sync_one(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_one(fd, SYS_fdatasync); }

static int rename_any(int from_dir, const char *from, int to_dir, const char *to, unsigned flags)
{
    char first[PATH_MAX], second[PATH_MAX];
    const char *old = below(from_dir, from, first), *new = below(to_dir, to, second);
    int failed = syscall(SYS_renameat2, from_dir, from, to_dir, to, flags);
    if (!failed && (old || new)) record('R', 0, 0, old ? old : "", new ? new : "", NULL, 0);
    return failed;
}

int rename(const char *from, const char *to) { return rename_any(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return rename_any(a, from, b, to, 0); }

static int unlink_any(int dir, const char *path, int flags)
{
    char whole[PATH_MAX];
    const char *name = below(dir, path, whole);
    int failed = syscall(SYS_unlinkat, dir, path, flags);
    if (!failed && name) record('U', 0, 0, name, NULL, NULL, 0);
    return failed;
}

int unlink(const char *path) { return unlink_any(AT_FDCWD, path, 0); }
int unlinkat(int dir, const char *path, int flags) { return unlink_any(dir, path, flags); }
int rmdir(const char *path) { return unlink_any(AT_FDCWD, path, AT_REMOVEDIR); }

static int mkdir_any(int dir, const char *path, mode_t mode)
{
    char whole[PATH_MAX];
    const char *name = below(dir, path, whole);
    int failed = syscall(SYS_mkdirat, dir, path, mode);
    struct stat found;
    if (!failed && name && !stat(whole, &found)) record('M', found.st_ino, 0, name, NULL, NULL, 0);
    return failed;
}

int mkdir(const char *path, mode_t mode) { return mkdir_any(AT_FDCWD, path, mode); }
int mkdirat(int dir, const char *path, mode_t mode) { return mkdir_any(dir, path, mode); }
