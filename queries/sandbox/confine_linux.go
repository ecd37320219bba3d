package sandbox

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"unsafe"

	"golang.org/x/sys/unix"
)

// confinedMark tells a worker that it has been started anew inside its confinement.
const confinedMark = "JICENG_WORKER_CONFINED=1"

const (
	politeness   = 19        // the most there is: pages come first on a busy machine
	addressSlack = 768 << 20 // address space beside DuckDB's memory: code, Go's arenas, thread stacks
	openFiles    = 64
)

// confine takes from the process what a worker never needs: writing files,
// opening others than the snapshot and the program itself, connecting to the
// network, dumping core. Landlock binds the thread that asks for it, so the
// process asks on one thread and then starts itself anew from there.
func confine(snapshot string) error {
	if os.Getenv("JICENG_WORKER_CONFINED") == "1" {
		return nil
	}
	runtime.LockOSThread()
	program, err := os.Executable()
	if err != nil {
		return fmt.Errorf("find the program: %w", err)
	}
	// Under memory pressure the kernel shall end a worker before anything else. It is no loss where it cannot be set.
	_ = os.WriteFile("/proc/self/oom_score_adj", []byte("1000"), 0)
	if err := unix.Setpriority(unix.PRIO_PROCESS, 0, politeness); err != nil {
		return fmt.Errorf("lower the priority: %w", err)
	}
	limits := map[int]uint64{unix.RLIMIT_FSIZE: 0, unix.RLIMIT_CORE: 0, unix.RLIMIT_NOFILE: openFiles}
	for resource, limit := range limits {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
			return fmt.Errorf("set resource limit %d: %w", resource, err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return fmt.Errorf("give up new privileges: %w", err)
	}
	if err := landlock(program, snapshot); err != nil {
		return err
	}
	err = unix.Exec(program, os.Args, append(os.Environ(), confinedMark))
	return fmt.Errorf("start anew: %w", err)
}

const (
	readFile = unix.LANDLOCK_ACCESS_FS_READ_FILE
	readDir  = unix.LANDLOCK_ACCESS_FS_READ_DIR
	execute  = unix.LANDLOCK_ACCESS_FS_EXECUTE
	// everyFileAccess is what the first version of Landlock can take away.
	everyFileAccess = 1<<13 - 1
)

// landlock leaves the thread nothing of the file system but reading the
// program, the system's libraries and the snapshot, and nothing of TCP. A
// kernel without Landlock leaves the other defences, which do not need it.
func landlock(program, snapshot string) error {
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 {
		return nil
	}
	rules := unix.LandlockRulesetAttr{Handled_access_fs: everyFileAccess}
	if version >= 2 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_REFER
	}
	if version >= 3 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_TRUNCATE
	}
	if version >= 4 {
		rules.Handled_access_net = unix.LANDLOCK_ACCESS_NET_BIND_TCP | unix.LANDLOCK_ACCESS_NET_CONNECT_TCP
	}
	if version >= 5 {
		rules.Handled_access_fs |= unix.LANDLOCK_ACCESS_FS_IOCTL_DEV
	}
	if version >= 6 {
		rules.Scoped = unix.LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET | unix.LANDLOCK_SCOPE_SIGNAL
	}
	ruleset, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, uintptr(unsafe.Pointer(&rules)), unsafe.Sizeof(rules), 0)
	if errno != 0 {
		return fmt.Errorf("make the file rules: %w", errno)
	}
	defer unix.Close(int(ruleset))
	allowed := []struct {
		path   string
		access uint64
	}{
		{program, readFile | execute},
		{snapshot, readFile},
		{"/lib", readFile | readDir | execute},
		{"/lib64", readFile | readDir | execute},
		{"/usr/lib", readFile | readDir | execute},
		{"/usr/lib64", readFile | readDir | execute},
		{"/etc/ld.so.cache", readFile},
		{"/proc/self", readFile | readDir},
		{"/sys/fs/cgroup", readFile | readDir}, // DuckDB asks there how much memory it may have
		{"/sys/devices/system/cpu/online", readFile},
		{"/dev/urandom", readFile},
	}
	for _, a := range allowed {
		if err := allow(int(ruleset), a.path, a.access); err != nil {
			return fmt.Errorf("allow reading %s: %w", a.path, err)
		}
	}
	if _, _, errno := unix.Syscall(unix.SYS_LANDLOCK_RESTRICT_SELF, ruleset, 0, 0); errno != 0 {
		return fmt.Errorf("put the file rules in force: %w", errno)
	}
	return nil
}

func allow(ruleset int, path string, access uint64) error {
	file, err := unix.Open(path, unix.O_PATH|unix.O_CLOEXEC, 0)
	if errors.Is(err, unix.ENOENT) {
		return nil
	}
	if err != nil {
		return err
	}
	defer unix.Close(file)
	rule := unix.LandlockPathBeneathAttr{Allowed_access: access, Parent_fd: int32(file)}
	_, _, errno := unix.Syscall6(unix.SYS_LANDLOCK_ADD_RULE, uintptr(ruleset), unix.LANDLOCK_RULE_PATH_BENEATH, uintptr(unsafe.Pointer(&rule)), 0, 0, 0)
	if errno != 0 {
		return errno
	}
	return nil
}

// limitMemory bounds the address space to what the process has now, DuckDB's
// memory and some slack, so that whatever DuckDB does not count ends the worker too.
func limitMemory(memoryMB int64) error {
	if memoryMB == 0 {
		return nil
	}
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return fmt.Errorf("measure the worker's memory: %w", err)
	}
	pages, err := strconv.ParseUint(strings.Fields(string(text))[0], 10, 64)
	if err != nil {
		return fmt.Errorf("measure the worker's memory: %w", err)
	}
	limit := pages*uint64(os.Getpagesize()) + uint64(memoryMB)<<20 + addressSlack
	if err := unix.Setrlimit(unix.RLIMIT_AS, &unix.Rlimit{Cur: limit, Max: limit}); err != nil {
		return fmt.Errorf("limit the worker's memory: %w", err)
	}
	return nil
}
