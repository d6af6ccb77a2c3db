//go:build unix

package intercept

import "golang.org/x/sys/unix"

// descriptorLimit returns how many descriptors this process may have.
func descriptorLimit() (n int, ok bool) {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_NOFILE, &limit) != nil {
		return 0, false
	}
	return int(min(uint64(limit.Cur), 1<<30)), true
}
