//go:build unix

package alert

import (
	"os/exec"
	"syscall"
)

// apart has a command in a process group of its own, which is ended as a whole when its
// time is over, and is not interrupted from our terminal.
func apart(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}
