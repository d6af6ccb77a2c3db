package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/socktrace/socktrace/decode"
	"github.com/socktrace/socktrace/intercept/strace"
)

// via is strace that runs, and what reads from it.
type via struct {
	trace   *trace
	program string
	in, out *os.File // the pipe that strace writes to
	read    chan error
	stats   strace.Stats // once read has told
	child   atomic.Int64 // the process that was seen first; 0: none so far
	tracer  atomic.Int64 // the process of strace that traces it
}

// runVia runs the command, or looks at processes, by strace.
func runVia(o *options, src source, s std, args []string) error {
	if err := o.checkVia(args); err != nil {
		return &failure{code: exitRun, err: err}
	}
	program, err := exec.LookPath("strace")
	if err != nil {
		return straceMissing()
	}
	if len(o.pids) > 0 {
		return attach(o, src, s, program)
	}
	path, err := exec.LookPath(args[0])
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return cannotRun(args[0], err)
	}
	apart, err := tryStrace(program)
	if err != nil {
		return &failure{code: exitRun, err: err, hint: ptraceHint()}
	}
	passed := notIgnored(passedOn) // before any is caught
	a := untilCommand(passed)
	t, err := newTrace(a.ctx, o, src, s)
	if err != nil {
		return &failure{code: exitRun, err: err}
	}
	defer t.close()
	t.runs(args)
	t.rest = o.restHint(t.out, "--har FILE records it")
	w := &warner{w: t.tell}
	if err := losesRights(path); err != nil {
		w.warn(err)
	}
	v, err := newVia(t, program)
	if err != nil {
		t.summary = false
		return &failure{code: exitRun, err: err}
	}
	t.out.share()
	ignoreBrokenPipe()
	end, err := v.run(&exec.Cmd{Args: args, Stdin: s.in, Stdout: s.out, Stderr: s.errFile}, a, apart)
	if err == nil {
		err = v.stats.ExecError
	}
	t.summary = t.summary && err == nil // else nothing happened
	if err == nil {
		v.sumUp(w, args[0])
	}
	return t.outcome(args[0], end, err)
}

// newVia makes the pipe, and reads from it until its end. The pipe is always read, so that
// strace, and with it what it traces, does not wait.
func newVia(t *trace, program string) (*via, error) {
	in, out, err := os.Pipe()
	if err != nil {
		return nil, fmt.Errorf("strace: %w", err)
	}
	v := &via{trace: t, program: program, in: in, out: out, read: make(chan error, 1)}
	o := strace.Options{Numbers: &t.numbers, Recognize: decode.Recognize, MaxHeld: t.room, Process: v.process, Path: socketPathOf}
	go func() {
		var err error
		v.stats, err = strace.Read(context.Background(), in, o, t.tap)
		in.Close()
		v.read <- err
	}()
	return v, nil
}

// process tells of which process a thread is. The first is that of the command.
func (v *via) process(tid int) (pid int, name string) {
	pid, name, tracer := threadStatus(tid)
	if v.child.CompareAndSwap(0, int64(tid)) {
		v.tracer.Store(int64(tracer))
	}
	return pid, name
}

// args returns what strace is called with. It opens the pipe itself: what it inherits,
// the command would too.
func (v *via) args() []string {
	return append([]string{"strace"}, straceArgs(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), v.out.Fd()))...)
}

// run runs cmd. If strace can stand apart, cmd is our own child, as it would be without
// strace; else strace is its parent, and takes no signal for itself.
func (v *via) run(cmd *exec.Cmd, a *asked, apart bool) (exit, error) {
	args := v.args()
	var command func() *os.Process
	if apart {
		args = append(args, "-D")
	} else {
		command = v.command
	}
	cmd.Path, cmd.Args = v.program, append(append(args, "--"), cmd.Args...)
	defer a.mustDo(v.letGo)()
	end, err := runChild(cmd, a, command)
	v.end()
	return end, err
}

// command returns the process that was seen first; nil if none was so far.
func (v *via) command() *os.Process {
	p, err := os.FindProcess(int(v.child.Load()))
	if err != nil || p.Pid <= 0 {
		return nil
	}
	return p
}

// letGo has strace that stands apart let go of what it traces, which goes on.
func (v *via) letGo() {
	if tracer := int(v.tracer.Load()); isStrace(tracer) {
		_ = syscall.Kill(tracer, syscall.SIGKILL) // it may have ended
	}
}

// end waits for what strace still has to tell. What the command has left behind in the
// background goes on without being traced.
func (v *via) end() {
	v.out.Close()
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case err := <-v.read:
		v.read <- err
		return
	case <-late.C:
	}
	v.letGo()
	_ = v.in.SetReadDeadline(time.Now().Add(grace))
	v.read <- <-v.read
}

// sumUp says what strace could not see.
func (v *via) sumUp(w *warner, what string) {
	v.failed(w)
	for _, remark := range v.stats.Remarks() {
		w.warn(fmt.Errorf("strace: %s", remark))
	}
	if v.stats.Connections == 0 {
		viaSilence(w, what, &v.stats)
	}
}

