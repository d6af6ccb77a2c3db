package risk

import (
	"slices"
	"strings"
)

// usual are capabilities that containers have if nobody says otherwise, and some more
// that do not lead out of one: see capabilities(7). All others are told, also those that
// are not known yet.
var usual = []string{
	"AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
	"BLOCK_SUSPEND", "IPC_LOCK", "IPC_OWNER", "LEASE", "NET_BROADCAST", "SYS_NICE", "SYS_RESOURCE", "SYS_TTY_CONFIG", "WAKE_ALARM",
}

// capabilities judges those that are added.
func (f *found) capabilities(at string, names []string) {
	for _, name := range names {
		if f.hidden(at, name) {
			continue
		}
		short := strings.TrimPrefix(strings.ToUpper(strings.TrimSpace(name)), "CAP_")
		if short != "" && !slices.Contains(usual, short) {
			f.add(CapAdd, at+" has "+short)
		}
	}
}
