//go:build linux

package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// screen is a terminal with a program on it.
type screen struct {
	t    testing.TB
	cmd  *exec.Cmd
	pty  *os.File
	out  syncBuffer // all that was ever shown
	done chan struct{}
}

// onScreen starts a program on a terminal of its own, whose foreground it is.
func onScreen(t testing.TB, name string, args ...string) *screen {
	t.Helper()
	s := &screen{t: t, cmd: exec.Command(name, args...), done: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), "TERM=xterm")
	var err error
	if s.pty, err = pty.StartWithSize(s.cmd, &pty.Winsize{Rows: 30, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	go func() {
		_, _ = io.Copy(&s.out, s.pty) // ends with an error when nobody has the terminal
		_ = s.cmd.Wait()
		close(s.done)
	}()
	t.Cleanup(func() {
		select {
		case <-s.done:
		default:
			_ = syscall.Kill(-s.cmd.Process.Pid, syscall.SIGKILL)
			<-s.done
		}
		s.pty.Close()
	})
	return s
}

// types waits for text on the screen, then types keys.
func (s *screen) types(after, keys string) {
	s.t.Helper()
	s.out.await(s.t, after)
	if _, err := io.WriteString(s.pty, keys); err != nil {
		s.t.Fatal(err)
	}
}

// end waits for the end of the program. Both outputs are on the screen.
func (s *screen) end() result {
	s.t.Helper()
	select {
	case <-s.done:
	case <-time.After(patience):
		s.t.Fatalf("%s does not end\n%q", s.cmd, tail(s.out.String()))
	}
	return result{out: s.out.String(), status: s.cmd.ProcessState.String()}
}

// dialogue is what runs in the container. It edits no lines, since the shell
// would draw its prompt again when the terminal gets its size, some time after
// the start. Its words are not in its command as they are on the screen.
const dialogue = `echo "<ask""ing>"; read x; echo "<$x>"; read x
until [ "$(stty size 2>/dev/null)" ]; do :; done; stty size; echo "<$x>"; exit 5`

// session plays the human before it.
func session(s *screen) result {
	s.types("<asking>\r\n", "something\r")
	s.types("<something>\r\n", "enough\r")
	return s.end()
}

// TestDockerTerminal runs "docker run -it" on a terminal. With the trace in a
// file the screen is the same; with both on one terminal no line of the trace
// is among those of the command.
func TestDockerTerminal(t *testing.T) {
	program := testedProgram(t)
	for _, docker := range dockers(t) {
		run := []string{docker.path, "run", "-it", "--rm", "--network", "none", testImage, "sh", "-c", dialogue}
		t.Run(docker.version+" with a file", func(t *testing.T) {
			t.Parallel()
			direct := session(onScreen(t, run[0], run[1:]...))
			file := filepath.Join(t.TempDir(), "trace.jsonl")
			traced := session(onScreen(t, program, append([]string{"run", "--show-secrets", "-f", "jsonl", "-o", file, "--"}, run...)...))
			checkAlike(t, direct, traced)
			check(t, "status", direct.status, "exit status 5")
			check(t, "size of the terminal", strings.Contains(direct.out, "30 100\r\n"), true)
			all := parseEvents(t, readFile(t, file))
			check(t, "output in the trace", all.text("terminal"), "<asking>\r\nsomething\r\n<something>\r\nenough\r\n30 100\r\n<enough>\r\n")
			check(t, "typed keys in the trace", all.text("stdin"), "something\renough\r")
			if codes := all.anomalies(); len(codes) > 0 {
				t.Errorf("anomalies: %q", codes)
			}
			all.operation(t, "ContainerResize")
		})
		for _, format := range []string{"text", "compact"} {
			t.Run(docker.version+" with "+format+" on the screen", func(t *testing.T) {
				t.Parallel()
				got := session(onScreen(t, program, append([]string{"run", "-f", format, "--color", "never", "--"}, run...)...))
				check(t, "status", got.status, "exit status 5")
				_, during, _ := strings.Cut(got.out, "<asking>\r\n")
				during, after, _ := strings.Cut(during, "<enough>\r\n")
				check(t, "the screen meanwhile", during, "something\r\n<something>\r\nenough\r\n30 100\r\n")
				for _, want := range []string{"ContainerAttach", "terminal", "ContainerWait", "\r\nsocktrace: ", " lines were held back while the command had the terminal (-o FILE shows them live)\r\n"} {
					if !strings.Contains(after, want) {
						t.Errorf("no %q behind it: %q", want, tail(after))
					}
				}
			})
		}
	}
}

// TestDockerEventsKey ends "docker events" by ^C: the terminal sends the
// interrupt to both, and the client gets it once.
func TestDockerEventsKey(t *testing.T) {
	program := testedProgram(t)
	for _, docker := range dockers(t) {
		t.Run(docker.version, func(t *testing.T) {
			t.Parallel()
			c := docker.container(t, "sleep", "1000")
			args := []string{docker.path, "events", "--filter", "container=" + c, "--format", "{{.Action}}"}
			interrupt := func(s *screen) result {
				await(t, "an event", func() bool {
					docker.must(t, "exec", c, "true")
					return strings.Contains(s.out.String(), "exec_die")
				})
				s.types("exec_die\r\n", "\x03")
				return s.end()
			}
			direct := interrupt(onScreen(t, args[0], args[1:]...))
			file := filepath.Join(t.TempDir(), "trace.jsonl")
			traced := interrupt(onScreen(t, program, append([]string{"run", "--show-secrets", "-f", "jsonl", "-o", file, "--"}, args...)...))
			check(t, "status", traced.status, direct.status)
			check(t, "status of the answer", parseEvents(t, readFile(t, file)).operation(t, "SystemEvents").Status, 200)
		})
	}
}