// failed says why reading has failed, if it has.
func (v *via) failed(w *warner) {
	if err := <-v.read; err != nil && !errors.Is(err, os.ErrDeadlineExceeded) && !errors.Is(err, strace.ErrNone) {
		w.warn(fmt.Errorf("strace: %w", err))
	}
}

// tryStrace reports why strace cannot trace, and whether it can stand apart: then the
// command is not its child, but ours.
func tryStrace(program string) (apart bool, err error) {
	for _, apart := range []bool{true, false} {
		args := append([]string{}, straceArgs(os.DevNull)...)
		if apart {
			args = append(args, "-D")
		}
		var out bytes.Buffer
		cmd := exec.Command(program, append(args, "--", program, "-V")...)
		cmd.Stderr = &out
		if e := cmd.Run(); e == nil {
			return apart, nil
		} else if err == nil {
			err = straceError(out.String(), e)
		}
	}
	return false, err
}

// straceError is what strace has said, or how it ended.
func straceError(said string, err error) error {
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(strings.TrimPrefix(line, "strace: ")); line != "" {
			return fmt.Errorf("strace: %s", line)
		}
	}
	return fmt.Errorf("strace: %w", err)
}

// attach looks at processes that run already, until they have ended or we are asked to.
func attach(o *options, src source, s std, program string) error {
	for _, pid := range o.pids {
		if _, err := os.Stat(fmt.Sprintf("/proc/%d", pid)); err != nil {
			return &failure{code: exitRun, err: fmt.Errorf("--pid %d: there is no such process", pid)}
		}
		if _, name, tracer := threadStatus(pid); tracer > 0 {
			return &failure{code: exitRun, err: fmt.Errorf("--pid %d: %s is traced already, by process %d", pid, name, tracer)}
		}
	}
	a := untilSignal()
	defer a.stop()
	ignoreBrokenPipe()
	t, err := newTrace(a.ctx, o, src, s)
	if err != nil {
		return &failure{code: exitRun, err: err}
	}
	defer t.close()
	t.rest = o.restHint(t.out, "--har FILE records it")
	go t.stopEarly(a.ctx, a.stop)
	w := &warner{w: t.tell}
	v, err := newVia(t, program)
	if err == nil {
		err = v.attach(a, w, o.pids)
	}
	if err != nil {
		t.summary = false
		t.close()
		f := &failure{code: exitRun, err: err}
		if !errors.Is(err, errEnded) {
			f.hint = ptraceHint()
		}
		return f
	}
	v.sumUp(w, processes(o.pids))
	if t.close(); t.incomplete() {
		return &failure{code: exitRun}
	}
	return nil
}

// processes names those of --pid.
func processes(pids []int) string {
	if len(pids) == 1 {
		return fmt.Sprintf("process %d", pids[0])
	}
	return fmt.Sprintf("%d processes", len(pids))
}

// errEnded says that a process had ended when strace came to it.
var errEnded = errors.New("it has ended")

// attach runs strace until it ends, or a asks, or we are killed. Then it lets go of the
// processes. Which of several it could not trace is warned of.
func (v *via) attach(a *asked, w *warner, pids []int) error {
	args := v.args()
	for _, pid := range pids {
		args = append(args, "-p", fmt.Sprint(pid))
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(a.ctx, v.program, args[1:]...)
	cmd.Stderr = &said
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setpgid:   true, // a terminal's signals are for us to pass on
		Pdeathsig: syscall.SIGTERM,
	}
	runtime.LockOSThread() // it is the thread whose death counts: prctl(2)
	defer runtime.UnlockOSThread()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGINT) }
	cmd.WaitDelay = endGrace
	err := cmd.Start()
	if err == nil {
		w.warn(fmt.Errorf("tracing %s by strace, until Ctrl-C", processes(pids)))
		// It would go on tracing until they say something.
		defer a.mustDo(func() { _ = cmd.Process.Kill() })()
		err = cmd.Wait()
	}
	v.end()
	refused := refusals(said.String())
	switch {
	case a.ctx.Err() == nil && err != nil && len(refused) > 0:
		return refused[0]
	case a.ctx.Err() == nil && err != nil:
		return straceError(said.String(), err)
	}
	for _, err := range refused {
		w.warn(err)
	}
	return nil
}

// refusals returns why strace could not trace some processes, of what it has said, as in
//
//	strace: attach: ptrace(PTRACE_SEIZE, 12): No such process
func refusals(said string) (all []error) {
	for line := range strings.Lines(said) {
		_, rest, ok := strings.Cut(line, "attach: ptrace(")
		_, rest, cut := strings.Cut(rest, ", ")
		pid, why, colon := strings.Cut(rest, "): ")
		if n, err := strconv.Atoi(pid); ok && cut && colon && err == nil {
			why = strings.ToLower(strings.TrimSpace(why))
			if err = errors.New(why); why == "no such process" {
				err = errEnded
			}
			all = append(all, fmt.Errorf("--pid %d: strace cannot trace it: %w", n, err))
		}
	}
	return all
}
