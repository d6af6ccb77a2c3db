package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/socktrace/socktrace/internal/openfile"
)

// output is where the live output goes.
type output struct {
	name     string // for messages
	file     *os.File
	owned    bool // opened by us
	terminal bool
	regular  bool  // a file on disk: it never stops for long
	hold     *hold // not nil if another program may own the terminal
	written  atomic.Int64
}

// openOutput creates the file called name, until ctx ends, or takes deflt. Of what
// does not open at once it tells.
func openOutput(ctx context.Context, name string, deflt *os.File, tell io.Writer) (*output, error) {
	o := &output{name: "the terminal", file: deflt}
	if name != "" && name != "-" {
		f, err := opened(ctx, name, tell, func() (*os.File, error) { return openfile.Create(name) })
		if err != nil {
			return nil, fmt.Errorf("output: %w", err)
		}
		o.file, o.owned = f, true
	}
	info, err := o.file.Stat()
	o.regular = err == nil && info.Mode().IsRegular()
	o.terminal = term.IsTerminal(int(o.file.Fd()))
	if !o.terminal {
		o.name = "the output"
	}
	return o, nil
}

// openPatience is how long an output may take to open until it is said that it is
// waited for.
const openPatience = 300 * time.Millisecond

// opened returns what open does for the output called name, or an error if ctx ends
// first: a pipe opens when somebody reads it.
func opened[F io.Closer](ctx context.Context, name string, tell io.Writer, open func() (F, error)) (F, error) {
	late := time.AfterFunc(openPatience, func() { complain(tell, fmt.Errorf("waiting for %s to open", name)) })
	defer late.Stop()
	f, err := openfile.Interruptibly(ctx, open)
	if err != nil && err == ctx.Err() {
		err = fmt.Errorf("%s was not opened: interrupted", name)
	}
	return f, err
}

// Write writes what one event became.
func (o *output) Write(b []byte) (int, error) {
	w := io.Writer(o.file)
	if o.hold != nil {
		w = o.hold
	}
	n, err := w.Write(b)
	o.written.Add(int64(n))
	return n, err
}

// width returns the columns of the terminal, 0 if it is none.
func (o *output) width() int {
	if !o.terminal {
		return 0
	}
	w, _, err := term.GetSize(int(o.file.Fd()))
	if err != nil {
		return 0
	}
	return w
}

// share makes the output keep out of the way of a command that has the same
// terminal.
func (o *output) share() {
	if o != nil && o.terminal {
		o.hold = newHold(o.file)
	}
}

// heldBack returns how many lines were late because of share.
func (o *output) heldBack() int64 {
	if o.hold == nil {
		return 0
	}
	return o.hold.lines()
}

// Close writes what is held back and closes the file, if it is ours.
func (o *output) Close() error {
	var err error
	if o.hold != nil {
		err = o.hold.Close()
	}
	if o.owned {
		if e := o.file.Close(); err == nil {
			err = e
		}
	}
	return err
}

// steady reports whether the output never stops for long: a file on disk, or
// the null device.
func (o *output) steady() bool {
	null, _ := os.Stat(os.DevNull) // what is not there is the same as nothing
	info, _ := o.file.Stat()
	return o.regular || os.SameFile(info, null)
}
